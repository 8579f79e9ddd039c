"""What colleagues write to each other about a claim."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .claim import Claim
from .written_once import WrittenOnce


class Note(WrittenOnce):
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
