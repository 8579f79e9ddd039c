"""The ways into the claims: how many there are by status, rating, speaker and topic.

Each list is bounded, so that a page does not grow with the data, and counts visible claims only,
as the index counted them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Count, Model
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from . import search
from .filters import VISIBLE_STATUSES
from .models import Claim, Rating, Review, Speaker, Topic

MOST_OPTIONS = 12
"""So many speakers and topics are offered, those with the most claims."""


@dataclass(frozen=True)
class Option:
    """One value that a list can be narrowed to, in words, and how many claims have it."""

    value: str
    word: str
    count: int
    is_chosen: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list of claims: the name of the filter, its title and its options."""

    name: str
    title: str
    options: list[Option]
    is_lower_bound: bool = False
    """Whether each count is only that of the newest claims that were counted."""

    @property
    def chosen(self) -> list[Option]:
        """Return the options that are on."""
        return [option for option in self.options if option.is_chosen]


def found_facets(found: search.Found, chosen: Mapping[str, Collection[Any]]) -> list[Facet]:
    """Return all ways to narrow what a search found, with what is chosen. At most three queries."""
    facets = all_facets(found.facets, chosen)
    return [replace(facet, is_lower_bound=found.has_more) for facet in facets]


def all_facets(
    counts: Mapping[str, Mapping[Any, int]], chosen: Mapping[str, Collection[Any]] | None = None
) -> list[Facet]:
    """Return the ways to narrow a list for which there are counts, with what is chosen.

    At most three queries.
    """
    chosen = {name: on for name, on in (chosen or {}).items() if on}
    facets = []
    for name, count in counts.items():
        title, options = _FACETS[name]
        facets.append(Facet(name, str(title), options(count, chosen.get(name, ()))))
    return facets


def count_verdicts(**narrowed: Any) -> dict[int, int]:
    """Return the number of verdicts that stand by rating, of the claims that `narrowed` names."""
    counted = (
        Review.objects.published()
        .filter(claim__status=Claim.Status.PUBLISHED, **narrowed)
        .order_by()
        .values_list("rating")
        .annotate(Count("pk"))
    )
    return dict(counted)


def count_statuses(**narrowed: Any) -> dict[str, int]:
    """Return the number of visible claims by status, of those that `narrowed` names."""
    counted = Claim.objects.visible().filter(**narrowed).order_by().values_list("status")
    return dict(counted.annotate(Count("pk")))


def _ratings(counts: Mapping[int, int], chosen: Collection[Rating]) -> list[Option]:
    """Return the steps of the scale, in its order; retired ones where they have claims."""
    keys = {rating.pk for rating in chosen}
    return [
        Option(rating.slug, str(rating), counts.get(rating.pk, 0), rating.pk in keys, rating.mark)
        for rating in Rating.objects.order_by("position", "pk")
        if not rating.is_retired or rating.pk in counts or rating.pk in keys
    ]


def _statuses(counts: Mapping[str, int], chosen: Collection[str]) -> list[Option]:
    return [
        Option(value, str(word), counts.get(value, 0), value in chosen)
        for value, word in VISIBLE_STATUSES
    ]


def _options(
    model: type[Speaker] | type[Topic], counts: Mapping[int, int], chosen: Collection[Model]
) -> list[Option]:
    keys = {row.pk for row in chosen}
    shown = dict(_commonest(counts))
    shown |= {key: counts.get(key, 0) for key in sorted(keys - shown.keys())}
    rows: dict[int, Any] = model._default_manager.in_bulk(shown)
    return [
        Option(rows[key].slug, str(rows[key]), count, key in keys)
        for key, count in shown.items()
        if key in rows
    ]


def _plain(
    counts: Mapping[Any, int], chosen: Iterable[Any], word: Callable[[Any], str]
) -> list[Option]:
    on = set(chosen)
    shown = dict(_commonest(counts))
    shown |= {value: counts.get(value, 0) for value in sorted(on - shown.keys())}
    return [
        Option(str(value), word(value), count, value in on)
        for value, count in shown.items()
        if value != ""
    ]


def _years(counts: Mapping[int, int], chosen: Iterable[str]) -> list[Option]:
    return _plain(counts, map(int, chosen), str)


def _commonest(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """Return the commonest values; of two that are as common, the smaller first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_OPTIONS]


def _language(tag: str) -> str:
    """Return the name of a language in the reader’s, or its tag where Django knows none."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


_FACETS: dict[str, tuple[Any, Callable[[Any, Any], list[Option]]]] = {
    "rating": (_("Rating"), _ratings),
    "status": (_("Status"), _statuses),
    "speaker": (_("Speaker"), partial(_options, Speaker)),
    "topic": (_("Topic"), partial(_options, Topic)),
    "language": (_("Language"), partial(_plain, word=_language)),
    "year": (_("Year"), _years),
}
