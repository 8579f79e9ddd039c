"""A text with the passages of claims marked in it, cut into what a template can show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .models import Appearance


@dataclass
class Segment:
    """A stretch of a paragraph: its text, and the appearance it belongs to, if any.

    `is_first` and `is_last` say whether the appearance begins and ends with this stretch.
    """

    text: str
    appearance: Appearance | None = None
    is_first: bool = False
    is_last: bool = False


@dataclass
class Paragraph:
    """A paragraph: its segments, and the appearances that begin in it."""

    segments: list[Segment] = field(default_factory=list)
    appearances: list[Appearance] = field(default_factory=list)


def mark_up(text: str, appearances: Iterable[Appearance]) -> list[Paragraph]:
    """Return the paragraphs of `text`, one for each of its lines that is not blank.

    The segments of a paragraph make up its line, character for character. Of passages that
    overlap, the one that begins first is marked as far as it goes, then the rest of the next.
    """
    in_order = sorted(appearances, key=lambda found: (found.start or 0, -(found.end or 0)))
    paragraphs = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip("\r\n"))
        if text[start:end].strip():
            paragraphs.append(_paragraph(text, start, end, in_order))
        start += len(line)
    return paragraphs


def _paragraph(text: str, start: int, end: int, appearances: Sequence[Appearance]) -> Paragraph:
    paragraph = Paragraph()
    at = start
    for appearance in appearances:
        first, last = appearance.start or 0, appearance.end or 0
        if start <= first < end:
            paragraph.appearances.append(appearance)
        if last <= at or first >= end:
            continue
        if first > at:
            paragraph.segments.append(Segment(text[at:first]))
            at = first
        stop = min(last, end)
        paragraph.segments.append(
            Segment(text[at:stop], appearance, is_first=at == first, is_last=stop == last)
        )
        at = stop
    if at < end:
        paragraph.segments.append(Segment(text[at:end]))
    return paragraph
