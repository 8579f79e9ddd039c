"""Bringing a row to what the seed says, and telling what that changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from .checking import SeedError


class Changes:
    """What a load did: rows made, and each field that differed, in words."""

    def __init__(self) -> None:
        self.created: dict[str, int] = {}
        self.differences: list[str] = []
        self.notes: list[str] = []
        """What differs and cannot be changed by a load."""

    def row(
        self,
        name: str,
        model: type[models.Model],
        lookup: dict[str, Any],
        wanted: dict[str, Any],
    ) -> Any:
        """Return the row that `lookup` finds, made or changed to hold what is `wanted`.

        Raises SeedError, naming `name` and the field, when the model refuses the values.
        """
        found = model._default_manager.filter(**lookup).first()
        if found is None:
            found = model(**lookup, **wanted)
            self.made(model)
        elif not self._differs(name, found, wanted):
            return found
        save(name, found)
        return found

    def made(self, model: type[models.Model]) -> None:
        """Count a row that was made."""
        words = str(model._meta.verbose_name_plural)
        self.created[words] = self.created.get(words, 0) + 1

    def _differs(self, name: str, row: models.Model, wanted: dict[str, Any]) -> bool:
        differs = False
        for field, value in wanted.items():
            old = getattr(row, field)
            if old != value:
                self.differences.append(f"{name} {field}: “{old}” → “{value}”")
                setattr(row, field, value)
                differs = True
        return differs

    def members(self, name: str, manager: Any, wanted: list[Any]) -> None:
        """Bring a many-to-many relation to the rows wanted."""
        old = set(manager.all())
        if old == set(wanted):
            return
        for row in sorted(map(str, set(wanted) - old)):
            self.differences.append(f"{name}: + “{row}”")
        for row in sorted(map(str, old - set(wanted))):
            self.differences.append(f"{name}: - “{row}”")
        manager.set(wanted)


def save(name: str, row: models.Model) -> None:
    """Check and store a row. Raises SeedError naming `name` and the field."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise SeedError(
            [
                f"{name}, {field}: {' '.join(sentences)}"
                for field, sentences in error.message_dict.items()
            ]
        ) from error
    row.save()
