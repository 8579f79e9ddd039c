"""Finding the source that somebody is about to add once more, and remembering where they lead."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from .canonical import address_key
from .models import Source, SourceAddress
from .titles import are_alike, title_key

MAX_CANDIDATES = 200
"""Titles with the same first words that are compared, newest first."""
MAX_OFFERED = 5


def source_at(url: str) -> Source | None:
    """Return the source of the document at an address, however that is written."""
    key = address_key(url)
    return Source.objects.filter(canonical_url=key).first() if key else None


def source_led_to(url: str) -> Source | None:
    """Return the source that an address once led to by redirect."""
    return Source.objects.filter(other_addresses__canonical_url=address_key(url)).first()


def sources_like(title: str, *, but: Source | None = None) -> list[Source]:
    """Return up to five sources whose titles are much like this one, newest first.

    Reads a bounded number of rows by an index, whatever the number of sources.
    """
    key = title_key(title)
    if not key:
        return []
    candidates: QuerySet[Source] = Source.objects.filter(title_key=key).order_by("-pk")
    if but is not None and but.pk:
        candidates = candidates.exclude(pk=but.pk)
    rows = candidates.only("pk", "title")[:MAX_CANDIDATES]
    return [row for row in rows if are_alike(title, row.title)][:MAX_OFFERED]


def remember_addresses(source: Source, urls: Iterable[str]) -> list[Source]:
    """Remember that these addresses lead to a source, and return other sources that have them.

    Takes the addresses of a fetch: those of its redirects and the last. The front page of a site is
    passed over, since everything that is gone leads there; so is what is another source's already.
    """
    keys = {address_key(url) for url in urls} - {"", source.canonical_url or ""}
    keys = {key for key in keys if not _is_front_page(key)}
    others = list(
        Source.objects.filter(canonical_url__in=keys).exclude(pk=source.pk).order_by("pk")
    )
    free = keys - {other.canonical_url for other in others}
    now = timezone.now()
    SourceAddress.objects.bulk_create(
        [SourceAddress(source=source, canonical_url=key, found_at=now) for key in sorted(free)],
        ignore_conflicts=True,
    )
    return others


def _is_front_page(key: str) -> bool:
    return key.endswith("/") and key.count("/") == 3
