"""How far two people agree: the figure, where it is shown, and where it is not."""

import datetime
import itertools

import pytest
from django.core.cache import caches
from django.utils import timezone

from claims import agreement, workflow
from claims.models import Claim, Review

from . import factories

# Two observers, ten units, two values: K. Krippendorff, “Computing Krippendorff’s
# Alpha-Reliability” (2011), section A. Meg and Owen differ on four of ten.
MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
# Two observers, twelve units, five values: section B. Ben and Gerry.
BEN = [1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1]
GERRY = [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4]


def test_alpha_of_two_values_is_that_of_the_published_example():
    pairs = list(zip(MEG, OWEN, strict=True))

    # 20 values, 14 of them 0 and 6 of them 1; o01 = 4 coincidences.
    assert agreement.alpha_of(pairs, "nominal") == pytest.approx(1 - (20 - 1) * 4 / (14 * 6))
    assert round(agreement.alpha_of(pairs, "nominal"), 3) == 0.095


def test_alpha_of_five_values_is_that_of_the_published_example():
    assert round(agreement.alpha_of(list(zip(BEN, GERRY, strict=True)), "nominal"), 3) == 0.692


def by_hand(pairs):
    """Compute ordinal alpha from its definition: 1 - Do/De, with the metric of ranks."""
    values = [value for pair in pairs for value in pair]
    counts = {value: values.count(value) for value in set(values)}

    def distance(one, other):
        low, high = sorted((one, other))
        between = sum(count for value, count in counts.items() if low <= value <= high)
        return (between - (counts[low] + counts[high]) / 2) ** 2 if low != high else 0

    observed = sum(2 * distance(*pair) for pair in pairs) / len(values)
    chance = sum(
        distance(one, other)
        for (i, one), (j, other) in itertools.product(enumerate(values), repeat=2)
        if i != j
    ) / (len(values) * (len(values) - 1))
    return 1 - observed / chance


def test_ordinal_alpha_is_that_of_its_definition():
    pairs = list(zip(BEN, GERRY, strict=True))

    assert agreement.alpha_of(pairs, "ordinal") == pytest.approx(by_hand(pairs))


def test_a_difference_of_more_steps_counts_more_on_the_scale():
    agreed = [(value, value) for value in (1, 2, 3, 4, 5)] * 4

    near = agreement.agreement_of([*agreed, (4, 5)], "ordinal").alpha
    far = agreement.agreement_of([*agreed, (1, 5)], "ordinal").alpha

    assert far < near < 1


def test_under_twenty_pairs_there_is_no_figure():
    pairs = [(1, 1), (2, 3)] * 10

    assert agreement.agreement_of(pairs[:19], "nominal").alpha is None
    assert agreement.agreement_of(pairs, "nominal").alpha is not None


def test_where_all_ratings_are_one_word_alpha_cannot_be_computed():
    found = agreement.agreement_of([(3, 3)] * 25, "ordinal")

    assert (found.alpha, found.is_uniform, found.same) == (None, True, 25)


def rate_twice(people, first, second, *, year=None):
    """Publish a claim that two people rated apart."""
    author, rater = people
    ratings = factories.make_ratings()
    review = factories.make_review_to_rate_blind(author=author, rating=ratings[first])
    workflow.rate_blind(review, by=rater, rating=ratings[second])
    if first != second:
        workflow.resolve_disagreement(review, by=author, resolution="Talked over.")
    factories.publish(review, by=rater)
    if year:
        at = datetime.datetime(year, 6, 1, tzinfo=datetime.UTC)
        Review.objects.filter(pk=review.pk).update(published_at=at)
    return review


@pytest.fixture
def people(reviewer, editor):
    return reviewer, editor


def copy_pairs(review, number, *, year=None):
    """Add claims that were rated as this one was, without the way there."""
    rating = review.blind_ratings.get()
    fields = {name: getattr(rating, name) for name in ("rating", "first_rating", "by", "author")}
    for _ in range(number):
        published_at = (
            review.published_at
            if year is None
            else timezone.make_aware(datetime.datetime(year, 6, 1))
        )
        copy = Review.objects.create(
            claim=factories.make_claim(status=Claim.Status.PUBLISHED),
            number=1,
            status="published",
            rating=review.rating,
            finding="It holds.",
            author=review.author,
            approver=review.approver,
            published_at=published_at,
        )
        copy.blind_ratings.create(revision=1, basis="kept", **fields)


