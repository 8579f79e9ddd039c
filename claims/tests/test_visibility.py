import pytest

from claims import visibility
from claims.models import Claim, Evidence, Review
from sources.models import Source

from .factories import (
    make_appearance,
    make_claim,
    make_draft,
    make_evidence,
    make_person,
    make_published_claim,
    make_publisher,
    make_snapshot,
    make_source,
)

pytestmark = pytest.mark.django_db


def titles(rows):
    return sorted(row.title for row in rows)


def make_article(title, *, claim, **fields):
    source = make_source(title, **fields)
    make_appearance(claim, snapshot=make_snapshot(source=source))
    return source


def move(claim, status):
    into = make_claim() if status == Claim.Status.MERGED else None
    Claim.objects.filter(pk=claim.pk).update(status=status, merged_into=into)


@pytest.mark.parametrize("status", Claim.Status.values)
def test_an_article_is_visible_exactly_when_a_claim_in_it_is(status):
    claim = make_claim()
    make_article("Gazette", claim=claim)
    move(claim, status)

    is_visible = status in Claim.VISIBLE
    assert titles(visibility.visible_articles()) == ["Gazette"] * is_visible
    assert titles(visibility.visible_sources()) == ["Gazette"] * is_visible


def test_what_an_article_is_based_on_is_visible_with_it():
    original = make_source("Original")
    make_article("Rewording", claim=make_claim(), based_on=original)
    make_article("Hidden", claim=make_claim(status="new"), based_on=make_source("Its original"))

    assert titles(visibility.visible_sources()) == ["Original", "Rewording"]


@pytest.mark.parametrize("status", ["new", "declined", "merged", "retracted"])
def test_the_evidence_of_a_verdict_is_hidden_once_its_claim_is_not_published(status):
    claim = make_published_claim()
    evidence = Evidence.objects.get()
    move(claim, status)

    assert evidence.source not in visibility.visible_sources()
    assert not visibility.published_evidence().exists()


def test_documents_being_read_are_visible_while_the_claim_is_in_review():
    review = make_draft(author=make_person(role="reviewer"))
    make_evidence(review, source=make_source("Timetable"))

    assert titles(visibility.visible_sources()) == ["Timetable"]
    assert titles(visibility.sources_being_read(review.claim)) == ["Timetable"]
    assert not visibility.published_evidence().exists()


def test_documents_of_a_revision_are_hidden_until_it_is_published():
    claim = make_published_claim()
    revision = Review.objects.create(claim=claim, number=2, author=make_person())
    secret = make_source("Not yet")
    Evidence.objects.create(review=revision, source=secret, stance="refutes", summary="No.")

    assert secret not in visibility.visible_sources()
    assert not visibility.claims_reading(secret).exists()


def test_publishers_are_visible_with_a_source_of_theirs():
    seen, unseen = make_publisher("Seen"), make_publisher("Unseen")
    make_article("A", claim=make_claim(), publisher=seen)
    make_article("B", claim=make_claim(status="new"), publisher=unseen)

    assert [publisher.name for publisher in visibility.visible_publishers()] == ["Seen"]


def test_claims_that_read_or_hold_a_source_are_the_visible_ones():
    source = make_source()
    snapshot = make_snapshot("One. Two.", source=source)
    seen, hidden = make_claim(), make_claim()
    for claim, exact in [(seen, "One."), (hidden, "Two.")]:
        make_appearance(claim, exact=exact, snapshot=snapshot)
        make_evidence(make_draft(claim, author=make_person(role="reviewer")), source=source)
    move(hidden, "declined")

    assert list(visibility.claims_reading(source)) == [seen]
    assert list(visibility.claims_appearing_in(source)) == [seen]


def test_sources_count_each_visible_claim_once():
    source = make_source()
    snapshot = make_snapshot("One. Two. Three.", source=source)
    claim = make_claim()
    review = make_draft(claim, author=make_person(role="reviewer"))
    for exact in ("One.", "Two."):
        make_appearance(claim, exact=exact, snapshot=snapshot)
        make_evidence(review, source=source)
    make_appearance(make_claim(status="new"), exact="Three.", snapshot=snapshot)

    counted = visibility.with_citing_claims(visibility.with_marked_claims(Source.objects.all()))

    assert [(row.citing_claims, row.marked_claims) for row in counted] == [(1, 1)]
