"""The marks of an article as W3C Web Annotations, for programs that show them on the page itself.

The Web Annotation Data Model (W3C Recommendation, 2017): a collection, cut into pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from sources.models import Snapshot, Source

from .models import Appearance, Claim
from .models.claim import ClaimQuerySet
from .rereading import Reading

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CONTENT_TYPE = f'application/ld+json; profile="{CONTEXT}"'
PAGE_SIZE = 50


class NoSuchPage(Exception):
    """The collection has no page of this number."""


@dataclass(frozen=True)
class Annotations:
    """The passages that stand in a visible article, with what readers see of their claims."""

    article: Source
    reading: Reading
    claims: ClaimQuerySet
    """Those that readers may see."""
    origin: str
    language: str
    """In which words of ratings and states are."""

    def collection(self) -> dict[str, Any]:
        """Return the AnnotationCollection, its first page in it."""
        return {
            "@context": CONTEXT,
            **self._whole,
            "label": self.article.title,
            "first": self._page(1),
            "last": self._address(self._last),
        }

    def page(self, number: int) -> dict[str, Any]:
        """Return one AnnotationPage, the first being 1. Raises NoSuchPage."""
        if not 1 <= number <= self._last:
            raise NoSuchPage(number)
        page = {"@context": CONTEXT, **self._page(number), "partOf": self._whole}
        return page | ({"prev": self._address(number - 1)} if number > 1 else {})

    @property
    def _whole(self) -> dict[str, Any]:
        total = len(self.reading.standing)
        return {"id": self._address(), "type": "AnnotationCollection", "total": total}

    @property
    def _last(self) -> int:
        return max(-(-len(self.reading.standing) // PAGE_SIZE), 1)

    def _address(self, page: int | None = None) -> str:
        collection = self.origin + reverse("annotations", args=[self.article.pk])
        return f"{collection}?page={page}" if page else collection

    def _page(self, number: int) -> dict[str, Any]:
        start = (number - 1) * PAGE_SIZE
        page = {
            "id": self._address(number),
            "type": "AnnotationPage",
            "startIndex": start,
            "items": list(self._items(self.reading.standing[start : start + PAGE_SIZE])),
        }
        return page | ({"next": self._address(number + 1)} if number < self._last else {})

    def _items(self, found: list[Appearance]) -> Iterator[dict[str, Any]]:
        keys = {appearance.claim_id for appearance in found}
        by_key = {claim.pk: claim for claim in self.claims.for_card().filter(pk__in=keys)}
        for appearance in found:
            claim = by_key[appearance.claim_id]
            yield {
                "id": f"{self._address()}#{appearance.pk}",
                "type": "Annotation",
                "motivation": "assessing",
                "created": _moment(_assessed_at(claim)),
                "body": _bodies(claim, self.origin, self.language),
                "target": _target(self.article, self.reading.snapshot, appearance, self.origin),
            }


def _assessed_at(claim: Claim) -> datetime:
    review = claim.current_review
    at: datetime = review.published_at if _is_published(claim) else claim.listed_at
    return at


def _is_published(claim: Claim) -> bool:
    return bool(claim.status == Claim.Status.PUBLISHED and claim.current_review)


def _bodies(claim: Claim, origin: str, language: str) -> list[dict[str, str]]:
    """Return the rating, or the state of what has none, the finding, and where to read on."""
    review = claim.current_review if _is_published(claim) else None
    word = review.rating.alternate_name if review else str(claim.get_status_display())
    words = [("assessing", word, language)]
    if review:
        words.append(("commenting", review.finding, claim.language))
    page = {"id": origin + claim.get_absolute_url(), "type": "Text", "format": "text/html"}
    return [
        *(
            {
                "type": "TextualBody",
                "purpose": purpose,
                "value": value,
                "format": "text/plain",
                "language": spoken,
            }
            for purpose, value, spoken in words
        ),
        page,
    ]


def _target(
    article: Source, snapshot: Snapshot, appearance: Appearance, origin: str
) -> dict[str, Any]:
    quote = {
        "type": "TextQuoteSelector",
        "exact": appearance.exact,
        "prefix": appearance.prefix,
        "suffix": appearance.suffix,
    }
    # Places are in the text that we kept; the state says which that is.
    position = {"type": "TextPositionSelector", "start": appearance.start, "end": appearance.end}
    return {
        "source": article.url or origin + reverse("article", args=[article.pk]),
        "selector": [quote, position],
        "state": {
            "type": "TimeState",
            "sourceDate": _moment(snapshot.captured_at),
            "cached": origin + reverse("copy", args=[article.pk, snapshot.pk]),
        },
    }


def _moment(at: datetime) -> str:
    """Return a moment as the model asks for it: in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
