"""Holding the files of kept copies against the rows that name them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from . import archive
from .models import Capture, Snapshot

YOUNG = timedelta(hours=1)
"""A file is kept so long without a row: the capture that it belongs to may still be under way."""


@dataclass
class Swept:
    """What a sweep did and found."""

    removed: list[str] = field(default_factory=list)
    young: list[str] = field(default_factory=list)
    missing: list[Snapshot] = field(default_factory=list)
    altered: list[Snapshot] = field(default_factory=list)
    whole: int = 0


def sweep(now: datetime | None = None, *, young: timedelta = YOUNG) -> Swept:
    """Remove files that no row names, and look at each that a snapshot names.

    Nothing that a snapshot or an open capture names is ever removed, not even when it is altered.
    """
    swept = Swept()
    before = (now or timezone.now()) - young
    for name in archive.names():
        if not _is_wanted(name):
            _remove(name, before, swept)
    for snapshot in _with_files():
        _check(snapshot, swept)
    return swept


def _is_wanted(name: str) -> bool:
    """Say whether a row names the file."""
    return (
        Snapshot.objects.filter(file=name).exists()
        or Capture.objects.open().filter(file=name).exists()
    )


def _remove(name: str, before: datetime, swept: Swept) -> None:
    """Remove a file that no row names, unless it is young."""
    place = archive.storage()
    try:
        written_at = place.get_modified_time(name)
    except FileNotFoundError:  # it was being written, and has its own name by now
        return
    if written_at > before:
        swept.young.append(name)
    else:
        place.delete(name)
        swept.removed.append(name)


def _with_files() -> Iterator[Snapshot]:
    return Snapshot.objects.exclude(file="").defer("text").order_by("pk").iterator()


def _check(snapshot: Snapshot, swept: Swept) -> None:
    try:
        is_whole = archive.is_whole(snapshot.file)
    except FileNotFoundError:
        swept.missing.append(snapshot)
        return
    if is_whole:
        swept.whole += 1
    else:
        swept.altered.append(snapshot)
