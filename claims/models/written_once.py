"""Rows that say what happened: stored once, and kept."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class WrittenOnce(models.Model):
    """A row that never changes and is never deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new row. Raises ValidationError when it was stored before."""
        if not self._state.adding:
            raise ValidationError(
                _("What was written down cannot be changed. Write down what is so now."),
                code="immutable",
            )
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Always raise ValidationError: what was written down is kept."""
        raise ValidationError(_("What was written down cannot be deleted."), code="immutable")
