"""Our reviews as schema.org ClaimReview, the form that search engines and fact-check tools read.

Google's rules of 2026-09: one ClaimReview on a page, at the page's own address; the rating's word
is what is shown; numbers only for ratings on the scale, larger is truer.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from sources.models import Source

from .addresses import for_programs
from .models import Appearance, Claim, Evidence, Rating, Review, Speaker


def claim_review(
    claim: Claim, review: Review, *, origin: str, translations: Sequence[Claim] = ()
) -> dict[str, Any]:
    """Return the ClaimReview of a published review, as a JSON-LD document.

    `claim` was loaded with `.for_display()`; `origin` is the site's scheme and host;
    `translations` are the visible claims that say it in other languages. What is not known is left
    out, never made up.
    """
    with for_programs():
        return _claim_review(claim, review, origin, translations)


def _claim_review(
    claim: Claim, review: Review, origin: str, translations: Sequence[Claim]
) -> dict[str, Any]:
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "url": origin + claim.get_absolute_url(),
            "claimReviewed": claim.text,
            "datePublished": review.published_at and review.published_at.isoformat(),
            "inLanguage": claim.language,
            "author": {"@type": "Organization", "name": settings.SITE_NAME, "url": origin + "/"},
            "reviewRating": _rating(review),
            "itemReviewed": _claim(claim, origin),
            "reviewBody": review.rationale,
            "correction": _correction(review),
            "citation": [_citation(evidence) for evidence in review.evidence.all()],
            "workTranslation": [
                {
                    "@type": "CreativeWork",  # a page has one ClaimReview
                    "url": origin + other.get_absolute_url(),
                    "inLanguage": other.language,
                }
                for other in translations
                if other.status == Claim.Status.PUBLISHED
            ],
        }
    )


def problems_of(document: dict[str, Any]) -> list[str]:
    """Return what a ClaimReview lacks for search engines to show it, as paths into the document.

    Google Search's required properties of ClaimReview and Rating (developers.google.com/search,
    Fact Check), and who made the claim, without which readers cannot tell whose words are judged.
    """
    rating = document.get("reviewRating", {})
    item = document.get("itemReviewed", {})
    needed = {
        "url": document.get("url"),
        "claimReviewed": document.get("claimReviewed"),
        "author.name": document.get("author", {}).get("name"),
        "datePublished": document.get("datePublished"),
        "reviewRating.alternateName": rating.get("alternateName"),
        "itemReviewed.text": item.get("text"),
    }
    problems = [path for path, value in needed.items() if not value]
    if "ratingValue" in rating and not (
        rating.get("worstRating", 1) <= rating["ratingValue"] <= rating.get("bestRating", 0)
    ):
        problems.append("reviewRating.ratingValue")
    if not (item.get("author", {}).get("name") or item.get("appearance")):
        problems.append("itemReviewed.author")
    return problems


def _correction(review: Review) -> dict[str, Any] | None:
    """Return the public note that introduces this version, if it is not the first."""
    for correction in review.corrections.all():
        if correction.published_at:
            return {
                "@type": "CorrectionComment",
                "text": correction.note,
                "datePublished": correction.published_at.isoformat(),
            }
    return None


def _rating(review: Review) -> dict[str, Any]:
    rating = review.rating
    on_scale = rating is not None and rating.rating_value is not None
    return _known(
        {
            "@type": "Rating",
            "alternateName": rating and rating.alternate_name,
            "ratingValue": rating.rating_value if rating else None,
            "worstRating": Rating.WORST if on_scale else None,
            "bestRating": Rating.BEST if on_scale else None,
            "ratingExplanation": review.finding,
        }
    )


def _claim(claim: Claim, origin: str) -> dict[str, Any]:
    appearances = [_appearance(found, origin) for found in claim.appearances.all()]
    return _known(
        {
            "@type": "Claim",
            "text": claim.text,
            "author": _claimant(claim),
            "datePublished": claim.stated_on,
            "appearance": appearances,
        }
    )


def _claimant(claim: Claim) -> dict[str, Any] | None:
    """Return who made the claim: its speaker, or the publisher whose own words it is."""
    if claim.speaker:
        is_person = claim.speaker.kind == Speaker.Kind.PERSON
        return _known(
            {
                "@type": "Person" if is_person else "Organization",
                "name": claim.speaker.name,
                "sameAs": claim.speaker.same_as,
            }
        )
    first = claim.first_appearance
    publisher = first.snapshot.source.publisher if first else None
    if publisher is None:
        return None
    return _known({"@type": "Organization", "name": publisher.name, "sameAs": publisher.same_as})


def _appearance(appearance: Appearance, origin: str) -> dict[str, Any]:
    source = appearance.snapshot.source
    return _work(source) | {"url": source.url or origin + reverse("article", args=[source.pk])}


def _citation(evidence: Evidence) -> dict[str, Any]:
    return _work(evidence.source)


def _work(source: Source) -> dict[str, Any]:
    publisher = source.publisher and {"@type": "Organization", "name": source.publisher.name}
    return _known(
        {
            "@type": "CreativeWork",
            "url": source.url,
            "headline": source.title,
            "author": source.author and {"@type": "Person", "name": source.author},
            "publisher": publisher,
            "datePublished": source.published_on,
            "inLanguage": source.language,
        }
    )


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
