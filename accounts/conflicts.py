"""When somebody saved first: nothing is overwritten, nothing typed is lost.

Three states meet, as in a merge of texts: what the form showed when it was opened, what is stored
now, and what was typed. A part that one person alone changed keeps that change; where both changed
it, the person chooses.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from .editing import Editable, EditConflict, next_edit
from .history_page import HistoryAdmin
from .listing import BoundedAdmin

OPENED, RESOLVE, KEEP, WRITE = "_opened", "_resolve", "_keep:", "_write:"
OWN_NAMES = ("csrfmiddlewaretoken", OPENED, RESOLVE)

Key = tuple[str, str, str]
"""Group of rows (a formset's prefix, or empty), row (its primary key, or empty), field."""
Values = dict[Key, list[str]]


@dataclass
class Part:
    """A part of the form that differs. `chosen` is "mine", "theirs" or empty."""

    name: str
    label: str
    mine: str
    theirs: str
    chosen: str
    is_text: bool


class ConflictAdmin(HistoryAdmin, BoundedAdmin):
    """A model whose forms carry the number of the edit that they were opened at."""

    change_form_template = "admin/numbered_change_form.html"

    def numbered(self, row: Any) -> list[Editable]:
        """Return the rows that the page of `row` edits, each with its number."""
        return [row]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Save the form, or show what somebody else saved meanwhile."""
        view = partial(_twice, super().changeform_view)
        if request.method != "POST" or object_id is None:
            return view(request, object_id, form_url, extra_context)
        row = self.get_object(request, object_id)
        if row is None or not self.has_change_permission(request, row):
            return view(request, object_id, form_url, extra_context)
        if RESOLVE in request.POST:
            stored = self._stored(request, object_id)
            request.POST = _resolved(request.POST, stored)
            if request.POST.get(RESOLVE) == "open":
                return self._conflict(request, object_id, asks_again=True)
        if self._numbers(row) != _posted_numbers(request.POST):
            return self._conflict(request, object_id)
        try:
            return view(request, object_id, form_url, extra_context)
        except EditConflict:
            return self._conflict(request, object_id)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the row, unless somebody saved it since the form was opened."""
        if change:
            posted = _posted_numbers(request.POST)
            for row in self.numbered(obj):
                next_edit(row, posted.get(_number_name(row), 0))
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Send with the form its numbers, what it showed when it was opened, and its page."""
        row = context.get("original")
        if row is not None:
            context |= self.page_context(request, row)
            is_first = request.method != "POST"
            context["edit_numbers"] = (
                self._numbers(row) if is_first else _posted_numbers(request.POST)
            )
            context["opened"] = (
                _packed(_values(context)) if is_first else request.POST.get(OPENED, "")
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the page of a row shows beside its form: a class adds to what others have."""
        return {}

    def _numbers(self, row: Any) -> dict[str, int]:
        return {_number_name(each): each.edit_number for each in self.numbered(row)}

    def _stored(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """Return the context of the page as somebody sees it who opens it now."""
        fresh = copy.copy(request)
        fresh.method = "GET"
        response = super().changeform_view(fresh, object_id)
        return response.context_data  # type: ignore[no-any-return, attr-defined]

    def _conflict(
        self, request: HttpRequest, object_id: str, *, asks_again: bool = False
    ) -> HttpResponse:
        stored = self._stored(request, object_id)
        row = stored["original"]
        parts = list(_parts(request.POST, stored))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": str(row),
            "parts": parts,
            "asks_again": asks_again,
            "edit_numbers": self._numbers(row),
            "opened": request.POST.get(OPENED, ""),
            "lost": list(_lost(request.POST, stored)),
            "typed": [
                (name, value)
                for name, values in request.POST.lists()
                if name not in OWN_NAMES and not name.startswith(("edit_number-", KEEP, WRITE))
                for value in values
            ],
            "last_save": self._last_save(row),
        }
        return TemplateResponse(request, "admin/conflict.html", context, status=409)

    def _last_save(self, row: Any) -> LogEntry | None:
        kind = ContentType.objects.get_for_model(row)
        return (
            LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
            .select_related("user")
            .order_by("-pk")
            .first()
        )


def _twice(view: Callable[..., Any], *given: Any) -> Any:
    """Answer again when somebody stored the same a moment before: now the form sees it."""
    try:
        return view(*given)
    except IntegrityError:
        return view(*given)


def _number_name(row: Editable) -> str:
    return f"edit_number-{row._meta.model_name}-{row.pk}"


def _posted_numbers(posted: QueryDict) -> dict[str, int]:
    return {
        name: int(value)
        for name in posted
        if (value := posted.get(name, ""))
        and name.startswith("edit_number-")
        and value.isascii()
        and value.isdecimal()
    }


def _forms(context: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield group, row and form of everything that the page edits and that is stored."""
    yield "", "", context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.initial_forms:
            yield inline.formset.prefix, str(form.instance.pk), form


def _values(context: dict[str, Any]) -> Values:
    return {
        (group, row, bound.name): _shown(bound)
        for group, row, form in _forms(context)
        for bound in form
        if not _is_key(form, bound)
    }


def _is_key(form: Any, bound: Any) -> bool:
    """Say whether the field only tells which row it is."""
    return bound.name == form.instance._meta.pk.name or isinstance(
        bound.field, forms.models.InlineForeignKeyField
    )


def _shown(bound: Any) -> list[str]:
    """Return what a browser would post for a field as it is shown."""
    value, widget = bound.value(), bound.field.widget
    widget = getattr(widget, "widget", widget)  # without the admin’s links beside it
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    text = widget.format_value(value)
    many = text if isinstance(text, list | tuple) else [text]
    return [str(each) for each in many if each not in (None, "")]


def _packed(values: Values) -> str:
    return signing.dumps([[*key, said] for key, said in values.items()], compress=True)


def _unpacked(packed: str) -> Values:
    try:
        return {(group, row, field): said for group, row, field, said in signing.loads(packed)}
    except signing.BadSignature:
        return {}


def _rows(posted: QueryDict, group: str) -> list[tuple[int, str]]:
    """Return index and key of each row of a formset as it was posted."""
    total = posted.get(f"{group}-TOTAL_FORMS", "")
    count = min(int(total), 1000) if total.isascii() and total.isdecimal() else 0
    return [(index, posted.get(f"{group}-{index}-id", "")) for index in range(count)]


def _names(posted: QueryDict, opened: Values) -> dict[Key, str]:
    """Return under which name each part that was opened was posted."""
    index = {
        (group, row): position
        for group in {key[0] for key in opened if key[0]}
        for position, row in _rows(posted, group)
    }
    return {
        (group, row, field): f"{group}-{index[group, row]}-{field}" if group else field
        for group, row, field in opened
        if not group or (group, row) in index
    }


def _said(posted: QueryDict, name: str) -> list[str]:
    return [value.replace("\r\n", "\n") for value in posted.getlist(name) if value]


def _parts(posted: QueryDict, stored: dict[str, Any]) -> Iterator[Part]:
    """Yield the parts that somebody else changed since the form was opened."""
    opened, now = _unpacked(posted.get(OPENED, "")), _values(stored)
    names = _names(posted, opened or now)
    labels = {
        (group, row, bound.name): (form, bound)
        for group, row, form in _forms(stored)
        for bound in form
    }
    for key, name in names.items():
        if key not in now:
            continue
        mine, theirs, before = _said(posted, name), _clean(now[key]), _clean(opened.get(key, []))
        if mine == theirs or theirs == before:
            continue
        form, bound = labels[key]
        row = f"{form.instance}: " if key[0] else ""
        yield Part(
            name=name,
            label=f"{row}{bound.label}",
            mine=_words(bound, mine),
            theirs=_words(bound, theirs),
            chosen=posted.get(KEEP + name, "theirs" if mine == before else ""),
            is_text=mine != before and isinstance(bound.field, forms.CharField),
        )


def _clean(said: list[str]) -> list[str]:
    return [value.replace("\r\n", "\n") for value in said]


def _words(bound: Any, said: list[str]) -> str:
    """Return what stands in a field in the words of its choices."""
    field = bound.field
    if isinstance(field, forms.ModelChoiceField):
        return ", ".join(_names_of(field.queryset, said))
    if isinstance(field, forms.ChoiceField):
        words = {str(value): str(word) for value, word in field.choices}  # type: ignore[union-attr]
        return ", ".join(words.get(value, value) for value in said)
    if isinstance(field, forms.BooleanField):
        return "✓" if said else "✗"
    return "\n".join(said)


def _names_of(rows: Any, keys: list[str]) -> list[str]:
    known = [key for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]
    return [str(row) for row in rows.filter(pk__in=known)] or keys


def _lost(posted: QueryDict, stored: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what was typed into rows that are no longer there, so that it can be copied."""
    opened, now = _unpacked(posted.get(OPENED, "")), _values(stored)
    present = {(group, row) for group, row, _field in now}
    for key, name in _names(posted, opened).items():
        mine = _said(posted, name)
        if (key[0], key[1]) not in present and mine != _clean(opened[key]):
            yield key[2], "\n".join(mine)


def _resolved(posted: QueryDict, stored: dict[str, Any]) -> QueryDict:
    """Return what is posted after the choices: of each part mine, theirs, or written afresh.

    Where a choice is missing, `_resolve` becomes "open".
    """
    result = posted.copy()
    now = _values(stored)
    names = _names(posted, _unpacked(posted.get(OPENED, "")) or now)
    by_name = {name: key for key, name in names.items()}
    for part in _parts(posted, stored):
        afresh = posted.get(WRITE + part.name, "").strip()
        if afresh:
            result[part.name] = afresh
        elif part.chosen == "theirs":
            result.setlist(part.name, now[by_name[part.name]])
        elif part.chosen != "mine":
            result[RESOLVE] = "open"
    if result[RESOLVE] != "open":
        _drop_rows_that_are_gone(result, now)
    return result


def _drop_rows_that_are_gone(posted: QueryDict, now: Values) -> None:
    """Number the rows of each formset anew, without those that somebody removed."""
    present = {(group, row) for group, row, _field in now}
    groups = [name[: -len("-TOTAL_FORMS")] for name in posted if name.endswith("-TOTAL_FORMS")]
    for group in groups:
        rows = _rows(posted, group)
        kept = [(index, row) for index, row in rows if not row or (group, row) in present]
        if len(kept) == len(rows):
            continue
        said = {
            index: {
                name[len(f"{group}-{index}-") :]: posted.pop(name)
                for name in [*posted]
                if name.startswith(f"{group}-{index}-")
            }
            for index, _row in rows
        }
        for position, (index, _row) in enumerate(kept):
            for field, values in said[index].items():
                posted.setlist(f"{group}-{position}-{field}", values)
        posted[f"{group}-TOTAL_FORMS"] = str(len(kept))
        posted[f"{group}-INITIAL_FORMS"] = str(sum(1 for _index, row in kept if row))
