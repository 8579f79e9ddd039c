"""Charts that the server draws: widths in percent and heights in pixels, so letters keep theirs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEIGHT = 150
"""Of the tallest column, in pixels; the axis is `BASE` pixels below the top."""
BASE = 170
LEAST = 5
"""Under so many nothing is drawn: a picture would say more than there is."""


@dataclass(frozen=True)
class Bar:
    """One row of a table of bars."""

    word: str
    count: int
    width: str
    mark: str = ""
    """Of a rating, which stands in a chip; else the bar is grey."""
    percentage: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a histogram, with where its words stand."""

    x: str
    middle: str
    y: int
    height: int
    above: int
    count: int
    word: str


@dataclass(frozen=True)
class Line:
    """A stretch of a line."""

    x1: str
    x2: str
    y1: str
    y2: str


@dataclass(frozen=True)
class Tick:
    """A line across a chart, and the number at its start."""

    y: str
    below: str
    value: int


def width_of(count: int, largest: int) -> str:
    """Return how wide a bar is; one that is not empty can be seen."""
    return f"{max(99 * count / largest, 0.5 if count else 0):.2f}%" if largest else "0%"


def columns(counted: Sequence[tuple[str, int]]) -> list[Column]:
    """Return the columns of a histogram, from words and counts."""
    largest = max((count for _word, count in counted), default=0) or 1
    share = 100 / max(len(counted), 1)
    found = []
    for number, (word, count) in enumerate(counted):
        height = round(HEIGHT * count / largest)
        found.append(
            Column(
                x=f"{number * share + 0.6:.2f}%",
                middle=f"{(number + 0.5) * share:.2f}%",
                y=BASE - height,
                height=height,
                above=BASE - height - 6,
                count=count,
                word=word,
            )
        )
    return found


def column_width(number: int) -> str:
    """Return how wide each of so many columns is."""
    return f"{100 / max(number, 1) - 1.2:.2f}%"


START, END = 7.0, 92.0
"""Where a line begins and ends, in percent of the chart's width."""


def line(values: Sequence[int], top: int) -> list[Line]:
    """Return a line in steps: each value holds until the next."""
    at = [_x(number, len(values)) for number in range(len(values))]
    y = [f"{BASE - HEIGHT * value / top:.1f}" for value in values]
    stretches = []
    for before in range(len(values) - 1):
        stretches.append(Line(at[before], at[before + 1], y[before], y[before]))
        stretches.append(Line(at[before + 1], at[before + 1], y[before], y[before + 1]))
    return stretches


def ticks(largest: int) -> list[Tick]:
    """Return lines at round numbers, the last one not below the largest value."""
    step = next(size for size in _sizes() if size * 5 >= largest)
    numbers = range(0, step * (-(-max(largest, 1) // step) + 1), step)
    top = numbers[-1]
    return [
        Tick(f"{BASE - HEIGHT * value / top:.1f}", f"{BASE + 4 - HEIGHT * value / top:.1f}", value)
        for value in numbers
    ]


def _x(number: int, of: int) -> str:
    return f"{START + (END - START) * number / max(of - 1, 1):.2f}%"


def _sizes() -> Iterator[int]:
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10
