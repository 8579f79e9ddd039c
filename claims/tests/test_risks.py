"""Evidence at risk: found when a source changes, ended when it is over, answered by a person."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from claims import risks, workflow
from claims.anchoring import Standing, find_again
from claims.models import Evidence, Risk, Transition
from sources.links import seen
from sources.models import Link
from tests.forms import posted_by

from . import factories

pytestmark = pytest.mark.django_db
TEXT = "The ministry counted 412 schools in May. Nobody asked why."


def says(source, text):
    """Let the address of a source answer this text now."""
    snapshot = source.snapshots.filter(text=text).first() or factories.make_snapshot(
        text, source=source, final_url=source.url
    )
    seen(source, snapshot, timezone.now())
    return snapshot


@pytest.fixture
def reviewer():
    return factories.make_person("Alma", role="reviewer")


@pytest.fixture
def claim(reviewer):
    """A verdict that quotes a sentence of a page as it was captured."""
    return published(reviewer)


def published(reviewer, passage="The ministry counted 412 schools", source=None):
    source = source or factories.make_source()
    copy = says(source, TEXT)
    claim = factories.make_claim()
    factories.make_appearance(claim, snapshot=factories.make_snapshot())
    draft = factories.make_review(claim, author=reviewer)
    quoted = Evidence(
        review=draft, source=source, snapshot=copy, passage=passage, stance="supports",
        summary="It says so.",
    )  # fmt: skip
    quoted.full_clean()
    quoted.save()
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=factories.make_person(role="editor"))
    claim.refresh_from_db()
    return claim


def quoted_in(claim):
    return Evidence.objects.get(review__claim=claim, review__status="published")


def kinds(**fields):
    return sorted(Risk.objects.waiting().filter(**fields).values_list("kind", flat=True))


class TestFindingAgain:
    """How a passage stands in a later text."""

    @pytest.mark.parametrize(
        ("text", "standing", "words"),
        [
            (TEXT, Standing.SAME, "counted 412 schools"),
            ("In short: " + TEXT, Standing.MOVED, "counted 412 schools"),
            ("The ministry counted\n412  schools", Standing.MOVED, "counted\n412  schools"),
            ("The ministry counted 312 schools in May.", Standing.ALTERED, "counted 312 schools"),
            ("The ministry Counted 412 schools.", Standing.ALTERED, "Counted 412 schools"),
            ("The page is empty now.", Standing.GONE, None),
            ("", Standing.GONE, None),
        ],
    )
    def test_same_moved_altered_or_gone(self, text, standing, words):
        found = find_again(text, "counted 412 schools", start=13)
        assert (found[0], found[1] and found[1].exact) == (standing, words)

    def test_of_several_places_the_surroundings_decide(self):
        text = "Before: yes it is, here. Later: yes it is, there."
        found = find_again(text, "yes it is", start=0, prefix="Later: ", suffix=", there")
        assert found[1].start == text.rindex("yes")

    def test_where_surroundings_say_nothing_the_nearest_is_taken(self):
        found = find_again("yes ... yes ... yes", "yes", start=9)
        assert found == (Standing.MOVED, found[1])
        assert found[1].start == 8


def test_a_passage_that_stays_or_moves_is_no_risk(claim):
    says(quoted_in(claim).source, "News of the day. " + TEXT)
    assert kinds() == []


def test_an_altered_passage_puts_its_claim_at_risk_with_the_difference(claim):
    evidence = quoted_in(claim)
    copy = says(evidence.source, TEXT.replace("412", "312"))
    risk = Risk.objects.waiting().get()
    assert (risk.kind, risk.claim, risk.source) == ("altered", claim, evidence.source)
    assert (risk.now_says, risk.snapshot) == ("The ministry counted 312 schools", copy)
    changed = [(piece.text, piece.change) for piece in risk.pieces if piece.change != "same"]
    assert changed == [("412", "removed"), ("312", "added")]


def test_a_passage_that_is_gone(claim):
    says(quoted_in(claim).source, "We changed our mind about all of this.")
    assert kinds() == ["gone"]
    assert Risk.objects.get().pieces == []


def test_it_ends_when_the_words_are_back_and_begins_anew(claim):
    source = quoted_in(claim).source
    says(source, "Nothing.")
    says(source, TEXT)
    assert kinds() == []
    assert Risk.objects.get().ended_at is not None
    says(source, "Nothing.")
    assert kinds() == ["gone"]
    assert Risk.objects.count() == 2


def test_other_words_again_are_another_risk(claim):
    source = quoted_in(claim).source
    says(source, TEXT.replace("412", "312"))
    says(source, TEXT.replace("412", "212"))
    assert Risk.objects.waiting().get().now_says.endswith("212 schools")
    assert Risk.objects.current().count() == 1


def test_found_twice_it_is_recorded_once(claim):
    source = quoted_in(claim).source
    says(source, "Nothing.")
    risks.reconcile(source)
    risks.reconcile(source)
    assert Risk.objects.count() == 1


def test_only_verdicts_that_stand_are_at_risk(claim, reviewer):
    evidence = quoted_in(claim)
    says(evidence.source, "Nothing.")
    editor = factories.make_person(role="editor")
    workflow.retract(evidence.review, by=editor, note="We erred.")
    assert kinds() == []


def test_a_new_version_on_other_evidence_ends_the_risk(claim, reviewer):
    evidence = quoted_in(claim)
    says(evidence.source, "Nothing.")
    draft = workflow.revise(claim, by=reviewer, kind="update", note="The page changed.")
    draft.evidence.all().delete()
    factories.make_evidence(draft)
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=factories.make_person(role="editor"))
    assert kinds() == []


def test_a_verdict_published_after_the_page_changed_is_at_risk_at_once(reviewer):
    source = factories.make_source()
    copy = says(source, TEXT)
    assert copy.final_url
    says(source, "Nothing.")
    source.link.refresh_from_db()
    claim = factories.make_claim()
    factories.make_appearance(claim)
    draft = factories.make_review(claim, author=reviewer)
    factories.make_evidence(draft, source=source, snapshot=copy, passage="Nobody asked why")
    workflow.submit(draft, by=reviewer)
    assert kinds() == []
    factories.publish(draft, by=factories.make_person(role="editor"))
    assert kinds() == ["gone"]


def test_a_document_that_was_uploaded_may_say_more_than_its_page_ever_did(reviewer):
    source = factories.make_source()
    upload = factories.make_snapshot(TEXT, source=source)
    claim = factories.make_claim()
    factories.make_appearance(claim)
    draft = factories.make_review(claim, author=reviewer)
    factories.make_evidence(draft, source=source, snapshot=upload, passage="Nobody asked why")
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=factories.make_person(role="editor"))
    says(source, "Subscribe to read on.")
    assert kinds() == []
    says(source, "Nobody asked why, said a speaker.")
    says(source, "Subscribe to read more.")
    assert kinds() == ["gone"]


def test_a_dead_link_without_a_copy_is_a_loss_and_with_one_is_not(claim):
    with_copy = quoted_in(claim).source
    without = factories.make_published_claim()
    lost = Evidence.objects.get(review__claim=without).source
    for source in (with_copy, lost):
        Link.objects.update_or_create(
            source=source, defaults={"state": "gone", "failures": 3, "failed_at": timezone.now()}
        )
        risks.reconcile(source)
    assert [(risk.kind, risk.claim) for risk in Risk.objects.waiting()] == [("lost", without)]


def test_a_retracted_source_puts_all_that_lean_on_it_at_risk(client, claim):
    source = quoted_in(claim).source
    client.force_login(factories.make_person(role="editor"))
    page = reverse("admin:sources_source_change", args=[source.pk])
    said = posted_by(client.get(page), "source_form")
    client.post(page, said | {"retracted_on": "2026-11-02"})
    source.refresh_from_db()
    assert source.retracted_on == "2026-11-02"
    assert kinds() == ["retracted"]
    client.post(page, posted_by(client.get(page), "source_form") | {"retracted_on": ""})
    assert kinds() == []


def test_nothing_is_told_of_a_source_that_became_confidential(claim):
    source = quoted_in(claim).source
    says(source, "Nothing.")
    type(source).objects.filter(pk=source.pk).update(
        is_confidential=True, url="", access_note="A colleague of theirs."
    )
    source.refresh_from_db()
    risks.reconcile(source)
    assert kinds() == []


def test_the_passage_in_which_a_claim_was_made_counts_too():
    article = factories.make_source()
    copy = says(article, "The mayor said: taxes doubled. Then he left.")
    claim = factories.make_claim()
    appearance = factories.make_appearance(claim, snapshot=copy, exact="taxes doubled")
    says(article, "The mayor said: taxes rose. Then he left.")
    risk = Risk.objects.waiting().get()
    assert (risk.appearance, risk.claim, risk.source) == (appearance, claim, article)


class TestSettling:
    """A person answers why a verdict stands all the same."""

    @pytest.fixture
    def risk(self, claim):
        says(quoted_in(claim).source, "Nothing.")
        return Risk.objects.waiting().get()

    def test_the_answer_is_kept_and_the_queue_is_empty(self, claim, risk, reviewer):
        workflow.settle_risk(claim, by=reviewer, risk=risk, reason=" Our copy holds it. ")
        risk.refresh_from_db()
        assert (risk.answer, risk.settled_by) == ("Our copy holds it.", reviewer)
        assert kinds() == []
        assert Risk.objects.current().count() == 1
        step = Transition.objects.latest("pk")
        assert (step.verb, step.claim, step.by) == ("settle_risk", claim, reviewer)

    def test_it_holds_while_the_same_words_stand_there(self, claim, risk, reviewer):
        workflow.settle_risk(claim, by=reviewer, risk=risk, reason="Our copy holds it.")
        source = quoted_in(claim).source
        says(source, "Still nothing of it.")
        assert kinds() == []
        says(source, TEXT.replace("412", "312"))
        assert kinds() == ["altered"]

    def test_two_at_once(self, claim, risk, reviewer):
        workflow.settle_risk(claim, by=reviewer, risk=risk, reason="One.")
        with pytest.raises(ValidationError, match="Nothing waits"):
            workflow.settle_risk(claim, by=reviewer, risk=risk, reason="Two.")
        risk.refresh_from_db()
        assert risk.answer == "One."

    def test_of_another_claim(self, risk, reviewer):
        other = factories.make_published_claim()
        with pytest.raises(ValidationError, match="Nothing waits"):
            workflow.settle_risk(other, by=reviewer, risk=risk, reason="Mine.")

    def test_not_without_words_nor_without_the_role(self, claim, risk, reviewer):
        with pytest.raises(ValidationError, match="why it stands"):
            workflow.settle_risk(claim, by=reviewer, risk=risk, reason="  ")
        with pytest.raises(PermissionDenied):
            workflow.settle_risk(claim, by=factories.make_person(), risk=risk, reason="x")
        assert kinds() == ["gone"]

    def test_the_database_keeps_answers_whole(self, risk):
        for wrong in (
            {"answer": "x"},
            {"settled_at": timezone.now()},
            {"kind": "odd"},
            {"evidence": None},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Risk.objects.filter(pk=risk.pk).update(**wrong)
        risk.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            risk.save(force_insert=True)
