"""How long a verdict takes us, and how many claims wait for one."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import quantiles

from django.core.cache import caches
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from .models import Claim, Review

LEAST = 5
"""Of fewer verdicts nothing is drawn, and no median told."""
MOST = 20_000
"""So many of the newest verdicts are looked at."""
DAYS_BACK = 365
WEEKS = 26
SECONDS_KEPT = 300
# The first day of each step, and of what is beyond the last.
STEPS = (0, 2, 4, 7, 11, 15, 22)


@dataclass(frozen=True)
class Step:
    """How many verdicts took from `first` to `last` days; `last` is None for any more."""

    first: int
    last: int | None
    verdicts: int


@dataclass(frozen=True)
class Week:
    """How many claims waited for their first verdict at the end of a week."""

    ends_on: date
    waiting: int


@dataclass(frozen=True)
class Pace:
    """Days from recording a claim to its first verdict, in the last twelve months; and who waits.

    Half of the verdicts took `median` days or less, and half of them from `lower` to `upper`; all
    are None under five verdicts.
    """

    verdicts: int
    median: float | None
    lower: float | None
    upper: float | None
    steps: list[Step]
    weeks: list[Week]
    has_all: bool
    """Whether these are all verdicts of the twelve months, not only the newest."""


def pace() -> Pace:
    """Return the pace as it was at most five minutes ago. Four queries, or none."""
    found: Pace | None = caches["computed"].get("pace")
    if found is None:
        found = _pace(timezone.now())
        caches["computed"].set("pace", found, SECONDS_KEPT)
    return found


def _pace(now: datetime) -> Pace:
    first_verdicts, reaches_back_to = _first_verdicts(now - timedelta(days=DAYS_BACK))
    days = sorted((published - recorded).days for recorded, published in first_verdicts)
    lower, median, upper = quantiles(days, n=4) if len(days) >= LEAST else (None, None, None)
    return Pace(
        verdicts=len(days),
        median=median,
        lower=lower,
        upper=upper,
        steps=_steps(days),
        weeks=_weeks(first_verdicts, now, reaches_back_to),
        has_all=len(first_verdicts) < MOST,
    )


def _first_verdicts(since: datetime) -> tuple[list[tuple[datetime, datetime]], datetime]:
    """Return when each claim was recorded and first judged, and the moment from which on all are.

    One query for each status, for which an index has the order.
    """
    found: list[tuple[datetime, datetime]] = []
    for status in (Review.Status.PUBLISHED, Review.Status.SUPERSEDED, Review.Status.RETRACTED):
        reviews = Review.objects.visible().filter(status=status, number=1, published_at__gte=since)
        rows = reviews.order_by("-published_at", "-pk").values_list(
            "claim__created_at", "published_at"
        )[:MOST]
        found += [(recorded, published) for recorded, published in rows if published]
    found.sort(key=lambda pair: pair[1], reverse=True)
    del found[MOST:]
    return found, found[-1][1] if len(found) == MOST else since


def _steps(days: list[int]) -> list[Step]:
    counts = [0] * len(STEPS)
    for each in days:
        counts[bisect_right(STEPS, max(each, 0)) - 1] += 1
    lasts = [*(first - 1 for first in STEPS[1:]), None]
    return [Step(*step) for step in zip(STEPS, lasts, counts, strict=True)]


def _weeks(
    first_verdicts: list[tuple[datetime, datetime]], now: datetime, since: datetime
) -> list[Week]:
    """Return the weeks of which all is known, the last one ending now."""
    weeks = [now - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    ends = [end for end in weeks if end >= since]
    recorded = sorted(recorded_at for recorded_at, _published_at in first_verdicts)
    judged = sorted(published_at for _recorded_at, published_at in first_verdicts)
    still = _still_waiting(ends)
    return [
        Week(
            timezone.localdate(end),
            still[number] + bisect_right(recorded, end) - bisect_right(judged, end),
        )
        for number, end in enumerate(ends)
    ]


def _still_waiting(ends: list[datetime]) -> list[int]:
    """Return how many of the claims that wait for their first verdict now did so at each moment."""
    judged_before = Review.objects.visible().filter(claim=OuterRef("pk"))
    in_review = Claim.objects.visible().filter(status=Claim.Status.IN_REVIEW).order_by()
    waiting = in_review.exclude(Exists(judged_before))
    counts = waiting.aggregate(
        **{f"at_{n}": Count("pk", filter=Q(created_at__lte=end)) for n, end in enumerate(ends)}
    )
    return list(counts.values())
