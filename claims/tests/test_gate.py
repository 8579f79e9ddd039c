"""The gate: what a review must have before readers see it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims import gate, workflow
from claims.models import Appearance, Claim, ContactAttempt, Evidence, Override, Review, Transition
from claims.origins import origins

from . import factories


@pytest.fixture
def review(ratings, reviewer):
    """A submitted review that passes the gate, of a claim that somebody made."""
    claim = factories.make_claim(speaker=factories.make_speaker())
    review = factories.make_review(claim, author=reviewer, single_origin_reason="")
    for stance in ("supports", "refutes"):
        source = factories.make_source(publisher=factories.make_publisher())
        factories.make_evidence(review, source=source, stance=stance)
    workflow.submit(review, by=reviewer)
    return review


def open_lines(review):
    return [line.name for line in gate.checklist(review) if line.is_open]


def change(review, **fields):
    Review.objects.filter(pk=review.pk).update(**fields)
    review.refresh_from_db()


def without_passage(review):
    Appearance.objects.all().delete()


def with_a_passage_that_moved(review):
    Appearance.objects.update(start=1)


def with_words_that_the_copy_does_not_hold(review):
    snapshot = factories.make_snapshot("Taxes rose.", source=review.evidence.first().source)
    Evidence.objects.update(passage="Taxes fell.", snapshot=snapshot)


def with_a_foreign_passage(review):
    Evidence.objects.update(passage="Les impôts ont doublé.", passage_language="fr")


def with_one_origin(review):
    parent = factories.make_publisher()
    for found in review.evidence.all():
        found.source.publisher.part_of = parent
        found.source.publisher.save()


def with_one_side(review):
    Evidence.objects.filter(stance="refutes").update(stance="supports")
    change(review, found_no_refutation=False)


def with_an_unexplained_source(review):
    source = review.evidence.first().source
    source.access_note = " "
    source.save()


def without_contact(review):
    change(review, no_contact_reason="")


def without_a_selection_reason(review):
    Claim.objects.update(selection_reason=" ")


def with_an_empty_finding(review):
    change(review, finding="  ")


def with_a_rating_word(review):
    Claim.objects.update(text="It is mostly TRUE that taxes doubled.")


BROKEN = {
    without_passage: "passages",
    with_a_passage_that_moved: "passages",
    with_words_that_the_copy_does_not_hold: "passages",
    with_a_foreign_passage: "translations",
    with_one_origin: "two-origins",
    with_one_side: "both-sides",
    with_an_unexplained_source: "kept-copies",
    without_contact: "contact",
    without_a_selection_reason: "selection-reason",
    with_an_empty_finding: "finding",
    with_a_rating_word: "wording",
}


def test_a_review_that_has_everything_passes(review, editor):
    assert open_lines(review) == []

    factories.publish(review, by=editor)

    assert review.status == "published"


@pytest.mark.parametrize("break_it", BROKEN, ids=lambda each: each.__name__)
def test_a_review_that_misses_one_thing_is_refused_in_words_and_stays(review, editor, break_it):
    break_it(review)

    assert open_lines(review) == [BROKEN[break_it]]
    line = next(line for line in gate.checklist(review) if line.is_open)
    with pytest.raises(ValidationError) as refusal:
        factories.publish(review, by=editor)
    assert line.sentence in refusal.value.messages
    review.refresh_from_db()
    assert review.status == "submitted"


def test_a_verdict_that_search_engines_cannot_read_is_refused(review, ratings):
    Claim.objects.update(speaker=None)
    Appearance.objects.all().delete()

    assert "claim-review" in open_lines(review)


def test_one_origin_is_enough_when_readers_are_told_why(review):
    with_one_origin(review)

    change(review, single_origin_reason="Only the office keeps these figures.")

    assert open_lines(review) == []


def test_two_links_to_one_wire_story_are_one_origin(db):
    agency = factories.make_publisher("Agency")
    story = factories.make_source(publisher=agency)
    reprints = [
        factories.make_source(publisher=factories.make_publisher(), based_on=story),
        factories.make_source(publisher=factories.make_publisher("Agency, via", part_of=agency)),
        factories.make_source(
            based_on=factories.make_source(publisher=factories.make_publisher(), based_on=story)
        ),
    ]

    assert len(origins([story, *reprints])) == 1
    assert len(origins([*reprints, factories.make_source(), factories.make_source()])) == 3


def test_sources_that_rest_on_each_other_in_a_circle_have_an_origin_all_the_same(db):
    publisher, other = factories.make_publisher(), factories.make_publisher()
    source = factories.make_source(publisher=publisher)
    source.based_on = factories.make_source(publisher=other, based_on=source)
    source.save()
    for one, another in ((publisher, other), (other, publisher)):
        one.part_of = another
        one.save()

    assert len(origins([source])) == 1


def test_context_alone_decides_nothing(review):
    Evidence.objects.filter(stance="refutes").update(stance="context")
    change(review, found_no_refutation=True)

    assert open_lines(review) == ["two-origins"]


def test_a_claimant_who_was_asked_needs_no_reason(review):
    without_contact(review)

    factories.make_contact_attempt(review.claim)

    assert open_lines(review) == []


@pytest.mark.parametrize("kind", ["opinion", "goal"])
def test_an_opinion_or_a_goal_needs_only_what_applies_to_it(review, kind):
    Evidence.objects.all().delete()
    without_contact(review)
    change(review, found_no_support=False, found_no_refutation=False)
    assert set(open_lines(review)) == {"two-origins", "both-sides", "contact"}

    Claim.objects.update(kind=kind)

    assert open_lines(review) == []


def test_an_editor_lets_a_line_pass_with_a_reason_that_readers_see(client, review, editor):
    without_a_selection_reason(review)

    workflow.override(review, by=editor, line="selection-reason", reason="Asked by a court.")
    factories.publish(review, by=editor)

    assert Transition.objects.get(verb="override").reason == "selection-reason: Asked by a court."
    html = client.get(f"/claims/{review.claim_id}/").content.decode()
    assert "Asked by a court." in html


def test_a_reviewer_lets_nothing_pass(review, reviewer):
    without_contact(review)

    with pytest.raises(PermissionDenied):
        workflow.override(review, by=reviewer, line="contact", reason="No time.")

    assert not Override.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason", "sentence"),
    [
        ("contact", " ", "Tell readers why"),
        ("passages", "They stand there.", "Choose a line that holds"),
        ("nonsense", "A reason.", "Choose a line that holds"),
    ],
)
def test_only_a_line_that_holds_the_review_up_is_let_pass(review, editor, line, reason, sentence):
    without_contact(review)

    with pytest.raises(ValidationError, match=sentence):
        workflow.override(review, by=editor, line=line, reason=reason)

    assert open_lines(review) == ["contact"]


def test_a_line_let_pass_for_one_version_holds_up_the_next(review, reviewer, editor):
    without_contact(review)
    workflow.override(review, by=editor, line="contact", reason="The speaker is in hiding.")
    factories.publish(review, by=editor)

    draft = workflow.revise(review.claim, by=reviewer, kind="update", note="New figures.")

    assert open_lines(draft) == ["contact"]


def test_readers_see_who_was_asked_and_what_was_not_found(client, review, editor):
    factories.make_contact_attempt(
        review.claim, asked="Ann’s office", how="by mail", answer="No comment.",
        answered_on=timezone.now().date(),
    )  # fmt: skip
    factories.publish(review, by=editor)

    html = client.get(f"/claims/{review.claim_id}/").content.decode()

    for words in ("Ann’s office", "by mail", "No comment."):
        assert words in html


def test_the_contact_log_of_a_claim_in_review_is_not_shown(client, review):
    factories.make_contact_attempt(review.claim, asked="Ann’s office")

    assert "Ann’s office" not in client.get(f"/claims/{review.claim_id}/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "No."},
        {"answered_on": "2026-01-02"},
        {"asked_on": "2026-01-02", "deadline_on": "2026-01-01"},
    ],
)
def test_the_database_refuses_a_contact_that_cannot_be(review, fields):
    fields = {"asked_on": "2026-01-01"} | fields

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_contact_attempt(review.claim, **fields)

    assert not ContactAttempt.objects.exists()
