"""What readers are told of changes."""

from typing import Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils.translation import gettext_lazy as _

from .claim import Claim
from .review import Review


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible(self) -> Self:
        """Keep the notes that readers may see: of published changes to visible claims."""
        # Coalesce changes no value. It keeps SQLite from going through all claims for their notes.
        status = Coalesce(F("review__claim__status"), Value(""))
        return self.filter(
            In(status, [*Claim.VISIBLE, Claim.Status.MERGED]), published_at__isnull=False
        )

    def for_display(self) -> Self:
        """Load what a line of the corrections log shows, newest first."""
        return self.select_related("review__claim", "review__rating").order_by(
            "-published_at", "-pk"
        )


class Correction(models.Model):
    """The public note of what changed in a verdict and why (schema.org CorrectionComment)."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        UPDATE = "update", _("Update")
        CLARIFICATION = "clarification", _("Clarification")
        RETRACTION = "retraction", _("Retraction")

    review = models.ForeignKey(
        Review,
        verbose_name=_("review"),
        on_delete=models.PROTECT,
        related_name="corrections",
        help_text=_("The version that it introduces; for a retraction, the one it withdraws."),
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    note = models.TextField(_("note"), help_text=_("What changed and why, for readers."))
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="correction_has_a_note"),
            models.UniqueConstraint(
                fields=["review"],
                condition=~Q(kind="retraction"),
                name="one_note_introduces_a_version",
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(kind="retraction"),
                name="one_note_withdraws_a_version",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["correction", "update", "clarification", "retraction"]),
                name="correction_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="correction_newest_first")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note}"
