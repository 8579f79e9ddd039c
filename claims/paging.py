"""Pages of a list by keyset: as cheap at the end of a million rows as at the start.

A cursor says after (or before) which row a page begins; it is opaque to readers and checked
when it comes back. Rows that are added meanwhile neither repeat nor hide others.
"""

import base64
import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _


class InvalidCursor(ValueError):
    """The cursor was not made by this list, or its page is gone. The sentence says what to do."""


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and the cursors of its neighbours where there are any."""

    rows: list[Any]
    next_cursor: str | None
    previous_cursor: str | None


def keyset_page(rows: QuerySet[Any], *, order: str, size: int, cursor: str | None = None) -> Page:
    """Return the page of `rows` that `cursor` names, or the first without one.

    `order` is a field that is never empty, such as "name" or "-listed_at"; the primary key, in
    the same direction, breaks ties. One query, whatever the number of rows. Raises InvalidCursor
    when the cursor is not one of this list, or when no row is left where it points.
    """
    field, descending = order.lstrip("-"), order.startswith("-")
    backwards, position = False, None
    if cursor is not None:
        backwards, position = _read(cursor, rows.model, field)
    towards_smaller = descending != backwards
    ordered = rows.order_by(*_ordering(field, towards_smaller))
    if position is not None:
        ordered = ordered.filter(_beyond(field, position, "lt" if towards_smaller else "gt"))
    found = list(ordered[: size + 1])
    if cursor is not None and not found:
        raise _invalid()
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return _page(found, field, has_more=has_more, backwards=backwards, is_first=cursor is None)


def _page(rows: list[Any], field: str, *, has_more: bool, backwards: bool, is_first: bool) -> Page:
    # We came from the other side, so there is a row there: the one the cursor names.
    has_next = backwards or has_more
    has_previous = has_more if backwards else not is_first
    return Page(
        rows=rows,
        next_cursor=_write("after", rows[-1], field) if rows and has_next else None,
        previous_cursor=_write("before", rows[0], field) if rows and has_previous else None,
    )


def _ordering(field: str, descending: bool) -> list[str]:
    sign = "-" if descending else ""
    return [f"{sign}pk"] if field == "pk" else [f"{sign}{field}", f"{sign}pk"]


def _beyond(field: str, position: tuple[Any, int], comparison: str) -> Q:
    """Return the condition that a row lies beyond the position: further on, or level with it and
    its key further on.
    """
    value, pk = position
    if field == "pk":
        return Q(**{f"pk__{comparison}": pk})
    # “Not before” outside, so that the index bounds the search; inside it only ties are left.
    return Q(**{f"{field}__{comparison}e": value}) & (
        Q(**{f"{field}__{comparison}": value}) | Q(**{f"pk__{comparison}": pk})
    )


def _write(side: str, row: Model, field: str) -> str:
    return write_cursor(side, getattr(row, field), row.pk)


def write_cursor(side: str, value: Any, pk: int) -> str:
    """Return the cursor of the page "after" or "before" the row with this value and key."""
    if isinstance(value, datetime.datetime):
        value = value.astimezone(datetime.UTC).isoformat()
    content = json.dumps([side, value, pk], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read(cursor: str, model: type[Model], field: str) -> tuple[bool, tuple[Any, int]]:
    backwards, (value, pk) = read_cursor(cursor, lambda value: _to_python(value, model, field))
    if field == "pk" and value != pk:
        raise _invalid()
    return backwards, (value, pk)


def read_cursor(cursor: str, to_python: Callable[[Any], Any]) -> tuple[bool, tuple[Any, int]]:
    """Return whether a cursor points backwards, and the value and key of the row it names.

    `to_python` makes a value of what stands there, or raises ValueError. Raises InvalidCursor.
    """
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        side, value, pk = json.loads(content)
        value = to_python(value)
        if side not in ("after", "before") or type(pk) is not int or not 0 < pk < 2**63:
            raise ValueError(cursor)
        # What we would not have written ourselves, letter for letter, is not ours.
        if write_cursor(side, value, pk) != cursor:
            raise ValueError(cursor)
    except (ValueError, TypeError, RecursionError, OverflowError, ValidationError) as error:
        raise _invalid() from error
    return side == "before", (value, pk)


def _to_python(value: Any, model: type[Model], field: str) -> Any:
    """Return the value as the field holds it. Raises ValueError for what no database holds."""
    column: Any = model._meta.pk if field == "pk" else model._meta.get_field(field)
    value = column.to_python(value)
    if value is None or (isinstance(value, str) and "\0" in value):
        raise ValueError(value)
    if isinstance(value, datetime.datetime) and timezone.is_naive(value):
        raise ValueError(value)
    return value


def _invalid() -> InvalidCursor:
    return InvalidCursor(
        _("This page of the list does not exist, or not any more. Start again from its first page.")
    )
