"""The verbs: who may move what, from where, and what is recorded."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from claims import moves, second_person, workflow
from claims.models import Claim, Review, Transition
from claims.moves import ALLOWED, PERMISSIONS
from claims.steps import STEPS

from . import factories


def test_accepting_a_claim_makes_it_visible(reviewer):
    claim = factories.make_claim(status=Claim.Status.NEW)

    workflow.accept(claim, by=reviewer)

    assert claim.status == Claim.Status.IN_REVIEW
    assert list(Claim.objects.visible()) == [claim]


def test_a_claim_is_accepted_once(reviewer, editor):
    claim = factories.make_claim(status=Claim.Status.NEW)
    workflow.accept(claim, by=reviewer)

    with pytest.raises(ValidationError, match="stands at “In review”"):
        workflow.accept(claim, by=editor)

    assert Transition.objects.count() == 1


def test_starting_a_review_makes_a_draft_by_the_one_who_starts(reviewer):
    claim = factories.make_claim()

    review = workflow.start(claim, by=reviewer)

    assert (review.status, review.author, review.number) == (Review.Status.DRAFT, reviewer, 1)


def test_a_claim_has_one_open_review_at_a_time(reviewer, editor):
    claim = factories.make_claim()
    workflow.start(claim, by=reviewer)

    with pytest.raises(ValidationError, match="open review already"):
        workflow.start(claim, by=editor)


def test_a_row_that_changed_between_the_look_and_the_move_stays_where_it_is(ratings, reviewer):
    review = factories.make_review(author=reviewer)
    workflow.submit(review, by=reviewer)

    with pytest.raises(ValidationError, match="Reload to see who moved it"):
        moves.move("send_back", review, where={"revision": review.revision + 1})

    assert Review.objects.get().status == Review.Status.SUBMITTED


def test_a_review_of_a_new_claim_cannot_start(reviewer):
    with pytest.raises(ValidationError, match="stands at “New, not public”"):
        workflow.start(factories.make_claim(status=Claim.Status.NEW), by=reviewer)


def test_only_the_author_submits(ratings, reviewer, editor):
    review = factories.make_review(author=reviewer)

    with pytest.raises(ValidationError, match="Only Rita Reviewer"):
        workflow.submit(review, by=editor)


@pytest.mark.parametrize("field", ["rating", "finding", "rationale"])
def test_an_incomplete_draft_is_not_submitted(ratings, reviewer, field):
    review = factories.make_review(author=reviewer)
    Review.objects.update(**{field: None if field == "rating" else ""})

    with pytest.raises(ValidationError) as refusal:
        workflow.submit(review, by=reviewer)

    assert list(refusal.value.message_dict) == [field]
    review.refresh_from_db()
    assert review.status == Review.Status.DRAFT


def test_publishing_sets_names_moment_and_both_states(ratings, reviewer, editor):
    review = factories.make_review(author=reviewer)
    workflow.submit(review, by=reviewer)

    workflow.publish(review, by=editor)

    assert (review.status, review.approver) == (Review.Status.PUBLISHED, editor)
    assert review.claim.status == Claim.Status.PUBLISHED
    assert review.claim.listed_at == review.published_at


@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_author_cannot_publish_own_review(who, ratings, request):
    author = request.getfixturevalue(who)
    review = factories.make_review(author=author)
    workflow.submit(review, by=author)

    with pytest.raises(ValidationError, match="other than the author"):
        workflow.publish(review, by=author)

    review.refresh_from_db()
    assert review.status == Review.Status.SUBMITTED


def test_who_changed_a_colleagues_draft_cannot_publish_it(ratings, reviewer, editor):
    review = factories.make_review(author=reviewer)
    second_person.remember_contributor(review, editor)
    workflow.submit(review, by=reviewer)

    with pytest.raises(ValidationError, match="You changed this review yourself"):
        workflow.publish(review, by=editor)

    review.refresh_from_db()
    assert review.status == Review.Status.SUBMITTED


def test_the_database_refuses_an_approver_who_is_the_author(published_claim):
    review = published_claim.reviews.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(approver=review.author)


@pytest.mark.parametrize("field", ["rating", "approver", "published_at", "finding"])
def test_the_database_refuses_an_incomplete_published_review(published_claim, field):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(**{field: "" if field == "finding" else None})


def test_a_draft_is_not_published_before_it_is_submitted(ratings, reviewer, editor):
    review = factories.make_review(author=reviewer)

    with pytest.raises(ValidationError, match="stands at “Draft”"):
        workflow.publish(review, by=editor)

    assert review.claim.status == Claim.Status.IN_REVIEW


def test_publishing_needs_a_claim_in_review_and_otherwise_changes_nothing(
    ratings, reviewer, editor
):
    review = factories.make_review(author=reviewer)
    workflow.submit(review, by=reviewer)
    Claim.objects.update(status=Claim.Status.DECLINED)

    with pytest.raises(ValidationError, match="Declined"):
        workflow.publish(review, by=editor)

    assert Review.objects.get().status == Review.Status.SUBMITTED


def test_every_step_is_recorded_with_who_and_from_where(published_claim, reviewer, editor):
    steps = Transition.objects.order_by("pk").values_list(
        "verb", "from_status", "to_status", "by__display_name"
    )

    assert list(steps) == [
        ("start", "", "draft", "Rita Reviewer"),
        ("submit", "draft", "submitted", "Rita Reviewer"),
        ("publish", "submitted", "published", "Eddie Editor"),
    ]


VERBS = {
    # verb: (does it act on a review?, what else it takes)
    "accept": (False, {}),
    "decline": (False, {"reason": "x"}),
    "reopen": (False, {"reason": "x"}),
    "assign": (False, {"to": None}),
    "merge": (False, {"into": None}),
    "unmerge": (False, {}),
    "recuse": (False, {"reason": "x"}),
    "start": (False, {}),
    "revise": (False, {"kind": "update", "note": "x"}),
    "settle_risk": (False, {"risk": None, "reason": "x"}),
    "submit": (True, {}),
    "send_back": (True, {"reason": "x"}),
    "rate_blind": (True, {"rating": None}),
    "resolve_disagreement": (True, {"resolution": "x"}),
    "publish": (True, {}),
    "retract": (True, {"note": "x"}),
    "override": (True, {"line": "contact", "reason": "x"}),
    "discard": (True, {"reason": "x"}),
}


def test_every_verb_has_a_permission_and_a_row_here():
    assert set(VERBS) == set(PERMISSIONS) == set(ALLOWED) == set(STEPS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_needs_its_permission(verb, ratings, reviewer):
    review = factories.make_review(author=reviewer)
    on_review, more = VERBS[verb]
    before = Transition.objects.count()

    with pytest.raises(PermissionDenied):
        getattr(workflow, verb)(
            review if on_review else review.claim, by=factories.make_person(), **more
        )

    assert Transition.objects.count() == before


def test_a_reviewer_may_not_publish(ratings, reviewer):
    author = factories.make_person(role="reviewer")
    review = factories.make_review(author=author)
    workflow.submit(review, by=author)

    with pytest.raises(PermissionDenied):
        workflow.publish(review, by=reviewer)


def test_a_published_review_and_its_evidence_never_change(published_claim):
    review = published_claim.reviews.get()
    evidence = review.evidence.get()
    review.finding = "Something else."

    for attempt in (review.save, evidence.save, evidence.delete):
        with pytest.raises(ValidationError, match="never changes"):
            attempt()

    with pytest.raises(ValidationError, match="never changes"):
        factories.make_evidence(review)


def test_a_transition_is_neither_changed_nor_deleted(published_claim):
    transition = Transition.objects.first()

    for attempt in (transition.save, transition.delete):
        with pytest.raises(ValidationError, match="cannot be"):
            attempt()
