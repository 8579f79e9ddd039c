"""Who changed which field from what to what: every edit of a row is remembered.

The tables are django-simple-history’s. Here is what it does not do by itself: a save that changes
nothing leaves no trace, and nobody is credited with what changed past the history (a verb’s
`.update()`, a bulk load): before an edit the row is remembered as it was found.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string
from simple_history.models import HistoricalRecords

FOUND = "found"
"""The reason of a row of history that no edit made: how things stood before one."""

_actor: ContextVar[tuple[Any, str]] = ContextVar("actor", default=(None, ""))


@contextmanager
def remembered_as(*, by: Any = None, reason: str = "") -> Iterator[None]:
    """Remember the edits made in here as those of `by`, or of nobody for this `reason`.

    Edits made in a request are those of who is signed in; commands say it with this.
    """
    token = _actor.set((by, reason))
    try:
        yield
    finally:
        _actor.reset(token)


class EditHistory(HistoricalRecords):
    """The history of one model: a table with a row for each edit."""

    def __init__(self, child_of: str = "", **options: Any) -> None:
        self.child_of = child_of
        super().__init__(history_id_field=models.BigAutoField(), **options)

    def contribute_to_class(self, cls: Any, name: str) -> None:
        """Let rows find their history, whose object the library would not keep."""
        cls.edit_history = self
        super().contribute_to_class(cls, name)

    def create_history_model(self, model: Any, inherited: bool) -> Any:
        """Return the table, and keep it: `row.history` makes a class anew each time."""
        self.table = super().create_history_model(model, inherited)
        return self.table

    def copy_fields(self, model: Any) -> dict[str, Any]:
        """Return the fields to copy, with an index only where a page looks rows up."""
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name in (model._meta.pk.name, self.child_of)
        return fields

    def get_meta_options(self, model: Any) -> dict[str, Any]:
        """Return the options of the table, without permissions: its page asks for the row’s."""
        return {**super().get_meta_options(model), "default_permissions": ()}

    def get_meta_options_m2m(self, through_model: Any) -> dict[str, Any]:
        """Return the options of the table of a many-to-many field, without permissions."""
        return {**super().get_meta_options_m2m(through_model), "default_permissions": ()}

    def get_history_user(self, instance: Any) -> Any:
        """Return who edits: as the row says, as the caller says, or who is signed in."""
        if hasattr(instance, "_history_user"):
            return instance._history_user
        return _actor.get()[0] or super().get_history_user(instance)

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: Any) -> Any:
        """Return why: as the row says, or as the caller says."""
        given = super().get_change_reason_for_object(instance, history_type, using)
        return given or _actor.get()[1] or None

    def create_historical_record(self, instance: Any, history_type: str, using: Any = None) -> None:
        """Remember an edit, and announce it to what is made of such rows, in its transaction.

        This app knows nobody above it: the setting ROW_EDITED names what is called with the row.
        """
        super().create_historical_record(instance, history_type, using)
        if getattr(instance, "_change_reason", None) != FOUND:
            import_string(settings.ROW_EDITED)(instance)

    def m2m_changed(
        self, instance: Any, action: str, attr: str, pk_set: Any, reverse: bool, **_: Any
    ) -> None:
        """Remember what a many-to-many field holds, before and after it changes.

        From the other side, `topic.claims.add(…)`, nothing is remembered; nobody does that.
        """
        if reverse or (pk_set is not None and not pk_set):
            return
        if action.startswith("pre_"):
            self.catch_up(instance)
        else:
            super().m2m_changed(instance, action, attr, pk_set, reverse)

    def catch_up(self, row: Any) -> dict[str, Any] | None:
        """Remember how a row stands where its history does not say so, and return its values.

        Returns None when the row is gone.
        """
        names = [field.attname for field in self.fields_included(row)]
        stored = type(row)._base_manager.only(*names).filter(pk=row.pk).first()
        if stored is None:
            return None
        last = self.table._base_manager.filter(id=row.pk).order_by("-history_id").first()
        values = {name: getattr(stored, name) for name in names}
        if last is None or self._differs(last, stored, values):
            stored._history_user, stored._change_reason = None, FOUND
            self.create_historical_record(stored, "~")
        return values

    def _differs(self, last: Any, stored: Any, values: dict[str, Any]) -> bool:
        if any(getattr(last, name) != value for name, value in values.items()):
            return True
        return any(
            set(getattr(stored, field.name).values_list("pk", flat=True))
            != set(getattr(last, field.name).values_list(field.m2m_reverse_name(), flat=True))
            for field in last._history_m2m_fields
        )


def edit_history(
    *, child_of: str = "", excluded: Sequence[str] = (), members: Sequence[Any] = ()
) -> Any:
    """Return the declaration that makes a model’s edits remembered: `history = edit_history()`.

    `child_of` is the field that names the row on whose page the edits are shown too; `excluded`
    are the fields that no person edits; `members` are many-to-many fields to remember.
    """
    return EditHistory(child_of=child_of, excluded_fields=[*excluded], m2m_fields=[*members])


class Remembered(models.Model):
    """A row whose edits are remembered. Its model says `history = edit_history(…)`."""

    history: Any
    edit_history: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row, and remember how it stood before and stands now, if that differs."""
        with transaction.atomic(savepoint=False):
            stored = None if self._state.adding else self.edit_history.catch_up(self)
            if stored and all(getattr(self, name) == value for name, value in stored.items()):
                self.skip_history_when_saving = True
            try:
                super().save(*args, **kwargs)
            finally:
                self.__dict__.pop("skip_history_when_saving", None)
