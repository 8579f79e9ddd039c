"""What is on record of a speaker: verdicts by rating, never a score.

Small numbers stay small: no chart under 5 verdicts, no percentages under 20.
"""

from dataclasses import dataclass

from .facets import count_statuses, count_verdicts
from .models import Claim, Rating, Speaker

LEAST_FOR_CHART = 5
LEAST_FOR_PERCENTAGES = 20
MOST_BLOCKS = 20
"""Up to so many claims a row is drawn as one block a claim, beyond it as one bar."""


@dataclass(frozen=True)
class Block:
    """A rectangle of a bar: where it begins and how wide it is, in percent of the chart."""

    x: str
    width: str


@dataclass(frozen=True)
class RatingCount:
    """How many verdicts carry a rating, drawn and in words."""

    rating: Rating
    count: int
    blocks: list[Block]
    percentage: int | None


@dataclass(frozen=True)
class Record:
    """The verdicts on a speaker's claims, by rating, and what they are out of."""

    claims: int
    verdicts: int
    in_review: int
    withdrawn: int
    ratings: list[RatingCount]

    @property
    def has_chart(self) -> bool:
        """Whether there are enough verdicts for a picture not to mislead."""
        return self.verdicts >= LEAST_FOR_CHART

    @property
    def has_blocks(self) -> bool:
        """Whether the chart draws one block a claim, rather than bars."""
        return max((row.count for row in self.ratings), default=0) <= MOST_BLOCKS

    @property
    def has_percentages(self) -> bool:
        """Whether there are enough verdicts for percentages not to mislead."""
        return self.verdicts >= LEAST_FOR_PERCENTAGES


def record_of(speaker: Speaker) -> Record:
    """Return the record of a speaker's visible claims. Three queries."""
    statuses = count_statuses(speaker=speaker)
    counts = count_verdicts(claim__speaker=speaker)
    verdicts, largest = sum(counts.values()), max(counts.values(), default=0)
    return Record(
        claims=sum(statuses.values()),
        verdicts=verdicts,
        in_review=statuses.get(Claim.Status.IN_REVIEW, 0),
        withdrawn=statuses.get(Claim.Status.RETRACTED, 0),
        ratings=[
            RatingCount(
                rating,
                counts[rating.pk],
                _blocks(counts[rating.pk], largest),
                round(100 * counts[rating.pk] / verdicts)
                if verdicts >= LEAST_FOR_PERCENTAGES
                else None,
            )
            for rating in Rating.objects.filter(pk__in=counts).order_by("position", "pk")
        ],
    )


def _blocks(count: int, largest: int) -> list[Block]:
    """Return the rectangles of a row, drawn to the scale of the largest one."""
    if largest > MOST_BLOCKS:
        return [Block("0%", f"{100 * count / largest:.2f}%")]
    # Eight places at least, so that a few claims do not look like many.
    step = 100 / max(largest, 8)
    return [Block(f"{step * place:.2f}%", f"{step * 0.93:.2f}%") for place in range(count)]
