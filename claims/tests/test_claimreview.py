"""Our reviews as schema.org ClaimReview."""

import pytest

from claims import workflow
from claims.claimreview import claim_review
from claims.models import Claim, Evidence, Speaker
from sources.models import Source

from . import factories


def document(claim):
    claim = Claim.objects.published().for_display().get(pk=claim.pk)
    return claim_review(claim, claim.current_review, origin="https://facts.example")


def test_a_verdict_is_a_claimreview_at_its_own_address(published_claim):
    review = published_claim.reviews.get()

    found = document(published_claim)

    assert found["@type"] == "ClaimReview"
    assert found["url"] == f"https://facts.example/claims/{published_claim.pk}/"
    assert found["claimReviewed"] == published_claim.text
    assert found["datePublished"] == review.published_at.isoformat()
    assert found["author"] == {
        "@type": "Organization",
        "name": "Claims Tracker",
        "url": "https://facts.example/",
    }
    assert found["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Mostly true",
        "ratingValue": 4,
        "worstRating": 1,
        "bestRating": 5,
        "ratingExplanation": "The figures are right, the year is not.",
    }


def test_a_rating_off_the_scale_has_a_word_and_no_number(ratings):
    found = document(factories.make_published_claim(rating="not-checkable"))

    assert found["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Not checkable",
        "ratingExplanation": "The figures are right, the year is not.",
    }


@pytest.mark.parametrize(
    ("kind", "schema_type"),
    [(Speaker.Kind.PERSON, "Person"), (Speaker.Kind.ORGANIZATION, "Organization")],
)
def test_the_claim_is_its_speakers(published_claim, kind, schema_type):
    speaker = factories.make_speaker("Ann", kind=kind, same_as="https://www.wikidata.org/wiki/Q1")
    Claim.objects.update(speaker=speaker, stated_on="2024-07")

    claimed = document(published_claim)["itemReviewed"]

    assert claimed["author"] == {
        "@type": schema_type,
        "name": "Ann",
        "sameAs": "https://www.wikidata.org/wiki/Q1",
    }
    assert claimed["datePublished"] == "2024-07"


def test_without_a_speaker_the_claim_is_its_publishers(published_claim):
    source = published_claim.appearances.get().snapshot.source
    Source.objects.filter(pk=source.pk).update(publisher=factories.make_publisher("The Gazette"))

    found = document(published_claim)["itemReviewed"]

    assert found["author"] == {"@type": "Organization", "name": "The Gazette"}


def test_what_is_not_known_is_left_out(published_claim):
    found = document(published_claim)["itemReviewed"]

    assert "author" not in found
    assert "datePublished" not in found


def test_an_article_without_an_address_is_named_by_our_page_of_it(published_claim):
    source = published_claim.appearances.get().snapshot.source
    assert document(published_claim)["itemReviewed"]["appearance"][0]["url"] == source.url

    Source.objects.filter(pk=source.pk).update(url="")

    assert document(published_claim)["itemReviewed"]["appearance"][0]["url"] == (
        f"https://facts.example/articles/{source.pk}/"
    )


def test_a_claim_recorded_without_a_passage_has_no_author_and_no_appearance(published_claim):
    published_claim.appearances.all().delete()

    assert document(published_claim)["itemReviewed"] == {
        "@type": "Claim",
        "text": published_claim.text,
    }


def test_the_evidence_is_cited(published_claim):
    source = Evidence.objects.get().source
    Source.objects.filter(pk=source.pk).update(
        author="B. Writer",
        published_on="2024",
        language="en",
        publisher=factories.make_publisher("Statistics Office"),
    )

    assert document(published_claim)["citation"] == [
        {
            "@type": "CreativeWork",
            "url": source.url,
            "headline": source.title,
            "author": {"@type": "Person", "name": "B. Writer"},
            "publisher": {"@type": "Organization", "name": "Statistics Office"},
            "datePublished": "2024",
            "inLanguage": "en",
        }
    ]


def test_a_corrected_verdict_says_what_was_corrected(published_claim, reviewer, editor):
    assert "correction" not in document(published_claim)
    draft = workflow.revise(published_claim, by=reviewer, kind="correction", note="Wrong year.")
    workflow.submit(draft, by=reviewer)
    workflow.publish(draft, by=editor)

    found = document(published_claim)["correction"]

    assert (found["@type"], found["text"]) == ("CorrectionComment", "Wrong year.")
