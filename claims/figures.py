"""Our work in numbers: how much, how fast, how often wrong, and how far two people agree."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import caches
from django.db.models import Count
from django.utils.translation import gettext as _

from sources.models import Link

from .agreement import Agreements, Year, agreements
from .models import Claim, Correction, Rating, Speaker, Topic
from .pace import SECONDS_KEPT, Pace, pace
from .search import counted

MOST_IN_BALANCE = 12
"""So many topics and groups of speakers are told, those with the most claims."""


@dataclass(frozen=True)
class Figures:
    """What readers and programs are told of our work."""

    verdicts: int
    waiting: int
    """Claims in review."""
    ratings: list[tuple[Rating, int]]
    pace: Pace
    topics: list[tuple[Topic, int]]
    """Visible claims by topic: what we choose to check."""
    groups: list[tuple[str, int]]
    """Visible claims by whom their speakers speak for, of the speakers with the most claims."""
    corrections: list[tuple[Correction.Kind, int]]
    agreement: Agreements
    years: list[Year]
    links: list[tuple[Link.State, int]]


def figures() -> Figures:
    """Return the figures as they are now, the pace and corrections of at most five minutes ago.

    Fourteen queries, nine while those are kept.
    """
    # At a million claims these take a tenth of a second, which the index has not counted.
    kept = caches["computed"]
    corrections = kept.get_or_set("corrections", _corrections, SECONDS_KEPT) or {}
    overall, years = agreements()
    counts = counted("status", "rating", "topic", "speaker")
    return Figures(
        verdicts=counts["status"][Claim.Status.PUBLISHED],
        waiting=counts["status"][Claim.Status.IN_REVIEW],
        ratings=_ratings(counts["rating"]),
        pace=pace(),
        topics=_topics(counts["topic"]),
        groups=_groups(counts["speaker"]),
        corrections=[(kind, corrections.get(kind, 0)) for kind in Correction.Kind],
        agreement=overall,
        years=years,
        links=link_states(),
    )


def _corrections() -> dict[str, int]:
    kinds = Correction.objects.visible().order_by().values_list("kind").annotate(Count("pk"))
    return dict(kinds)


def _ratings(counts: Mapping[int, int]) -> list[tuple[Rating, int]]:
    """Return how many verdicts carry each rating, in the order of the scale."""
    ratings = Rating.objects.order_by("position", "pk")
    return [
        (rating, counts.get(rating.pk, 0))
        for rating in ratings
        if counts.get(rating.pk) or not rating.is_retired
    ]


def _topics(counts: Counter[int]) -> list[tuple[Topic, int]]:
    commonest = counts.most_common(MOST_IN_BALANCE)
    topics = Topic.objects.visible().in_bulk([key for key, _count in commonest])
    return [(topics[key], count) for key, count in commonest if key in topics]


def _groups(counts: Counter[int]) -> list[tuple[str, int]]:
    """Return how many claims speakers made for whom: an organization, or nobody that is named."""
    groups: Counter[str] = Counter()
    for speaker in Speaker.objects.visible().filter(pk__in=counts):
        is_person = speaker.kind == Speaker.Kind.PERSON
        own = _("Speak for nobody that is named") if is_person else speaker.name
        groups[speaker.affiliation or own] += counts[speaker.pk]
    return groups.most_common(MOST_IN_BALANCE)


def link_states() -> list[tuple[Link.State, int]]:
    """Return how many links of cited sources answer in which way; empty while none is watched."""
    # Only cited sources have a next test, and what is cited is public.
    watched = Link.objects.exclude(next_check_at=None).order_by().values_list("state")
    counts: dict[str, int] = dict(watched.annotate(Count("pk")))
    return [(state, counts.get(state, 0)) for state in Link.State] if counts else []
