"""The copies that the Internet Archive keeps for us, where everybody can open them."""

from datetime import datetime

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .documents import Source


class PublicCopyQuerySet(models.QuerySet["PublicCopy"]):
    """Rows of public copies."""

    def open(self) -> "PublicCopyQuerySet":
        """Those of which nobody knows yet how they end."""
        return self.filter(state__in=PublicCopy.OPEN)

    def due(self, now: datetime) -> "PublicCopyQuerySet":
        """Those about which the Internet Archive is to be asked now."""
        return self.open().filter(next_attempt_at__lte=now)

    def kept(self) -> "PublicCopyQuerySet":
        """Those that everybody can open."""
        # Coalesce changes no value. It keeps SQLite from going through all for those of a source.
        return self.filter(Exact(Coalesce("state", Value("")), Value(PublicCopy.State.KEPT.value)))


class PublicCopy(models.Model):
    """A copy of a source that we asked the Internet Archive to keep, and what became of that.

    Ask for it with `sources.public_archive`; only that changes its state.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ASKED = "asked", _("Asked for")
        KEPT = "kept", _("Kept")
        FAILED = "failed", _("Failed")

    OPEN = (State.WAITING, State.ASKED)

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="public_copies"
    )
    original_url = models.URLField(
        _("address asked for"),
        max_length=2000,
        help_text=_("The address of the source when the copy was asked for."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    job_id = models.CharField(
        _("job"),
        max_length=80,
        blank=True,
        help_text=_("How the Internet Archive names its work on the copy."),
    )
    url = models.URLField(_("address of the copy"), max_length=2100, blank=True)
    captured_at = models.DateTimeField(
        _("captured"), null=True, help_text=_("When the Internet Archive read the document.")
    )
    reason = models.TextField(
        _("what went wrong"), blank=True, help_text=_("The last failure, in plain words.")
    )
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("In this state.")
    )
    next_attempt_at = models.DateTimeField(
        _("next attempt"),
        null=True,
        default=timezone.now,
        help_text=_("While an attempt is under way: when its worker is given up for dead."),
    )
    asked_at = models.DateTimeField(
        _("accepted"), null=True, help_text=_("When the Internet Archive took the work.")
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)

    objects = PublicCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("public copy")
        verbose_name_plural = _("public copies")
        # Nobody writes or changes one by hand.
        default_permissions = ("view", "delete")
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="public_copy_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "asked", "kept", "failed"]),
                name="public_copy_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | (~Q(job_id="") & Q(asked_at__isnull=False)),
                name="public_copy_that_is_asked_for_has_its_job",
            ),
            models.CheckConstraint(
                condition=(Q(state="kept", captured_at__isnull=False) & ~Q(url=""))
                | (~Q(state="kept") & Q(url="", captured_at__isnull=True)),
                name="kept_public_copy_has_its_url",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed", reason=""), name="failed_public_copy_says_why"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "asked"],
                    next_attempt_at__isnull=False,
                    ended_at__isnull=True,
                )
                | Q(
                    state__in=["kept", "failed"],
                    next_attempt_at__isnull=True,
                    ended_at__isnull=False,
                ),
                name="public_copy_waits_for_an_attempt_or_has_ended",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=["waiting", "asked"]),
                name="one_open_public_copy_per_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_state_display()}"
