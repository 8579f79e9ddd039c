"""An article read again: its newest text, and how each passage of a claim stands in it."""

from dataclasses import dataclass, field

from accounts.wording import Piece, compare
from sources.models import Snapshot, Source

from . import visibility
from .anchoring import Standing, find_again
from .models import Appearance


@dataclass(frozen=True)
class Changed:
    """A passage that no longer stands in the article as it was recorded."""

    appearance: Appearance
    pieces: list[Piece]
    """From the recorded words to those that stand there now; empty where none are like them."""


@dataclass(frozen=True)
class Reading:
    """A text of an article, with the passages that stand in it and those that changed."""

    snapshot: Snapshot
    standing: list[Appearance] = field(default_factory=list)
    """In reading order; `start` and `end` are places in this text."""
    changed: list[Changed] = field(default_factory=list)


def newest_reading(article: Source) -> Reading:
    """Return the newest text of a visible article, with the passages of visible claims.

    What the address answered last is the newest text, where the passages were recorded in what it
    answered before; a text that somebody typed in or uploaded stands for itself. Words that were
    altered are never marked as the claim, for they are not what was checked. Takes an article that
    was loaded with its link and what that says now.
    """
    marked = visibility.marked_snapshot(article)
    link = getattr(article, "link", None)
    current = link.current if link else None
    if current is None or not marked.final_url or current.pk == marked.pk:
        return Reading(marked, list(visibility.appearances_in(marked)))
    reading = Reading(current)
    for appearance in visibility.appearances_read_in(article):
        _place(appearance, reading)
    # A passage that was recorded from two copies stands once in the text.
    once = {(found.claim_id, found.start): found for found in reversed(reading.standing)}
    reading.standing[:] = once.values()
    reading.standing.sort(key=lambda found: (found.start or 0, found.pk))
    return reading


def _place(appearance: Appearance, reading: Reading) -> None:
    # What was found out when the text was kept is not looked for again: likeness takes its time.
    for risk in appearance.current_risks:  # type: ignore[attr-defined]
        if risk.snapshot_id == reading.snapshot.pk:
            reading.changed.append(Changed(appearance, risk.pieces))
            return
    standing, place = find_again(
        reading.snapshot.text,
        appearance.exact,
        start=appearance.start,
        prefix=appearance.prefix,
        suffix=appearance.suffix,
    )
    if place and standing in (Standing.SAME, Standing.MOVED):
        appearance.exact, appearance.start, appearance.end = place.exact, place.start, place.end
        appearance.prefix, appearance.suffix = place.prefix, place.suffix
        reading.standing.append(appearance)
    else:
        pieces = compare(appearance.exact, place.exact) if place else []
        reading.changed.append(Changed(appearance, pieces))
