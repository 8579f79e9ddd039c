"""Dates known only to the month or the year, kept exactly as they are known.

A partial date is a string: "2024", "2024-07" or "2024-07-02" (ISO 8601 with reduced precision,
level 0 of the Extended Date/Time Format). Such strings sort in time, and nothing that was not
known is ever made up.
"""

import datetime
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import In
from django.utils import formats
from django.utils.translation import gettext_lazy as _

_FORM = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def first_day(value: str) -> datetime.date:
    """Return the first day that a partial date covers.

    Raises ValueError when `value` is not a year, month or day that exists.
    """
    if not _FORM.fullmatch(value):
        raise ValueError(value)
    return datetime.date.fromisoformat(value + "-01-01"[len(value) - 4 :])


def validate_partial_date(value: str) -> None:
    """Raise ValidationError unless `value` is a year, month or day that exists."""
    try:
        first_day(value)
    except ValueError:
        raise ValidationError(
            _("“%(value)s” is not a date. Write 2024, 2024-07 or 2024-07-02."),
            code="invalid_partial_date",
            params={"value": value},
        ) from None


def spell_out(value: str) -> str:
    """Return a partial date for people, in their language: "2 July 2024", "July 2024", "2024"."""
    day = first_day(value)
    if len(value) == 10:
        return formats.date_format(day, "DATE_FORMAT")
    if len(value) == 7:
        return formats.date_format(day, "YEAR_MONTH_FORMAT")
    return value


class PartialDateField(models.CharField):  # type: ignore[type-arg]
    """A day, a month or a year, stored as it is known. Empty when unknown."""

    description = _("Date known to the day, the month or the year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("help_text", _("As far as it is known: 2024, 2024-07 or 2024-07-02."))
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, validate_partial_date]


def partial_date_constraint(field: str, name: str) -> models.CheckConstraint:
    """Return the constraint that `field` is empty or has the length of a year, month or day."""
    return models.CheckConstraint(
        condition=Q(In(Length(field), [0, 4, 7, 10])),
        name=name,
        violation_error_message=_("Write the date as 2024, 2024-07 or 2024-07-02."),
    )
