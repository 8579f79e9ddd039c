"""What colleagues write to each other about a claim."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .claim import Claim


class Note(models.Model):
    """What a colleague wrote to colleagues about a claim. Never changed, never deleted.

    Write it with `claims.notes`. Readers never see it. What is true of the claim for all who check
    it, and is edited as one text, is `Claim.background` instead.
    """

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="notes"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="notes",
    )
    text = models.TextField(_("text"), max_length=5000)
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("mentions"),
        related_name="+",
        help_text=_("The colleagues whom the text names with an @."),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        # Nobody changes or deletes what was written.
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_has_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.claim}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new row. Raises ValidationError when it was stored before."""
        if not self._state.adding:
            raise ValidationError(_("A note stays as it was written."), code="immutable")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Always raise ValidationError: what colleagues were told is kept."""
        raise ValidationError(_("A note is kept. Write another one."), code="immutable")
