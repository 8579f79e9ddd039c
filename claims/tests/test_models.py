"""What is never false of claims, appearances, reviews and evidence."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims.models import Appearance, Claim, Evidence, Rating, Review
from sources.models import Snapshot

from . import factories


def test_an_appearance_finds_its_own_place(db):
    appearance = factories.make_appearance(exact="taxes doubled")

    assert (appearance.start, appearance.end) == (17, 30)
    assert (appearance.prefix, appearance.suffix) == ("The council said ", ". Nobody asked.")


def test_an_appearance_whose_words_do_not_occur_is_refused_at_its_field(db):
    with pytest.raises(ValidationError) as refusal:
        factories.make_appearance(exact="taxes tripled")

    assert list(refusal.value.message_dict) == ["exact"]


def test_an_appearance_without_a_snapshot_is_refused_at_its_field(db):
    with pytest.raises(ValidationError) as refusal:
        Appearance(claim=factories.make_claim(), exact="taxes").full_clean()

    assert list(refusal.value.message_dict) == ["snapshot"]


@pytest.mark.parametrize("change", [{"start": 30}, {"end": None}, {"start": None}])
def test_the_database_refuses_a_passage_that_does_not_end_after_its_start(db, change):
    factories.make_appearance()

    with pytest.raises(IntegrityError), transaction.atomic():
        Appearance.objects.update(**change)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Claim, {"status": "nonsense"}),
        (Claim, {"kind": "nonsense"}),
        (Claim, {"text": ""}),
        (Claim, {"stated_on": "2024-7"}),
        (Review, {"status": "nonsense"}),
        (Evidence, {"stance": "perhaps"}),
        (Rating, {"rating_value": 6}),
        (Rating, {"rating_value": 0}),
    ],
)
def test_the_database_refuses_values_outside_their_list(published_claim, model, change):
    row = model.objects.order_by("pk").first()

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**change)


def test_the_database_refuses_a_second_open_review(ratings, reviewer):
    review = factories.make_review(author=reviewer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(claim=review.claim, number=2, author=reviewer)


def test_the_database_refuses_two_reviews_of_one_number(published_claim, reviewer):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(claim=published_claim, number=1, author=reviewer)


def test_evidence_quotes_its_kept_copy_to_the_letter(ratings, reviewer):
    evidence = factories.make_evidence(factories.make_review(author=reviewer))
    evidence.snapshot = factories.make_snapshot("Taxes rose by 4 %.", source=evidence.source)
    evidence.passage = "Taxes rose by 40 %."

    with pytest.raises(ValidationError, match="do not occur in the kept copy"):
        evidence.clean()

    evidence.passage = "rose by 4 %"
    evidence.clean()


def test_evidence_takes_its_passage_from_the_kept_copy_as_it_is_written_there(ratings, reviewer):
    evidence = factories.make_evidence(factories.make_review(author=reviewer))
    evidence.snapshot = factories.make_snapshot("It’s so:\ntaxes – all.", source=evidence.source)
    evidence.passage = "it's  so: taxes - all"

    evidence.clean()

    assert evidence.passage == "It’s so:\ntaxes – all"


def test_evidence_whose_passage_was_altered_is_told_what_the_copy_says(ratings, reviewer):
    evidence = factories.make_evidence(factories.make_review(author=reviewer))
    copy = "Nobody asked. Taxes on homes rose by 4 %. So it went."
    evidence.snapshot = factories.make_snapshot(copy, source=evidence.source)
    evidence.passage = "Taxes on homes rose by 40 %"

    with pytest.raises(ValidationError, match="Most like them are: “Taxes on homes rose by 4”"):
        evidence.clean()

    assert evidence.passage == "Taxes on homes rose by 40 %"


def test_evidence_quotes_a_kept_copy_of_its_own_source(ratings, reviewer):
    evidence = factories.make_evidence(factories.make_review(author=reviewer))
    evidence.snapshot = factories.make_snapshot()

    with pytest.raises(ValidationError, match="source named above"):
        evidence.clean()


@pytest.mark.parametrize(
    "labels", ["missing-context", ["nonsense"], ["out-of-date", "out-of-date"], {"a": 1}]
)
def test_labels_are_a_list_of_known_words_each_once(ratings, reviewer, labels):
    review = factories.make_review(author=reviewer)
    review.labels = labels

    with pytest.raises(ValidationError) as refusal:
        review.full_clean()

    assert list(refusal.value.message_dict) == ["labels"]


def test_labels_are_shown_as_words(ratings, reviewer):
    review = factories.make_review(author=reviewer, labels=["out-of-date", "self-reported"])

    assert review.label_names == ["Out of date", "Self-reported"]


@pytest.mark.parametrize("status", Claim.Status)
def test_readers_see_claims_in_review_with_a_verdict_or_with_one_withdrawn(db, status):
    target = factories.make_claim(status="new") if status == "merged" else None
    claim = factories.make_claim(status=status, merged_into=target)

    expected = status in ("in_review", "published", "retracted")

    assert claim.is_visible == expected
    assert Claim.objects.visible().exists() == expected


def test_a_claim_without_a_verdict_or_a_passage_has_neither(db):
    factories.make_claim()

    claim = Claim.objects.for_list().get()

    assert claim.current_review is None
    assert claim.first_appearance is None


@pytest.mark.parametrize(("load", "queries"), [("for_list", 6), ("for_display", 10)])
def test_a_claim_is_loaded_in_a_fixed_number_of_queries(
    published_claim, load, queries, django_assert_max_num_queries
):
    for _ in range(3):
        factories.make_published_claim(topics=[factories.make_topic()])

    with django_assert_max_num_queries(queries):
        for claim in getattr(Claim.objects.visible(), load)():
            assert claim.current_review.rating.alternate_name == "Mostly true"
            assert claim.first_appearance.snapshot.source.title


def test_a_snapshot_that_a_claim_points_at_is_not_deleted(published_claim):
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.all().delete()


def test_rows_are_shown_by_their_words(published_claim):
    review = published_claim.reviews.get()

    shown = [
        str(row)
        for row in (
            published_claim,
            published_claim.appearances.get(),
            review.rating,
            review.evidence.get(),
            published_claim.transitions.last(),
            factories.make_topic("Budget"),
            factories.make_speaker("Ann"),
        )
    ]

    assert shown == [
        published_claim.text,
        "taxes doubled",
        "Mostly true",
        str(review.evidence.get().source),
        "start:  → draft",
        "Budget",
        "Ann",
    ]
    assert str(review) == f"Version 1 of “{published_claim.text}”"


def test_the_words_that_a_verdict_was_given_on_never_change(published_claim):
    published_claim.text = "Other words."

    with pytest.raises(ValidationError, match="so they stay"):
        published_claim.save()

    published_claim.refresh_from_db()
    assert published_claim.text != "Other words."
