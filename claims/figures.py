"""Our work in numbers: how much, how often wrong, and how far two people agree."""

from dataclasses import dataclass

from django.db.models import Count

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


def figures() -> Figures:
    """Return the figures as they are now. Three queries."""
    counted = Correction.objects.visible().order_by().values_list("kind").annotate(Count("pk"))
    corrections: dict[str, int] = dict(counted)
    overall, years = agreements()
    return Figures(
        verdicts=sum(count_verdicts().values()),
        corrections=[(kind, corrections.get(kind, 0)) for kind in Correction.Kind],
        agreement=overall,
        years=years,
    )
