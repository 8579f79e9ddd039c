"""The edits of rows in words: which field, what was removed and added, and by whom."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import formats, timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from .history import FOUND
from .timeline import Change, Entry
from .wording import Piece, compare

KEPT = 120
"""Characters shown of an unchanged stretch on either side of a change."""

Values = dict[str, Any]
"""What a row of history holds, by field: keys of other rows, and lists of them."""


class Edits:
    """A strand of a timeline: the edits of one row, or of the parts of one.

    `Edits(Claim, id=7)`, or `Edits(Appearance, named_by="exact", claim=7)`, where `named_by` is
    the field by which a part is called.
    """

    moment, key = "history_date", "history_id"

    def __init__(self, model: Any, *, named_by: str = "", **which: int) -> None:
        self.model, self.history = model, model.history.model
        self.named_by, self.which = named_by, which
        self.members = [field.name for field in self.history._history_m2m_fields]
        tracked = [field.name for field in self.history.tracked_fields if not field.primary_key]
        self.fields = {name: model._meta.get_field(name) for name in [*tracked, *self.members]}

    def rows(self) -> QuerySet[Any]:
        """Return the rows of history, each with who edited and the key of the row before it."""
        earlier = self.history.objects.filter(
            id=OuterRef("id"), history_id__lt=OuterRef("history_id")
        ).order_by("-history_id")
        rows: QuerySet[Any] = self.history.objects.filter(**self.which)
        earlier_key = Subquery(earlier.values("history_id")[:1])
        rows = rows.select_related("history_user").annotate(earlier=earlier_key)
        return rows

    def rows_to_name(self, model: Any) -> QuerySet[Any]:
        """Return the rows of a model, loaded with what their names are made of."""
        rows: QuerySet[Any] = model._base_manager.all()
        return rows

    def say(self, field: Any, value: Any) -> str:
        """Return what a field holds in words; empty for nothing."""
        return _said(field, value)

    def tell(self, rows: list[Any]) -> list[Entry]:
        """Return an entry for each row of history."""
        earlier = self.history.objects.in_bulk([row.earlier for row in rows if row.earlier])
        values = self._values([*rows, *earlier.values()])
        changed = {row.pk: [*self._changed(row, values)] for row in rows}
        names = self._names(changed.values(), [values[row.pk] for row in rows])
        return [self._entry(row, values[row.pk], changed[row.pk], names) for row in rows]

    def _values(self, rows: list[Any]) -> dict[int, Values]:
        """Return what each row of history holds, by its key."""
        values = {
            row.pk: {
                name: getattr(row, field.attname)
                for name, field in self.fields.items()
                if name not in self.members
            }
            for row in rows
        }
        for name in self.members:
            held = self._held(name, [*values])
            for key in values:
                values[key][name] = held[key]
        return values

    def _held(self, name: str, keys: list[int]) -> dict[int, list[int]]:
        """Return the keys that a many-to-many field held, by row of history."""
        through = getattr(self.history, name).model
        other = self.fields[name].m2m_reverse_name()
        held = defaultdict(list)
        rows = through.objects.filter(history__in=keys).order_by(other)
        for key, member in rows.values_list("history", other):
            held[key].append(member)
        return held

    def _changed(self, row: Any, values: dict[int, Values]) -> Iterator[tuple[Any, Any, Any]]:
        """Yield each field that a row of history changed, with what it held before and after.

        A new row changes every field that holds something, and so does the removal of one.
        """
        if row.history_type == "~" and row.earlier is None:
            return
        before, after = values.get(row.earlier, {}), values[row.pk]
        if row.history_type == "+":
            before = {}
        if row.history_type == "-":
            before, after = after, {}
        for name, field in self.fields.items():
            old, new = before.get(name), after.get(name)
            is_same = old == new if before and after else not (old or new) or name in self.which
            if not is_same:
                yield field, old, new

    def _names(self, changed: Iterable[Any], values: list[Values]) -> dict[Any, dict[int, str]]:
        """Return the names of all rows that changes and parts speak of, by model and key."""
        spoken = [(field, held) for changes in changed for field, *both in changes for held in both]
        if self.named_by:
            spoken += [(self.fields[self.named_by], each[self.named_by]) for each in values]
        keys = defaultdict(set)
        for field, held in spoken:
            if field.is_relation and held is not None:
                keys[field.related_model].update(held if isinstance(held, list) else [held])
        return {
            model: {row.pk: str(row) for row in self.rows_to_name(model).filter(pk__in=wanted)}
            for model, wanted in keys.items()
        }

    def _entry(self, row: Any, values: Values, changed: list[Any], names: Any) -> Entry:
        part = ""
        if self.named_by:
            field = self.fields[self.named_by]
            name = Truncator(self._words(field, values[self.named_by], names)).chars(80)
            part = f"{capfirst(self.model._meta.verbose_name)}: {name}"
        return Entry(
            at=row.history_date,
            who=_who(row),
            did=_did(row),
            part=part,
            changes=[
                Change(capfirst(field.verbose_name), self._pieces(field, old, new, names))
                for field, old, new in changed
            ],
        )

    def _pieces(self, field: Any, old: Any, new: Any, names: Any) -> list[Piece]:
        before, after = self._words(field, old, names), self._words(field, new, names)
        if is_text(field):
            return shortened(compare(before, after))
        pieces = [Piece("removed", before), Piece("added", after)]
        return [piece for piece in pieces if piece.text]

    def _words(self, field: Any, value: Any, names: Any) -> str:
        if not field.is_relation or value is None:
            return self.say(field, value)
        known = names.get(field.related_model, {})
        keys = value if isinstance(value, list) else [value]
        return ", ".join(known.get(key) or _("#%(key)s (gone)") % {"key": key} for key in keys)


def is_text(field: Any) -> bool:
    """Say whether a field holds words to compare one by one."""
    if field.many_to_many:
        return True
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def shortened(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with only the surroundings of what was changed."""
    last = len(pieces) - 1
    return [
        piece
        if piece.change != "same"
        else Piece("same", _surroundings(piece.text, is_first=place == 0, is_last=place == last))
        for place, piece in enumerate(pieces)
    ]


def _surroundings(text: str, *, is_first: bool, is_last: bool) -> str:
    head, tail = "" if is_first else text[:KEPT], "" if is_last else text[-KEPT:]
    return text if len(text) <= 2 * KEPT else f"{head}…{tail}"


def _said(field: Any, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, datetime.date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _who(row: Any) -> str:
    if row.history_user:
        return str(row.history_user)
    if row.history_change_reason == FOUND:
        return ""
    reason = row.history_change_reason
    return _("a command (%(name)s)") % {"name": reason} if reason else _("a command")


def _did(row: Any) -> str:
    if row.history_change_reason == FOUND and row.earlier is None:
        return _("How it stood before the first edit that is remembered")
    if row.history_change_reason == FOUND:
        return _("Changed by a step, or together with other rows")
    return {"+": _("Recorded"), "~": _("Changed"), "-": _("Removed")}[row.history_type]
