"""Our work in numbers: how much, how often wrong, and how far two people agree."""

from dataclasses import dataclass

from django.db.models import Count

from sources.models import Link

from .agreement import Agreements, Year, agreements
from .facets import count_verdicts
from .models import Correction


@dataclass(frozen=True)
class Figures:
    """What readers and programs are told of our work."""

    verdicts: int
    corrections: list[tuple[Correction.Kind, int]]
    agreement: Agreements
    years: list[Year]
    links: list[tuple[Link.State, int]]

    @property
    def links_tested(self) -> int:
        """How many links there are to test."""
        return sum(count for _state, count in self.links)


def figures() -> Figures:
    """Return the figures as they are now. Four queries."""
    counted = Correction.objects.visible().order_by().values_list("kind").annotate(Count("pk"))
    corrections: dict[str, int] = dict(counted)
    overall, years = agreements()
    # Only cited sources have a next test, and what is cited is public.
    watched = Link.objects.exclude(next_check_at=None).order_by().values_list("state")
    links: dict[str, int] = dict(watched.annotate(Count("pk")))
    return Figures(
        verdicts=sum(count_verdicts().values()),
        corrections=[(kind, corrections.get(kind, 0)) for kind in Correction.Kind],
        agreement=overall,
        years=years,
        links=[(state, links.get(state, 0)) for state in Link.State],
    )