def test_the_first_pair_of_each_public_claim_counts(people, ratings):
    reviewer, editor = people
    review = rate_twice(people, "mostly-true", "mixed")
    draft = workflow.revise(review.claim, by=reviewer, kind="update", note="New figures.")
    factories.make_evidence(draft)
    workflow.submit(draft, by=reviewer)
    workflow.rate_blind(draft, by=editor, rating=ratings["mostly-true"])
    factories.publish(draft, by=editor)
    waiting = factories.make_review_to_rate_blind(author=reviewer)
    workflow.rate_blind(waiting, by=editor, rating=ratings["mostly-true"])

    overall, _years = agreement.agreements()

    assert (overall.words.pairs, overall.words.same) == (1, 0)


def test_a_word_beside_the_scale_counts_among_the_words_alone(people):
    rate_twice(people, "unproven", "mixed")

    overall, _years = agreement.agreements()

    assert (overall.words.pairs, overall.scale.pairs) == (1, 0)


def test_readers_are_told_how_many_pairs_there_are_so_far(client, people):
    rate_twice(people, "mixed", "mixed")

    page = client.get("/our-work/").content.decode()

    assert "Not shown under 20 pairs; so far 1." in page
    assert "of them with the same rating" not in page
    assert "0.00" not in page


def test_readers_see_alpha_with_its_pairs_and_year_by_year(client, people):
    copy_pairs(rate_twice(people, "mixed", "mixed"), 12, year=2025)
    copy_pairs(rate_twice(people, "mostly-true", "mixed"), 3, year=2024)
    copy_pairs(rate_twice(people, "true", "true"), 12, year=2025)

    page = client.get("/our-work/").content.decode()
    read = client.get("/api/v1/stats/").json()

    assert "alpha, all ratings (30 pairs)" in page
    assert (read["verdicts"], read["agreement"]["words"]["pairs"]) == (30, 30)
    assert read["agreement"]["words"]["same"] == 26
    assert f"{read['agreement']['words']['alpha']:.2f}" in page
    by_year = {row["year"]: row["agreement"]["words"] for row in read["years"]}
    assert by_year[2024] == {"pairs": 3, "same": 0, "alpha": None}
    assert (by_year[2025]["pairs"], by_year[2025]["alpha"]) == (24, 1.0)
    assert "so far 3" in page


def test_readers_are_told_why_there_is_no_alpha_where_all_agree_on_one_word(client, people):
    copy_pairs(rate_twice(people, "mixed", "mixed"), 20)

    assert "alpha cannot be computed" in client.get("/our-work/").content.decode()


def test_our_work_counts_corrections_by_kind(client, published_claim, reviewer, editor):
    draft = workflow.revise(published_claim, by=reviewer, kind="correction", note="Wrong year.")
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=editor)
    workflow.revise(published_claim, by=reviewer, kind="update", note="Not public yet.")

    read = client.get("/api/v1/stats/").json()

    assert read["corrections"] == {
        "correction": 1,
        "update": 0,
        "clarification": 0,
        "retraction": 0,
    }
    assert read["verdicts"] == 1


@pytest.mark.parametrize("address", ["/our-work/", "/api/v1/stats/"])
def test_our_work_takes_a_fixed_number_of_queries(
    client, people, address, django_assert_num_queries
):
    review = rate_twice(people, "mixed", "true")
    for more in (0, 30):
        copy_pairs(review, more)
        caches["computed"].clear()
        with django_assert_num_queries(14):
            assert client.get(address).status_code == 200
        with django_assert_num_queries(9):
            assert client.get(address).status_code == 200


def test_the_page_of_our_work_is_linked_from_every_page(client, db):
    assert 'href="/our-work/"' in client.get("/how-we-check/").content.decode()
