"""Who moved what from where to where, when and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .claim import Claim
from .review import Review
from .written_once import WrittenOnce


class Transition(WrittenOnce):
    """One step of a claim or of its review, as it happened. Never changed, never deleted."""

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="transitions"
    )
    review = models.ForeignKey(
        Review,
        verbose_name=_("review"),
        on_delete=models.PROTECT,
        null=True,
        related_name="transitions",
        help_text=_("Empty when the step was the claim’s own."),
    )
    verb = models.CharField(_("verb"), max_length=30)
    from_status = models.CharField(_("from"), max_length=10, blank=True)
    to_status = models.CharField(_("to"), max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="transitions",
    )
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")

    def __str__(self) -> str:
        return f"{self.verb}: {self.from_status} → {self.to_status}"


class Submission(WrittenOnce):
    """What a review said when it was sent to a second person: what an approval is of."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.PROTECT, related_name="submissions"
    )
    revision = models.PositiveIntegerField(_("revision"))
    content = models.JSONField(_("content"))
    basis = models.CharField(
        _("basis"),
        max_length=64,
        default="",
        db_default="",
        help_text=_("The SHA-256 of its claim and evidence: what a blind rating is given on."),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "revision"], name="one_submission_per_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}, {self.revision}"


class Recusal(WrittenOnce):
    """Somebody stepped aside from a claim because of a stake in it."""

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="recusals"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="recusals",
    )
    reason = models.TextField(_("reason"), help_text=_("The stake. Readers never see this."))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "person"], name="one_recusal_per_person_and_claim"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.claim}"
