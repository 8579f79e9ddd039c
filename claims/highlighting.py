"""A text with the passages of claims marked in it, cut into what a template can show."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from .models import Appearance, Claim


@dataclass
class Quotation:
    """A passage of a kept copy that a claim or the evidence on it quotes."""

    start: int
    end: int
    claim: Claim
    number: int = 0


Marked = Appearance | Quotation


@dataclass
class Segment:
    """A stretch of a paragraph: its text, and the appearance it belongs to, if any.

    `is_first` and `is_last` say whether the appearance begins and ends with this stretch.
    """

    text: str
    appearance: Marked | None = None
    is_first: bool = False
    is_last: bool = False


@dataclass
class Paragraph:
    """A paragraph: its segments, and the appearances that begin in it."""

    segments: list[Segment]
    appearances: list[Marked]


def mark_up(text: str, appearances: Iterable[Marked]) -> list[Paragraph]:
    """Return the paragraphs of `text`, one for each of its lines that is not blank.

    The segments of a paragraph make up its line, character for character. Of passages that
    overlap, the one that begins first is marked as far as it goes, then the rest of the next.
    """
    waiting = deque(sorted(appearances, key=lambda found: (found.start or 0, -(found.end or 0))))
    unfinished: list[Marked] = []
    paragraphs = []
    start = shown = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip("\r\n"))
        if text[start:end].strip():
            beginning = []
            while waiting and (waiting[0].start or 0) < end:
                beginning.append(waiting.popleft())
            unfinished += beginning
            paragraphs.append(Paragraph(_segments(text, start, end, shown, unfinished), beginning))
            shown = end
            unfinished = [found for found in unfinished if (found.end or 0) > end]
        start += len(line)
    return paragraphs


def _segments(text: str, start: int, end: int, shown: int, found: list[Marked]) -> list[Segment]:
    """Cut text[start:end] at the passages; what begins before `shown` stands in an earlier one."""
    segments = []
    at = start
    for appearance in found:
        first, last = appearance.start or 0, appearance.end or 0
        if last <= at:
            continue
        if first > at:
            segments.append(Segment(text[at:first]))
            at = first
        stop = min(last, end)
        segments.append(
            Segment(text[at:stop], appearance, is_first=first >= shown, is_last=stop == last)
        )
        at = stop
    if at < end:
        segments.append(Segment(text[at:end]))
    return segments
