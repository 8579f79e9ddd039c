"""Rows that several people edit: a number that tells when somebody saved first."""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class EditConflict(Exception):
    """Somebody saved the row after the form was opened. Nothing was written."""


class Editable(models.Model):
    """A row with the number of its edits, which travels with each form (optimistic locking)."""

    edit_number = models.PositiveIntegerField(
        _("edit number"), default=1, db_default=1, editable=False
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row. The number is left alone: only `next_edit` moves it."""
        if not self._state.adding and not args and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.name != "edit_number"
            ]
        super().save(*args, **kwargs)


def next_edit(row: Editable, number: int) -> None:
    """Move the row from edit `number` to the next, in the caller’s transaction.

    Compare-and-swap: of two people who opened the same edit one goes on. Raises EditConflict for
    the other.
    """
    rows = type(row)._base_manager.filter(pk=row.pk, edit_number=number)
    if not rows.update(edit_number=F("edit_number") + 1):
        raise EditConflict
    row.edit_number = number + 1
