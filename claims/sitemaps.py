"""Which pages search engines are told of (sitemaps.org/protocol.html).

A part has the rows whose keys lie in one stretch of `IN_PART` keys, so that it takes the same
queries and the same time wherever it lies.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from . import visibility
from .models import Claim, Review, Speaker, Topic

IN_PART = 10_000
NEWS_DAYS = timedelta(days=2)
"""News sitemaps hold what was published in the last two days (Google’s rule)."""
MOST_NEWS = 1000


@dataclass(frozen=True)
class Page:
    """A page, and when it changed, where that is known."""

    path: str
    changed_at: datetime | None = None


def _published_claims() -> QuerySet[Claim]:
    # The page of a claim without a verdict asks not to be indexed.
    return Claim.objects.visible().filter(status=Claim.Status.PUBLISHED)


_ROWS: dict[str, Callable[[], QuerySet[Any]]] = {
    "claims": _published_claims,
    "articles": visibility.visible_articles,
    "speakers": Speaker.objects.visible,
    "topics": Topic.objects.visible,
    "sources": visibility.visible_sources,
}
KINDS = tuple(_ROWS)


def parts() -> Iterator[tuple[str, int]]:
    """Yield the kind and the number of each part. One query for each kind."""
    for kind, rows in _ROWS.items():
        newest = rows().order_by("-pk").values_list("pk", flat=True).first()
        for number in range((newest or 0) // IN_PART + 1 if newest else 0):
            yield kind, number


def pages_of(kind: str, number: int) -> list[Page] | None:
    """Return the pages of a part, or None when there is no such part. At most three queries."""
    stretch = {"pk__gte": number * IN_PART, "pk__lt": (number + 1) * IN_PART}
    rows = _ROWS[kind]()
    newest = rows.order_by("-pk").values_list("pk", flat=True).first()
    if newest is None or newest < stretch["pk__gte"]:
        return None
    rows = rows.filter(**stretch).order_by("pk")
    named = "slug" if kind in ("speakers", "topics") else "pk"
    values = list(rows.values_list(named, flat=True))
    changed = _published_at(values) if kind == "claims" and values else {}
    name = kind.removesuffix("s")
    return [Page(reverse(name, args=[value]), changed.get(value)) for value in values]


def _published_at(claims: list[int]) -> dict[int, datetime]:
    """Return when the verdict of each claim that has one was published; keys in order."""
    stretch = {"claim__gte": claims[0], "claim__lte": claims[-1]}
    reviews: Any = Review.objects.published(of_some=True).filter(**stretch).order_by()
    return dict(reviews.values_list("claim", "published_at"))


def news() -> list[Review]:
    """Return the verdicts that were published in the last two days, newest first. One query."""
    since = timezone.now() - NEWS_DAYS
    recent = Review.objects.published().filter(
        published_at__gte=since, claim__status=Claim.Status.PUBLISHED
    )
    return list(
        recent.select_related("claim", "rating").order_by("-published_at", "-pk")[:MOST_NEWS]
    )
