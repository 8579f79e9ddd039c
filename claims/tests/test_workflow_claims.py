"""The verbs that act on claims: decline, reopen, assign, recuse, merge, unmerge."""

import pytest
from django.core.exceptions import ValidationError

from claims import workflow
from claims.models import Claim, Recusal

from . import factories


def statuses(*claims):
    return [Claim.objects.get(pk=claim.pk).status for claim in claims]


def test_a_declined_claim_is_not_public_and_says_why(editor):
    claim = factories.make_claim(status=Claim.Status.NEW)

    workflow.decline(claim, by=editor, reason="Private matter.")

    assert not Claim.objects.visible().exists()
    assert claim.transitions.get().reason == "Private matter."


def test_a_claim_is_not_declined_without_a_reason(editor):
    claim = factories.make_claim(status=Claim.Status.NEW)

    with pytest.raises(ValidationError, match="Say why"):
        workflow.decline(claim, by=editor, reason="  ")

    assert statuses(claim) == ["new"]


def test_the_draft_of_a_declined_claim_waits_and_cannot_be_published(editor, reviewer):
    claim = factories.make_claim()
    review = factories.make_review(claim, author=reviewer)

    workflow.decline(claim, by=editor, reason="Private matter.")

    workflow.submit(review, by=reviewer)
    with pytest.raises(ValidationError, match="stands at “Declined"):
        workflow.publish(review, by=editor)
    review.refresh_from_db()
    assert review.status == "submitted"
    assert not Claim.objects.visible().exists()


def test_a_claim_that_readers_see_is_not_merged_into_one_they_do_not(editor):
    claim = factories.make_claim()
    new = factories.make_claim(status=Claim.Status.NEW)

    with pytest.raises(ValidationError, match="Accept that one first"):
        workflow.merge(claim, into=new, by=editor)

    assert statuses(claim, new) == ["in_review", "new"]


def test_a_published_claim_is_not_declined(published_claim, editor):
    with pytest.raises(ValidationError, match="stands at “Verdict published”"):
        workflow.decline(published_claim, by=editor, reason="Private matter.")


def test_a_declined_claim_is_taken_up_again_as_new(editor):
    claim = factories.make_claim(status=Claim.Status.DECLINED)

    workflow.reopen(claim, by=editor, reason="It spread.")

    assert statuses(claim) == ["new"]


def test_a_claim_whose_verdict_was_withdrawn_is_taken_up_again_in_review(published_claim, editor):
    workflow.retract(published_claim.reviews.get(), by=editor, note="We misread the table.")
    published_claim.refresh_from_db()

    workflow.reopen(published_claim, by=editor, reason="Better data.")

    assert statuses(published_claim) == ["in_review"]
    assert workflow.start(published_claim, by=editor).number == 2


def test_a_claim_is_given_to_a_colleague_and_taken_away(editor, reviewer):
    claim = factories.make_claim()

    workflow.assign(claim, by=editor, to=reviewer)
    assert Claim.objects.get().assigned_to == reviewer

    workflow.assign(claim, by=editor, to=None)
    assert Claim.objects.get().assigned_to is None


def test_stepping_aside_takes_the_claim_from_the_person_and_keeps_it_so(editor, reviewer):
    claim = factories.make_claim()
    workflow.assign(claim, by=editor, to=reviewer)

    workflow.recuse(claim, by=reviewer, reason="My cousin works there.")

    assert Claim.objects.get().assigned_to is None
    with pytest.raises(ValidationError, match="Rita Reviewer stepped aside"):
        workflow.assign(claim, by=editor, to=reviewer)


def test_stepping_aside_twice_is_recorded_once(reviewer):
    claim = factories.make_claim()

    workflow.recuse(claim, by=reviewer, reason="My cousin works there.")
    workflow.recuse(claim, by=reviewer, reason="My cousin works there.")

    assert Recusal.objects.count() == 1


def test_merging_moves_the_passages_and_remembers_where_they_were_recorded(editor):
    appearance = factories.make_appearance()
    twice, kept = appearance.claim, factories.make_claim()

    workflow.merge(twice, into=kept, by=editor)

    appearance.refresh_from_db()
    assert (appearance.claim, appearance.moved_from) == (kept, twice)
    assert (twice.status, twice.merged_into) == (Claim.Status.MERGED, kept)


def test_a_passage_that_the_other_claim_has_already_stays_behind(editor):
    appearance = factories.make_appearance()
    kept = factories.make_appearance(snapshot=appearance.snapshot).claim

    workflow.merge(appearance.claim, into=kept, by=editor)

    assert kept.appearances.count() == 1


def test_a_merge_is_undone_with_passages_and_status(editor):
    appearance = factories.make_appearance()
    twice, kept = appearance.claim, factories.make_appearance().claim
    workflow.merge(twice, into=kept, by=editor)

    workflow.unmerge(twice, by=editor)

    assert list(twice.appearances.all()) == [appearance]
    assert (twice.status, twice.merged_into) == (Claim.Status.IN_REVIEW, None)
    assert kept.appearances.count() == 1


def test_passages_that_came_by_an_earlier_merge_go_back_with_the_claim_they_came_to(editor):
    first, second, third = (factories.make_appearance().claim for _ in range(3))
    workflow.merge(first, into=second, by=editor)
    workflow.merge(second, into=third, by=editor)

    workflow.unmerge(second, by=editor)
    workflow.unmerge(first, by=editor)

    assert [claim.appearances.count() for claim in (first, second, third)] == [1, 1, 1]


def test_a_merge_stays_once_a_verdict_was_published_since(ratings, editor, reviewer):
    twice, kept = factories.make_claim(), factories.make_claim()
    workflow.merge(twice, into=kept, by=editor)
    review = factories.make_review(kept, author=reviewer)
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)

    with pytest.raises(ValidationError, match="published after the merge"):
        workflow.unmerge(twice, by=editor)


def test_a_claim_that_was_not_merged_is_not_unmerged(editor):
    with pytest.raises(ValidationError, match="stands at “In review”"):
        workflow.unmerge(factories.make_claim(), by=editor)


def test_a_claim_is_not_merged_into_itself(editor):
    claim = factories.make_claim()

    with pytest.raises(ValidationError, match="itself"):
        workflow.merge(claim, into=claim, by=editor)


def test_a_claim_is_not_merged_into_one_that_is_closed(editor):
    declined = factories.make_claim(status=Claim.Status.DECLINED)

    with pytest.raises(ValidationError, match="Declined"):
        workflow.merge(factories.make_claim(), into=declined, by=editor)


def test_a_claim_with_a_verdict_is_merged_only_the_other_way(published_claim, editor):
    with pytest.raises(ValidationError, match="Verdict published"):
        workflow.merge(published_claim, into=factories.make_claim(), by=editor)

    assert published_claim.appearances.count() == 1
