"""How far two people who rate the same claim apart come to the same rating: Krippendorff’s alpha.

Alpha is 1 when they always agree and 0 when they agree no more than chance would make them
(K. Krippendorff, Content Analysis, 4th ed., 2019, ch. 12; A. F. Hayes and K. Krippendorff,
“Answering the Call for a Standard Reliability Measure for Coding Data”, 2007). Under 20 pairs it
says too little to be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone

from .models import BlindRating

LEAST_PAIRS = 20

Level = Literal["nominal", "ordinal"]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Agreement:
    """Alpha over a number of pairs, and how many of them are two times the same rating.

    `alpha` is None under 20 pairs, and where it cannot be computed: see `is_uniform`.
    """

    pairs: int
    same: int
    alpha: float | None
    is_uniform: bool = False
    """Whether all ratings are one and the same word, so that chance would agree as well."""

    @property
    def has_enough(self) -> bool:
        """Whether there are enough pairs to say anything."""
        return self.pairs >= LEAST_PAIRS


@dataclass(frozen=True)
class Agreements:
    """The agreement over some pairs, counted in two ways.

    `words` takes all ratings, and any difference as one (nominal); `scale` takes the pairs of which
    both ratings stand on the scale, and the more steps lie between them the more they differ
    (ordinal).
    """

    words: Agreement
    scale: Agreement


@dataclass(frozen=True)
class Year:
    """The agreement on the claims whose first verdict was published in one calendar year."""

    year: int
    agreements: Agreements


@dataclass(frozen=True)
class _Rated:
    """One claim rated twice: the keys of both ratings, and their places on the scale."""

    published_at: datetime
    ratings: Pair
    values: tuple[int | None, int | None]


def agreements() -> tuple[Agreements, list[Year]]:
    """Return the agreement over all published claims that were rated twice, and year by year.

    One pair for each claim: see `BlindRating.objects.first_pairs`. One query.
    """
    rated = _rated()
    years: dict[int, list[_Rated]] = {}
    for row in rated:
        years.setdefault(timezone.localtime(row.published_at).year, []).append(row)
    return _agreements(rated), [Year(year, _agreements(years[year])) for year in sorted(years)]


def agreement_of(pairs: Sequence[Pair], level: Level) -> Agreement:
    """Return the agreement of pairs of numbers, where `level` says what their differences mean."""
    values = {value for pair in pairs for value in pair}
    same = sum(first == second for first, second in pairs)
    if len(pairs) < LEAST_PAIRS:
        return Agreement(len(pairs), same, None)
    if len(values) == 1:
        return Agreement(len(pairs), same, None, is_uniform=True)
    return Agreement(len(pairs), same, round(alpha_of(pairs, level), 2))


def alpha_of(pairs: Sequence[Pair], level: Level) -> float:
    """Return Krippendorff’s alpha of two raters; `pairs` hold two different numbers at least."""
    import krippendorff  # here, as it brings numpy, which no other page needs

    return float(
        krippendorff.alpha(
            [[pair[rater] for pair in pairs] for rater in (0, 1)], level_of_measurement=level
        )
    )


def _rated() -> list[_Rated]:
    rows: Any = BlindRating.objects.visible().first_pairs().order_by("pk")
    fields = rows.values_list(
        "review__published_at",
        "first_rating",
        "rating",
        "first_rating__rating_value",
        "rating__rating_value",
    )
    return [_Rated(at, (first, second), (low, high)) for at, first, second, low, high in fields]


def _agreements(rated: Iterable[_Rated]) -> Agreements:
    rows = list(rated)
    on_scale = [
        (first, second)
        for first, second in (row.values for row in rows)
        if first is not None and second is not None
    ]
    return Agreements(
        agreement_of([row.ratings for row in rows], "nominal"), agreement_of(on_scale, "ordinal")
    )
