"""The ways into the claims: how many there are by status, rating, speaker and topic.

Each list is bounded, so that a page does not grow with the data, and counts visible claims only.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model
from django.utils.translation import gettext as _

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

    @property
    def chosen(self) -> list[Option]:
        """Return the options that are on."""
        return [option for option in self.options if option.is_chosen]


def rating_facet(chosen: Collection[Rating] = ()) -> Facet:
    """Return the steps of the scale and how many verdicts each has. Two queries."""
    counts = count_verdicts()
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


def status_facet(chosen: Collection[str] = ()) -> Facet:
    """Return the states that readers see and how many claims are in each. One query."""
    counts = count_statuses()
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
    keys = {row.pk for row in chosen}
    if missing := keys - counts.keys():
        counts |= dict(counted.filter(**{f"{field}__in": missing}))
    rows: dict[int, Any] = model._default_manager.in_bulk(counts)
    return [
        Option(rows[key].slug, str(rows[key]), count, key in keys) for key, count in counts.items()
    ]
