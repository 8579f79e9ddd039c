"""Our work in numbers: how much, how often wrong, and how far two people agree."""

from dataclasses import dataclass

from django.db.models import Count

from sources.models import Link

from .agreement import Agreements, Year, agreements
from .models import Claim, Correction
from .search import counted


@dataclass(frozen=True)
class Figures:
    """What readers and programs are told of our work."""

    verdicts: int
    corrections: list[tuple[Correction.Kind, int]]
    agreement: Agreements
    years: list[Year]
    links: list[tuple[Link.State, int]]


def figures() -> Figures:
    """Return the figures as they are now. Six queries."""
    kinds = Correction.objects.visible().order_by().values_list("kind").annotate(Count("pk"))
    corrections: dict[str, int] = dict(kinds)
    overall, years = agreements()
    return Figures(
        verdicts=counted("status")["status"][Claim.Status.PUBLISHED],
        corrections=[(kind, corrections.get(kind, 0)) for kind in Correction.Kind],
        agreement=overall,
        years=years,
        links=link_states(),
    )


def link_states() -> list[tuple[Link.State, int]]:
    """Return how many links of cited sources answer in which way; empty while none is watched."""
    # Only cited sources have a next test, and what is cited is public.
    watched = Link.objects.exclude(next_check_at=None).order_by().values_list("state")
    counts: dict[str, int] = dict(watched.annotate(Count("pk")))
    return [(state, counts.get(state, 0)) for state in Link.State] if counts else []
