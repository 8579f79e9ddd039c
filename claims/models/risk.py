"""What was quoted and no longer stands where it stood."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.wording import Piece, compare
from sources.models import Snapshot, Source

from .appearance import Appearance
from .claim import Claim
from .evidence import Evidence


class RiskQuerySet(models.QuerySet["Risk"]):
    def current(self) -> Self:
        """Keep what is still so."""
        return self.filter(ended_at=None)

    def waiting(self) -> Self:
        """Keep what is still so and nobody has answered."""
        return self.current().filter(settled_at=None)

    def of_source(self, source: Source) -> Self:
        """Keep what happened to one source."""
        return self.filter(Q(evidence__source=source) | Q(appearance__snapshot__source=source))

    def of_claims(self, claims: Iterable[int]) -> Self:
        """Keep what these claims lean on. Takes their keys."""
        keys = list(claims)
        return self.filter(Q(evidence__review__claim__in=keys) | Q(appearance__claim__in=keys))

    def with_what_they_tell(self) -> Self:
        """Load what a row shows: the claim, the source and the words."""
        return self.select_related(
            "evidence__review__claim",
            "evidence__source",
            "appearance__claim",
            "appearance__snapshot__source",
            "settled_by",
        ).defer("appearance__snapshot__text")


class Risk(models.Model):
    """Evidence at risk: something that a verdict or a claim quotes changed at its source.

    `claims.risks` finds and ends it, whenever what is known of a source changes;
    `workflow.settle_risk` is how a person answers it.
    """

    class Kind(models.TextChoices):
        ALTERED = "altered", _("The passage was altered")
        GONE = "gone", _("The passage is gone")
        LOST = "lost", _("The document is gone, and there is no copy")
        RETRACTED = "retracted", _("The source was retracted")

    kind = models.CharField(_("what happened"), max_length=9, choices=Kind)
    evidence = models.ForeignKey(
        Evidence,
        verbose_name=_("evidence"),
        on_delete=models.CASCADE,
        null=True,
        related_name="risks",
    )
    appearance = models.ForeignKey(
        Appearance,
        verbose_name=_("appearance"),
        on_delete=models.CASCADE,
        null=True,
        related_name="risks",
    )
    now_says = models.TextField(
        _("what stands there now"),
        blank=True,
        help_text=_("The words most like the passage, where it was altered."),
    )
    snapshot = models.ForeignKey(
        Snapshot,
        verbose_name=_("copy that shows it"),
        on_delete=models.PROTECT,
        null=True,
        related_name="risks",
    )
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, help_text=_("When it was no longer so."))
    settled_at = models.DateTimeField(_("answered"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answer = models.TextField(
        _("answer"), blank=True, help_text=_("Why the verdict stands all the same.")
    )

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("evidence at risk")
        verbose_name_plural = _("evidence at risk")
        # Nobody writes one by hand.
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["id"],
                name="risk_waiting",
                condition=Q(ended_at=None, settled_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["altered", "gone", "lost", "retracted"]),
                name="risk_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(evidence=None, appearance__isnull=False)
                | Q(evidence__isnull=False, appearance=None),
                name="risk_is_of_evidence_or_of_an_appearance",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, answer="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(answer=""),
                name="risk_that_was_answered_says_by_whom_and_what",
            ),
            models.UniqueConstraint(
                fields=["evidence", "kind"],
                condition=Q(ended_at=None),
                name="one_current_risk_of_a_kind_of_evidence",
            ),
            models.UniqueConstraint(
                fields=["appearance", "kind"],
                condition=Q(ended_at=None),
                name="one_current_risk_of_a_kind_of_an_appearance",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_kind_display()}"

    @property
    def claim(self) -> Claim:
        """The claim that leans on it."""
        return self.evidence.review.claim if self.evidence else self.appearance.claim  # type: ignore[union-attr]

    @property
    def source(self) -> Source:
        """The source that it happened to."""
        return self.evidence.source if self.evidence else self.appearance.snapshot.source  # type: ignore[union-attr]

    @property
    def quoted(self) -> str:
        """The words that were quoted."""
        return self.evidence.passage if self.evidence else self.appearance.exact  # type: ignore[union-attr]

    @property
    def pieces(self) -> list[Piece]:
        """What changed, from the words that were quoted to those that stand there now."""
        return compare(self.quoted, self.now_says) if self.kind == self.Kind.ALTERED else []
