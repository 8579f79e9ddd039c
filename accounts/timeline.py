"""What happened to a row and to its parts, newest first: edits with what each changed, and steps.

A timeline is made of strands, such as the edits of a claim, those of its passages, and its steps.
A page of it takes a fixed number of queries, however long it is.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models
from django.db.models import Q, QuerySet

from .wording import Piece

SIZE = 50
"""Entries on a page."""
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)
_PLACE = re.compile(r"(\d{1,16})-(\d)-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Change:
    """A field that was changed: its name, and what was removed and added."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, who did what to which part, and what that changed."""

    at: datetime.datetime
    who: str
    did: str
    part: str
    changes: list[Change]
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """Where a page of a timeline ended: a moment, and of those at that moment which one."""

    at: datetime.datetime
    strand: int
    key: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND}-{self.strand}-{self.key}"


def place_in(text: str) -> Place:
    """Return the place that an address names. Raises ValueError when it names none."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    moment, strand, key = map(int, found.groups())
    return Place(EPOCH + moment * MICROSECOND, strand, key)


class Strand(Protocol):
    """Things of one kind that happened. `moment` and `key` are the fields that order them."""

    model: type[models.Model]
    moment: str
    key: str

    def rows(self) -> QuerySet[Any]:
        """Return the rows of what happened."""

    def tell(self, rows: list[Any]) -> list[Entry]:
        """Return an entry for each row."""


def timeline(
    strands: Sequence[Strand], before: Place | None = None, size: int = SIZE
) -> tuple[list[Entry], Place | None]:
    """Return a page of what happened, newest first, and the place where the next begins, if any."""
    found = [
        (Place(getattr(row, strand.moment), number, row.pk), row)
        for number, strand in enumerate(strands)
        for row in _newest(strand, number, before, size + 1)
    ]
    found.sort(key=lambda each: (EPOCH - each[0].at, each[0].strand, -each[0].key))
    page = found[:size]
    told: dict[tuple[int, int], Entry] = {}
    for number, strand in enumerate(strands):
        rows = [row for place, row in page if place.strand == number]
        told |= {
            (number, row.pk): entry for row, entry in zip(rows, strand.tell(rows), strict=True)
        }
    older = page[-1][0] if len(found) > size else None
    return [told[place.strand, place.key] for place, _row in page], older


def _newest(strand: Strand, number: int, before: Place | None, size: int) -> Iterable[Any]:
    rows = strand.rows()
    if before:
        earlier = Q((f"{strand.moment}__lt", before.at))
        if number == before.strand:
            earlier |= Q((strand.moment, before.at), (f"{strand.key}__lt", before.key))
        elif number > before.strand:
            earlier |= Q((strand.moment, before.at))
        rows = rows.filter(earlier)
    return rows.order_by(f"-{strand.moment}", f"-{strand.key}")[:size]
