"""Pages of a list by keyset: as cheap at the end of a million rows as at the start.

A cursor says after (or before) which row a page begins; it is opaque to readers and checked
when it comes back. Rows that are added meanwhile neither repeat nor hide others.
"""

import base64
import datetime
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _


class InvalidCursor(ValueError):
    """The cursor was not made by this list. The sentence says what to do."""


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and the cursors of its neighbours where there are any."""

    rows: list[Any]
    next_cursor: str | None
    previous_cursor: str | None


def keyset_page(rows: QuerySet[Any], *, order: str, size: int, cursor: str | None = None) -> Page:
    """Return the page of `rows` that `cursor` names, or the first.

    `order` is a field such as "name" or "-listed_at"; the primary key, in the same direction,
    breaks ties. One query, whatever the number of rows. Raises InvalidCursor.
    """
    field, descending = order.lstrip("-"), order.startswith("-")
    backwards, position = _read(cursor, rows.model, field) if cursor else (False, None)
    towards_smaller = descending != backwards
    sign = "-" if towards_smaller else ""
    ordered = rows.order_by(f"{sign}{field}", *([f"{sign}pk"] if field != "pk" else []))
    if position is not None:
        ordered = ordered.filter(_beyond(field, position, "lt" if towards_smaller else "gt"))
    found = list(ordered[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    # We came from the other side, so there is a row there: the one the cursor names.
    has_next = bool(found) and (backwards or has_more)
    has_previous = bool(found) and (has_more if backwards else cursor is not None)
    return Page(
        rows=found,
        next_cursor=_write("after", found[-1], field) if has_next else None,
        previous_cursor=_write("before", found[0], field) if has_previous else None,
    )


def _beyond(field: str, position: tuple[Any, int], comparison: str) -> Q:
    value, pk = position
    if field == "pk":
        return Q(**{f"pk__{comparison}": pk})
    # The first condition says again what the second implies: with it the index is used.
    return Q(**{f"{field}__{comparison}e": value}) & (
        Q(**{f"{field}__{comparison}": value}) | Q(**{f"pk__{comparison}": pk})
    )


def _write(side: str, row: Model, field: str) -> str:
    value = getattr(row, field)
    if isinstance(value, datetime.datetime):
        value = value.isoformat()
    content = json.dumps([side, value, row.pk], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read(cursor: str, model: type[Model], field: str) -> tuple[bool, tuple[Any, int]]:
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        side, value, pk = json.loads(content)
        if side not in ("after", "before") or type(pk) is not int or not 0 < pk < 2**63:
            raise ValueError(content)
        column = model._meta.pk if field == "pk" else model._meta.get_field(field)
        value = column.to_python(value)  # type: ignore[union-attr]
        if value is None or "\0" in str(value):
            raise ValueError(content)
    except (ValueError, TypeError, RecursionError, OverflowError, ValidationError) as error:
        raise InvalidCursor(
            _("This page address is not complete. Start again from the first page of the list.")
        ) from error
    return side == "before", (value, pk)
