"""Revise, send back, retract; and who may be the second person."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from claims import workflow
from claims.models import Claim, Correction, Review

from . import factories


@pytest.fixture
def submitted(ratings, reviewer):
    """A review that waits for a second person."""
    review = factories.make_review(author=reviewer)
    workflow.submit(review, by=reviewer)
    return review


def revise(claim, by, **fields):
    return workflow.revise(
        claim, by=by, **{"kind": "correction", "note": "The year was wrong.", **fields}
    )


def test_a_new_version_begins_as_a_copy_with_its_evidence(published_claim, reviewer):
    first = published_claim.reviews.get()

    draft = revise(published_claim, reviewer)

    assert (draft.number, draft.status, draft.finding) == (2, "draft", first.finding)
    assert draft.evidence.get().source == first.evidence.get().source
    assert draft.evidence.get().pk != first.evidence.get().pk


def test_a_new_version_replaces_the_old_one_when_it_is_published(published_claim, reviewer, editor):
    draft = revise(published_claim, reviewer)
    workflow.submit(draft, by=reviewer)

    workflow.publish(draft, by=editor)

    stand = published_claim.reviews.order_by("number").values_list("number", "status")
    assert list(stand) == [(1, "superseded"), (2, "published")]
    assert Correction.objects.visible().get().note == "The year was wrong."


def test_the_note_is_not_public_before_the_new_version_is(published_claim, reviewer):
    revise(published_claim, reviewer)

    assert not Correction.objects.visible().exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"kind": "retraction"}, "kind"), ({"kind": "typo"}, "kind"), ({"note": " "}, "note")],
)
def test_a_new_version_needs_a_kind_and_a_note(published_claim, reviewer, fields, field):
    with pytest.raises(ValidationError) as refusal:
        revise(published_claim, reviewer, **fields)

    assert list(refusal.value.message_dict) == [field]
    assert published_claim.reviews.count() == 1


def test_a_claim_without_a_verdict_is_not_revised(reviewer):
    with pytest.raises(ValidationError, match="stands at “In review”"):
        revise(factories.make_claim(), reviewer)


def test_a_submitted_review_stands_still(submitted):
    submitted.finding = "Something else."

    with pytest.raises(ValidationError, match="second person reads this"):
        submitted.save()


def test_sending_back_returns_the_draft_to_its_author_with_the_reason(submitted, editor):
    workflow.send_back(submitted, by=editor, reason="Source 2 is a copy of source 1.")

    submitted.finding = "Something else."
    submitted.save()
    step = submitted.transitions.get(verb="send_back")
    assert (step.by, step.reason) == (editor, "Source 2 is a copy of source 1.")


def test_the_author_may_take_a_review_back(submitted, reviewer):
    workflow.send_back(submitted, by=reviewer, reason="I found a better source.")

    assert submitted.status == Review.Status.DRAFT


def test_sending_back_says_what_to_mend(submitted, editor):
    with pytest.raises(ValidationError, match="what is to be mended"):
        workflow.send_back(submitted, by=editor, reason="")


def test_an_approval_of_what_was_read_before_a_change_is_void(submitted, reviewer, editor):
    as_read = Review.objects.get(pk=submitted.pk)
    workflow.send_back(submitted, by=editor, reason="Mend the finding.")
    workflow.submit(submitted, by=reviewer)

    with pytest.raises(ValidationError, match="changed after you read it"):
        workflow.publish(as_read, by=editor)

    workflow.publish(Review.objects.get(pk=submitted.pk), by=editor)


def test_somebody_who_stepped_aside_does_not_publish(submitted, editor):
    workflow.recuse(submitted.claim, by=editor, reason="My cousin works there.")

    with pytest.raises(ValidationError, match="stepped aside"):
        workflow.publish(submitted, by=editor)


@pytest.mark.parametrize("party", ["speaker", "affiliation", "publisher"])
def test_a_declared_interest_that_names_a_party_must_be_answered(submitted, editor, party):
    if party == "publisher":
        source = factories.make_source(publisher=factories.make_publisher("Acme Daily"))
        snapshot = factories.make_snapshot(source=source)
        factories.make_appearance(submitted.claim, snapshot=snapshot)
    else:
        names = {"name": "Acme Daily"} if party == "speaker" else {"affiliation": "Acme Daily"}
        Claim.objects.update(speaker=factories.make_speaker(**names))
    editor.interests = "I wrote for ACME Daily until 2019."
    review = Review.objects.get(pk=submitted.pk)

    with pytest.raises(ValidationError, match="name Acme Daily"):
        factories.publish(review, by=editor)

    factories.publish(review, by=editor, interest_answer="Five years ago, no ties left.")
    assert review.transitions.get(verb="publish").reason == "Five years ago, no ties left."


def test_a_newsroom_of_one_may_switch_the_second_person_off(ratings, editor, settings):
    settings.SECOND_PERSON = False
    review = factories.make_review(author=editor)
    workflow.submit(review, by=editor)

    workflow.publish(review, by=editor)

    assert (review.approver, review.is_self_approved) == (editor, True)


def test_the_database_refuses_a_self_approval_that_does_not_say_so(ratings, editor, settings):
    settings.SECOND_PERSON = False
    review = factories.make_review(author=editor)
    workflow.submit(review, by=editor)
    workflow.publish(review, by=editor)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(is_self_approved=False)


def test_a_withdrawn_verdict_stays_with_its_note(published_claim, editor):
    review = published_claim.reviews.get()

    workflow.retract(review, by=editor, note="We misread the table.")

    assert (review.status, review.claim.status) == ("retracted", "retracted")
    correction = Correction.objects.visible().get()
    assert (correction.kind, correction.note) == ("retraction", "We misread the table.")


def test_a_verdict_is_not_withdrawn_without_a_note(published_claim, editor):
    with pytest.raises(ValidationError, match="Tell readers why"):
        workflow.retract(published_claim.reviews.get(), by=editor, note="")


def test_a_discarded_draft_frees_the_claim_and_its_number(published_claim, reviewer, editor):
    draft = revise(published_claim, reviewer)

    workflow.discard(draft, by=editor, reason="A misunderstanding.")

    assert not Review.objects.visible().filter(pk=draft.pk).exists()
    assert revise(published_claim, editor).number == draft.number == 2


def test_the_draft_of_a_colleague_is_discarded_only_by_who_may_publish(published_claim, reviewer):
    draft = revise(published_claim, reviewer)
    colleague = factories.make_person(role="reviewer")

    with pytest.raises(PermissionDenied):
        workflow.discard(draft, by=colleague, reason="I want it.")
    workflow.discard(draft, by=reviewer, reason="I have no time.")

    draft.refresh_from_db()
    assert draft.status == "discarded"


def test_a_wrong_verdict_is_withdrawn_at_once_though_a_new_version_is_written(
    published_claim, reviewer, editor
):
    draft = revise(published_claim, reviewer)

    workflow.retract(published_claim.reviews.published().get(), by=editor, note="Wrong.")

    published_claim.refresh_from_db()
    draft.refresh_from_db()
    assert (published_claim.status, draft.status) == ("retracted", "draft")
