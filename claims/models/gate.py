"""What a verdict needs besides its words: that the claimant was asked, and exceptions made."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import Remembered, edit_history

from .claim import Claim
from .review import Review
from .written_once import WrittenOnce


class ContactAttempt(Remembered):
    """Once that somebody was asked about a claim, and what they answered. Readers see this."""

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="contact_attempts"
    )
    asked = models.CharField(
        _("who was asked"),
        max_length=200,
        help_text=_("The claimant, or who speaks for them. No private addresses: readers see it."),
    )
    asked_on = models.DateField(_("asked on"))
    how = models.CharField(
        _("how"), max_length=200, help_text=_("Such as “by mail to the press office”.")
    )
    deadline_on = models.DateField(
        _("answer asked for by"), null=True, blank=True, help_text=_("Empty when none was set.")
    )
    answer = models.TextField(
        _("answer"), blank=True, help_text=_("In their words, or in ours. Empty: none yet.")
    )
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    history = edit_history(child_of="claim")

    class Meta:
        ordering = ["asked_on", "pk"]
        verbose_name = _("contact attempt")
        verbose_name_plural = _("contact attempts")
        constraints = [
            models.CheckConstraint(
                condition=(Q(answer="") & Q(answered_on=None))
                | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="answer_has_its_day",
                violation_error_message=_("Give the answer and the day it came, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(deadline_on=None) | Q(deadline_on__gte=F("asked_on")),
                name="deadline_follows_the_question",
                violation_error_message=_("The deadline cannot be before the day of the question."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked}, {self.asked_on}"


class Override(WrittenOnce):
    """An editor let a review pass a line of the gate that it does not meet. Readers see why."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.PROTECT, related_name="overrides"
    )
    line = models.CharField(_("line"), max_length=30)
    reason = models.TextField(_("reason"), help_text=_("Readers see this."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="overrides",
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.UniqueConstraint(fields=["review", "line"], name="one_override_per_line"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
