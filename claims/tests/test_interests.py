"""What readers are told of the interests behind a source, and that it was retracted."""

import re

import pytest

from claims import versions, workflow
from claims.models import Claim

from .factories import (
    make_appearance,
    make_claim,
    make_draft,
    make_evidence,
    make_publisher,
    make_review,
    make_snapshot,
    make_source,
)

pytestmark = pytest.mark.django_db

STAKE = "Writes about its own country’s industry."
OWNERS = "Owned by the state."


@pytest.fixture
def source(db):
    publisher = make_publisher("State Institute", interests=OWNERS)
    return make_source("Annual report", publisher=publisher, interest=STAKE)


@pytest.fixture
def claim(ratings, reviewer, editor, source):
    """A claim whose verdict rests on the source."""
    review = make_review(author=reviewer)
    make_evidence(review, source=source, is_primary=True)
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)
    return Claim.objects.get(pk=review.claim_id)


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def words(client, address):
    return plain(client.get(address).content.decode())


def card_of(client, claim):
    """Return the words of the first source of a claim."""
    html = client.get(claim.get_absolute_url()).content.decode()
    return plain(html.split('id="sources"')[1].split("<li")[1].split("</li>")[0])


def test_an_interest_stands_beside_the_name_on_the_card(client, claim):
    card = card_of(client, claim)

    assert card.index(f"Interest: {STAKE}") < card.index("Supports")
    assert card.index(f"Interests of the publisher: {OWNERS}") < card.index("Supports")
    assert "Primary source" in card


def test_an_interest_stands_in_the_record_of_the_source(client, claim, source):
    html = words(client, source.get_absolute_url())

    assert f"Interest {STAKE}" in html
    assert f"Interests of the publisher {OWNERS}" in html


def test_a_first_hand_source_is_called_primary_in_the_list_and_on_its_page(client, claim, source):
    assert "Primary source" in words(client, "/sources/")
    assert "Supports Primary source" in words(client, source.get_absolute_url())

    type(claim.reviews.get().evidence.get()).objects.update(is_primary=False)

    assert "Primary source" not in words(client, "/sources/")
    assert "Supports Secondary source" in words(client, source.get_absolute_url())


def test_sources_being_read_tell_their_interests(client, reviewer, source):
    review = make_draft(author=reviewer)
    make_evidence(review, source=source)

    card = card_of(client, review.claim)

    assert f"Interest: {STAKE}" in card
    assert f"Interests of the publisher: {OWNERS}" in card


def test_the_api_tells_interests_and_what_is_primary(client, claim):
    (found,) = client.get(f"/api/v1/claims/{claim.pk}/").json()["review"]["evidence"]

    assert found["is_primary"] is True
    assert found["source"]["interest"] == STAKE
    assert found["source"]["publisher_interests"] == OWNERS
    assert found["source"]["is_confidential"] is False


def test_what_is_unknown_of_interests_is_null_in_the_api(client, published_claim):
    (found,) = client.get("/api/v1/sources/?kind=article").json()["results"][-1:]

    names = ("interest", "publisher_interests", "retracted_on", "retraction_note")
    assert [found[name] for name in names] == [None] * 4


def test_a_version_keeps_the_interests_of_its_day(client, claim, source):
    source.interest = "None."
    source.save()
    source.publisher.interests = "Sold since."
    source.publisher.save()

    html = words(client, f"/claims/{claim.pk}/v1/")

    assert STAKE in html
    assert OWNERS in html
    assert "Sold since." not in html


def test_a_change_of_interest_is_a_difference_and_no_other_basis(claim, source):
    review = claim.reviews.get()
    before = versions.content_of(review)
    source.interest = "None."
    source.save()
    after = versions.content_of(review)

    (found,) = versions.differences(before, after)
    assert found.part == "Source: Annual report"
    assert versions.basis_of(before) == versions.basis_of(after)


def kept_before(content):
    """Return a content as versions were kept before there were interests."""
    later = ("interest", "publisher_interests", "is_confidential")
    evidence = [
        found | {"source": {k: v for k, v in found["source"].items() if k not in later}}
        for found in content["evidence"]
    ]
    return content | {"evidence": evidence}


def test_a_version_that_was_kept_before_there_were_interests_still_stands(client, claim):
    review = claim.reviews.get()
    new = versions.content_of(review)
    old = kept_before(new)
    type(review).objects.filter(pk=review.pk).update(content=old)

    html = words(client, f"/claims/{claim.pk}/v1/")
    (found,) = versions.differences(old, new)
    said = [piece.text for piece in found.pieces if piece.change == "added"]

    assert "Annual report" in html
    assert "Interest" not in html
    assert "".join(said).strip() == STAKE
    assert versions.basis_of(old) == versions.basis_of(new)


def test_what_was_submitted_before_there_were_interests_is_not_changed(reviewer, ratings, source):
    source.interest = ""
    source.save()
    review = make_review(author=reviewer)
    make_evidence(review, source=source)
    workflow.submit(review, by=reviewer)
    submission = review.submissions.get()
    review.submissions.update(content=kept_before(submission.content))

    assert versions.differs_from_submission(review) == []


@pytest.fixture
def retracted(claim, source):
    source.retracted_on, source.retraction_note = "2025-03", "The figures were made up."
    source.save()
    return source


def test_readers_are_warned_of_a_retraction_wherever_they_meet_the_source(client, claim, retracted):
    told = "Retracted by its publisher, March 2025"
    make_appearance(make_claim(), exact="One.", snapshot=make_snapshot("One.", source=retracted))

    assert f"{told}: The figures were made up." in card_of(client, claim)
    for page in (retracted.get_absolute_url(), "/sources/", f"/articles/{retracted.pk}/"):
        html = words(client, page)
        assert told in html
        assert "The figures were made up." in html
    assert "#i-warn" in client.get(claim.get_absolute_url()).content.decode()


def test_a_retraction_without_a_note_says_what_it_means(client, claim, retracted):
    retracted.retraction_note = ""
    retracted.save()

    assert "Do not rely on what it says." in words(client, retracted.get_absolute_url())


def test_a_retraction_is_in_the_api_and_in_no_kept_version(client, claim, retracted):
    found = client.get(f"/api/v1/sources/{retracted.pk}/").json()

    assert found["retracted_on"] == "2025-03"
    assert found["retraction_note"] == "The figures were made up."
    assert versions.content_of(claim.reviews.get()) == claim.reviews.get().content
