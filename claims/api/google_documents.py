"""A claim and its page as Google’s Fact Check Tools API tells them, extras apart.

Fields without a value are left out, as in the JSON of protocol buffers (proto3).
"""

from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from sources.partial_dates import first_day

from ..addresses import origin_of
from ..models import Claim, Rating, Review

Document = dict[str, Any]


def site_of(request: HttpRequest) -> str:
    """Return our host, without "www.", as Google tells a publisher’s site."""
    return bare_site(urlsplit(origin_of(request)).netloc)


def bare_site(site: str) -> str:
    """Return the host of a site or an address, without a port and "www."."""
    host = urlsplit(site).netloc or site.partition("/")[0]
    return host.lower().partition(":")[0].removeprefix("www.")


def claim_document(claim: Claim, request: HttpRequest, *, with_extras: bool = False) -> Document:
    """Return a claim as a search tells it, loaded `.for_list()`; for extras `.for_display()`."""
    review: Review = claim.current_review
    told: Document = {
        "publisher": {"name": settings.SITE_NAME, "site": site_of(request)},
        "url": origin_of(request) + claim.get_absolute_url(),
        "title": review.finding,
        "reviewDate": review.published_at and _moment(review.published_at),
        "textualRating": review.rating and review.rating.alternate_name,
        "languageCode": claim.language,
    }
    if with_extras:
        told |= _extras(review)
    return known_fields(
        {
            "text": claim.text,
            "claimant": _claimant(claim),
            "claimDate": _moment_of_day(claim.stated_on),
            "claimReview": [known_fields(told)],
        }
    )


def _extras(review: Review) -> Document:
    on_scale = review.rating is not None and review.rating.rating_value is not None
    cited = [found.source for found in review.evidence.all()]
    return {
        "reviewBody": review.rationale,
        "ratingValue": review.rating.rating_value if review.rating else None,
        "worstRating": Rating.WORST if on_scale else None,
        "bestRating": Rating.BEST if on_scale else None,
        "citations": [known_fields({"title": source.title, "url": source.url}) for source in cited],
    }


def page_document(claim: Claim, request: HttpRequest) -> Document:
    """Return the markup of the page of a claim, loaded `.for_display()`."""
    review: Review = claim.current_review
    url = origin_of(request) + claim.get_absolute_url()
    addresses = [each.snapshot.source.url for each in claim.appearances.all()]
    appeared = [address for address in addresses if address]
    rating = review.rating
    on_scale = rating is not None and rating.rating_value is not None
    markup = {
        "url": url,
        "claimReviewed": claim.text,
        "claimDate": claim.stated_on,
        "claimFirstAppearance": appeared[0] if appeared else None,
        "claimAppearances": appeared[1:],
        "claimAuthor": known_fields(
            {"name": _claimant(claim), "sameAs": claim.speaker and claim.speaker.same_as}
        ),
        "rating": known_fields(
            {
                "ratingValue": rating.rating_value if rating else None,
                "worstRating": Rating.WORST if on_scale else None,
                "bestRating": Rating.BEST if on_scale else None,
                "textualRating": rating and rating.alternate_name,
                "ratingExplanation": review.finding,
            }
        ),
    }
    return known_fields(
        {
            "name": f"pages/{claim.pk}",
            "pageUrl": url,
            "publishDate": review.published_at and review.published_at.date().isoformat(),
            "claimReviewAuthor": {"name": settings.SITE_NAME},
            "claimReviewMarkups": [known_fields(markup)],
            "versionId": str(review.number),
        }
    )


def _claimant(claim: Claim) -> str | None:
    if claim.speaker:
        return claim.speaker.name
    first = claim.first_appearance
    publisher = first.snapshot.source.publisher if first else None
    return publisher.name if publisher else None


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment_of_day(day: str) -> str | None:
    """Return a day as a moment; None for a month or a year, which no moment stands for."""
    return _moment(datetime.combine(first_day(day), time(), UTC)) if len(day) == 10 else None


def known_fields(fields: Document) -> Document:
    """Return the fields that say something: others are left out."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
