"""The ways into the claims: how many there are by status, rating, speaker and topic.

Each list is bounded, so that a page does not grow with the data, and counts visible claims only.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Model
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

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
    counts = found.facets
    facets = [
        rating_facet(chosen["rating"], counts["rating"]),
        status_facet(chosen["status"], counts["status"]),
        Facet("speaker", _("Speaker"), _options(Speaker, counts["speaker"], chosen["speaker"])),
        Facet("topic", _("Topic"), _options(Topic, counts["topic"], chosen["topic"])),
        Facet("language", _("Language"), _plain(counts["language"], chosen["language"], _language)),
        Facet("year", _("Year"), _plain(counts["year"], map(int, chosen["year"]), str)),
    ]
    return [replace(facet, is_lower_bound=found.has_more) for facet in facets]


def rating_facet(chosen: Collection[Rating] = (), counts: Mapping[int, int] | None = None) -> Facet:
    """Return the steps of the scale and how many verdicts each has. Two queries."""
    counts = count_verdicts() if counts is None else counts
    keys = {rating.pk for rating in chosen}
    options = [
        Option(rating.slug, str(rating), counts.get(rating.pk, 0), rating.pk in keys, rating.mark)
        for rating in Rating.objects.order_by("position", "pk")
        if not rating.is_retired or rating.pk in counts or rating.pk in keys
    ]
    return Facet("rating", _("Rating"), options)


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


def status_facet(chosen: Collection[str] = (), counts: Mapping[str, int] | None = None) -> Facet:
    """Return the states that readers see and how many claims are in each. One query."""
    counts = count_statuses() if counts is None else counts
    options = [
        Option(value, str(word), counts.get(value, 0), value in chosen)
        for value, word in VISIBLE_STATUSES
    ]
    return Facet("status", _("Status"), options)


def count_statuses(**narrowed: Any) -> dict[str, int]:
    """Return the number of visible claims by status, of those that `narrowed` names."""
    counted = Claim.objects.visible().filter(**narrowed).order_by().values_list("status")
    return dict(counted.annotate(Count("pk")))


def speaker_facet(chosen: Collection[Speaker] = ()) -> Facet:
    """Return the speakers with the most claims, and the chosen ones. At most three queries."""
    return Facet("speaker", _("Speaker"), _most_claims(Speaker, "speaker", chosen))


def topic_facet(chosen: Collection[Topic] = ()) -> Facet:
    """Return the topics with the most claims, and the chosen ones. At most three queries."""
    return Facet("topic", _("Topic"), _most_claims(Topic, "topics", chosen))


def _most_claims(
    model: type[Speaker] | type[Topic], field: str, chosen: Collection[Model]
) -> list[Option]:
    counted = (
        Claim.objects.visible()
        .filter(**{f"{field}__isnull": False})
        .order_by()
        .values_list(field)
        .annotate(claims=Count("pk"))
    )
    counts: dict[int, int] = dict(counted.order_by("-claims", field)[:MOST_OPTIONS])
    if missing := {row.pk for row in chosen} - counts.keys():
        counts |= dict(counted.filter(**{f"{field}__in": missing}))
    return _options(model, counts, chosen)


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


def _commonest(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """Return the commonest values; of two that are as common, the smaller first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_OPTIONS]


def _language(tag: str) -> str:
    """Return the name of a language in the reader’s, or its tag where Django knows none."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag
