"""A second rating from the evidence, given without seeing the first."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from claims import gate, versions, workflow
from claims.models import BlindRating, Claim, Evidence, Resolution, Review, Submission, Transition

from . import factories


@pytest.fixture
def review(ratings, reviewer):
    """A submitted review, mostly true, of a claim that asks for a blind rating."""
    return factories.make_review_to_rate_blind(author=reviewer)


@pytest.fixture
def second(groups):
    """A second reviewer, who publishes nothing."""
    return factories.make_person("Sue Second", role="reviewer")


def differ(review, by, ratings):
    """Rate a review blind with another rating than it carries."""
    workflow.rate_blind(review, by=by, rating=ratings["mixed"])


def send_again(review, editor, **fields):
    """Take a review back, change it, and send it again."""
    workflow.send_back(review, by=editor, reason="Look again.")
    Review.objects.filter(pk=review.pk).update(**fields)
    review.refresh_from_db()
    workflow.submit(review, by=review.author)


def test_both_ratings_are_kept_and_the_history_tells_neither(review, second, ratings):
    workflow.rate_blind(review, by=second, rating=ratings["mixed"], note="The year is wrong.")

    kept = BlindRating.objects.get()
    assert (kept.first_rating.slug, kept.rating.slug) == ("mostly-true", "mixed")
    assert (kept.author, kept.by, kept.revision) == (review.author, second, 1)
    step = Transition.objects.get(verb="rate_blind")
    assert (step.from_status, step.to_status, step.reason) == ("submitted", "submitted", "")


def test_the_first_rating_stays_kept_as_it_stood(review, second, editor, ratings):
    differ(review, second, ratings)

    send_again(review, editor, rating=ratings["mixed"])

    assert BlindRating.objects.get().first_rating.slug == "mostly-true"


@pytest.mark.parametrize("who", ["author", "contributor", "recused"])
def test_who_knows_the_first_rating_or_has_a_stake_does_not_rate(review, second, ratings, who):
    if who == "author":
        second = review.author
    elif who == "contributor":
        review.contributors.add(second)
    else:
        workflow.recuse(review.claim, by=second, reason="A stake.")

    with pytest.raises(ValidationError, match="Ask a colleague"):
        differ(review, second, ratings)

    assert not BlindRating.objects.exists()


def test_in_a_newsroom_of_one_nobody_rates_their_own_words_blind(settings, review, ratings):
    settings.SECOND_PERSON = False

    with pytest.raises(ValidationError, match="know its rating"):
        differ(review, review.author, ratings)


def test_a_role_that_does_not_review_does_not_rate(review, administrator, ratings):
    with pytest.raises(PermissionDenied):
        differ(review, administrator, ratings)


def test_a_declared_interest_is_answered_before_rating(review, second, ratings):
    Claim.objects.update(speaker=factories.make_speaker("Acme"))
    send_again(review, review.author)
    second.interests = "Shares of Acme"
    second.save()

    with pytest.raises(ValidationError, match="name Acme"):
        differ(review, second, ratings)
    workflow.rate_blind(
        review, by=second, rating=ratings["mixed"], interest_answer="Sold years ago."
    )

    assert Transition.objects.get(verb="rate_blind").reason == "Sold years ago."


def test_nobody_rates_blind_what_does_not_ask_for_it(ratings, reviewer, second):
    review = factories.make_review(author=reviewer)
    workflow.submit(review, by=reviewer)

    with pytest.raises(ValidationError, match="does not ask"):
        differ(review, second, ratings)


def test_a_draft_is_not_rated(review, second, editor, ratings):
    workflow.send_back(review, by=editor, reason="Name the year.")

    with pytest.raises(ValidationError, match="cannot be done now"):
        differ(review, second, ratings)


def test_one_blind_rating_is_enough_and_the_next_would_not_be_blind(
    review, second, editor, ratings
):
    differ(review, second, ratings)

    for person in (second, editor):
        with pytest.raises(ValidationError, match=r"saw its rating|no longer hidden"):
            differ(review, person, ratings)

    assert BlindRating.objects.count() == 1


def test_a_rating_of_an_older_revision_is_void(review, second, editor, ratings):
    read = Review.objects.get(pk=review.pk)
    send_again(review, editor)

    with pytest.raises(ValidationError, match="changed after it was sent"):
        differ(read, second, ratings)


def test_a_rating_of_evidence_that_changed_since_is_void(review, second, ratings):
    factories.make_appearance(review.claim)

    with pytest.raises(ValidationError, match="changed after it was sent"):
        differ(review, second, ratings)


def test_nothing_is_published_before_the_second_rating(review, editor, second, ratings):
    with pytest.raises(ValidationError, match="Rate it from its evidence first"):
        factories.publish(review, by=editor)

    workflow.rate_blind(review, by=second, rating=ratings["mostly-true"])
    factories.publish(review, by=editor)

    assert Review.objects.get().status == "published"


def test_who_rated_blind_may_publish(review, editor, ratings):
    workflow.rate_blind(review, by=editor, rating=ratings["mostly-true"])

    factories.publish(review, by=editor)

    assert Review.objects.get().approver == editor


@pytest.mark.parametrize("settler", ["author", "editor"])
def test_a_difference_is_settled_in_writing_before_publishing(
    review, second, editor, ratings, settler
):
    differ(review, second, ratings)
    with pytest.raises(ValidationError, match="write how that was settled"):
        factories.publish(review, by=editor)

    by = review.author if settler == "author" else editor
    workflow.resolve_disagreement(review, by=by, resolution=" The year is a slip. ")
    factories.publish(review, by=editor)

    assert Resolution.objects.get().text == "The year is a slip."
    assert Review.objects.get().status == "published"


def test_who_neither_writes_nor_publishes_settles_nothing(review, second, ratings):
    differ(review, second, ratings)

    with pytest.raises(PermissionDenied):
        workflow.resolve_disagreement(review, by=second, resolution="It is mixed.")


def test_a_resolution_says_something(review, second, editor, ratings):
    differ(review, second, ratings)

    with pytest.raises(ValidationError, match="Write how the difference was settled"):
        workflow.resolve_disagreement(review, by=editor, resolution=" ")


@pytest.mark.parametrize("state", ["not rated", "agreed", "settled"])
def test_only_a_difference_is_settled(review, second, editor, ratings, state):
    if state == "agreed":
        workflow.rate_blind(review, by=second, rating=ratings["mostly-true"])
    if state == "settled":
        differ(review, second, ratings)
        workflow.resolve_disagreement(review, by=editor, resolution="It is a slip.")

    with pytest.raises(ValidationError, match="nothing to settle"):
        workflow.resolve_disagreement(review, by=editor, resolution="It is a slip.")


def test_a_first_rating_that_gives_way_is_a_difference_all_the_same(
    review, second, editor, ratings
):
    differ(review, second, ratings)

    send_again(review, editor, rating=ratings["mixed"])

    with pytest.raises(ValidationError, match="write how that was settled"):
        factories.publish(review, by=editor)


def test_a_rating_changed_after_both_agreed_is_a_difference(review, second, editor, ratings):
    workflow.rate_blind(review, by=second, rating=ratings["mostly-true"])

    send_again(review, editor, rating=ratings["true"])

    with pytest.raises(ValidationError, match="write how that was settled"):
        factories.publish(review, by=editor)


def test_a_rating_changed_after_it_was_settled_is_open_again(review, second, editor, ratings):
    differ(review, second, ratings)
    workflow.resolve_disagreement(review, by=editor, resolution="We keep it.")

    send_again(review, editor, rating=ratings["false"])

    with pytest.raises(ValidationError, match="write how that was settled"):
        factories.publish(review, by=editor)


def test_a_second_rating_stands_when_only_words_change(review, second, editor, ratings):
    workflow.rate_blind(review, by=second, rating=ratings["mostly-true"])

    send_again(review, editor, finding="The figures hold.")
    factories.publish(review, by=editor)

    assert Review.objects.get().finding == "The figures hold."


def test_a_second_rating_is_void_when_the_evidence_changes(review, second, editor, ratings):
    workflow.rate_blind(review, by=second, rating=ratings["mostly-true"])
    workflow.send_back(review, by=editor, reason="Find the record.")
    factories.make_evidence(review)
    workflow.submit(review, by=review.author)

    with pytest.raises(ValidationError, match="Rate it from its evidence first"):
        factories.publish(review, by=editor)
    with pytest.raises(ValidationError, match="rated this review before"):
        workflow.rate_blind(review, by=second, rating=ratings["mostly-true"])
    workflow.rate_blind(review, by=editor, rating=ratings["mostly-true"])
    factories.publish(review, by=editor)

    assert BlindRating.objects.count() == 2


def test_the_order_and_the_stance_of_evidence_are_no_basis_of_a_rating(review):
    before = versions.basis_of(versions.content_of(review))

    Evidence.objects.update(stance="refutes", position=7)

    assert versions.basis_of(versions.content_of(review)) == before


def test_an_editor_lets_the_second_rating_be_missing_and_readers_see_why(
    client, review, second, editor
):
    workflow.override(review, by=editor, line="blind-rating", reason="Nobody else reads Urdu.")

    factories.publish(review, by=editor)

    assert "Nobody else reads Urdu." in client.get(f"/claims/{review.claim_id}/").content.decode()


def test_a_difference_is_never_let_pass(review, second, editor, ratings):
    differ(review, second, ratings)

    with pytest.raises(ValidationError, match="Choose a line that holds"):
        workflow.override(review, by=editor, line="resolution", reason="No time.")


def test_who_has_not_read_a_review_lets_no_other_line_pass(review, editor):
    Review.objects.update(no_contact_reason="")

    with pytest.raises(ValidationError, match="Rate it from its evidence first"):
        workflow.override(review, by=editor, line="contact", reason="No time.")


def test_the_gate_speaks_of_a_blind_rating_only_where_one_is_asked_for(review, reviewer):
    other = factories.make_review(author=reviewer)

    asked = {line.name for line in gate.checklist(review)}

    assert {"blind-rating", "resolution"} <= asked
    assert not {"blind-rating", "resolution"} & {line.name for line in gate.checklist(other)}


def ask(claim, asks):
    claim.refresh_from_db()
    claim.asks_blind_rating = asks
    claim.save()


def test_a_blind_rating_is_asked_for_until_the_review_is_sent_on(ratings, reviewer):
    review = factories.make_review(author=reviewer)

    ask(review.claim, True)
    ask(review.claim, False)
    workflow.submit(review, by=reviewer)

    with pytest.raises(ValidationError, match="stays as it is"):
        ask(review.claim, True)


@pytest.mark.parametrize("state", ["submitted", "sent back", "discarded"])
def test_nobody_gets_around_a_second_rating_by_no_longer_asking(
    review, second, editor, ratings, state
):
    differ(review, second, ratings)
    if state != "submitted":
        workflow.send_back(review, by=editor, reason="Look again.")
    if state == "discarded":
        workflow.discard(review, by=review.author, reason="Begun anew.")

    with pytest.raises(ValidationError, match="stays as it is"):
        ask(review.claim, False)

    assert Claim.objects.get().asks_blind_rating


def test_a_published_claim_may_stop_asking(review, editor, ratings):
    workflow.rate_blind(review, by=editor, rating=ratings["mostly-true"])
    factories.publish(review, by=editor)

    ask(review.claim, False)

    assert not Claim.objects.get().asks_blind_rating


def test_what_was_decided_is_neither_changed_nor_deleted(review, second, editor, ratings):
    differ(review, second, ratings)
    workflow.resolve_disagreement(review, by=editor, resolution="A slip.")

    for row in (BlindRating.objects.get(), Resolution.objects.get()):
        with pytest.raises(ValidationError, match="cannot be changed"):
            row.save()
        with pytest.raises(ValidationError, match="cannot be deleted"):
            row.delete()


@pytest.mark.parametrize("wrong", ["by the author", "twice by one", "twice on the same"])
def test_the_database_refuses_a_blind_rating_that_cannot_be(review, second, editor, ratings, wrong):
    differ(review, second, ratings)
    fields = {
        "by the author": {"by": review.author, "basis": "other"},
        "twice by one": {"by": second, "basis": "other"},
        "twice on the same": {"by": editor, "basis": Submission.objects.get().basis},
    }[wrong]

    with pytest.raises(IntegrityError), transaction.atomic():
        BlindRating.objects.create(
            review=review,
            revision=1,
            rating=ratings["true"],
            first_rating=ratings["true"],
            author=review.author,
            **fields,
        )


def test_readers_see_both_ratings_and_how_they_were_settled_for_good(
    client, review, second, editor, ratings
):
    workflow.rate_blind(review, by=second, rating=ratings["mixed"], note="Between us.")
    workflow.resolve_disagreement(review, by=editor, resolution="The year is a slip.")
    factories.publish(review, by=editor)

    second.display_name = "Renamed later"
    second.save()

    for address in (f"/claims/{review.claim_id}/", f"/claims/{review.claim_id}/v1/"):
        page = client.get(address).content.decode()
        for words in ("Sue Second", "without seeing the first rating", "The year is a slip."):
            assert words in page
        assert "Between us." not in page


def test_readers_see_that_two_people_came_to_the_same_rating(
    client, review, second, editor, ratings
):
    workflow.rate_blind(review, by=second, rating=ratings["mostly-true"])
    factories.publish(review, by=editor)

    assert "came to the same rating" in client.get(f"/claims/{review.claim_id}/").content.decode()


def test_versions_kept_before_there_were_blind_ratings_still_read(client, published_claim):
    kept = Review.objects.get()
    content = {name: said for name, said in kept.content.items() if name != "blind_rating"}
    Review.objects.update(content=content)

    for page in ("", "v1/", "changes/"):
        assert client.get(f"/claims/{published_claim.pk}/{page}").status_code == 200


def test_programs_read_the_second_rating_of_a_verdict(client, review, editor, ratings):
    workflow.rate_blind(review, by=editor, rating=ratings["mostly-true"])
    factories.publish(review, by=editor)

    read = client.get(f"/api/v1/reviews/{review.pk}/").json()["blind_rating"]

    assert read == {
        "by": "Eddie Editor",
        "rating": "mostly-true",
        "first_rating": "mostly-true",
        "resolution": None,
    }


def test_an_approval_is_void_when_a_resolution_came_after_it_was_read(
    review, second, editor, ratings
):
    differ(review, second, ratings)
    read = versions.digest_of(versions.content_of(review))
    workflow.resolve_disagreement(review, by=review.author, resolution="A slip.")

    with pytest.raises(ValidationError, match="changed after you read it"):
        workflow.publish(review, by=editor, read=read)
