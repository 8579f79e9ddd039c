"""What documents said on a day: the copies that are kept, and the attempts to keep one."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .documents import Source


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Rows of snapshots."""

    def not_confidential(self) -> "SnapshotQuerySet":
        """Those that may ever reach readers: none of a confidential source."""
        return self.filter(source__is_confidential=False)


class Snapshot(models.Model):
    """What a source said at one moment. Never changes: a later reading is another snapshot."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="snapshots"
    )
    text = models.TextField(
        _("text"),
        help_text=_("The words of the document, exactly. Passages are found in it by position."),
    )
    sha256 = models.CharField(
        _("SHA-256 of the text"),
        max_length=64,
        editable=False,
        help_text=_("Of the text in UTF-8, so that anyone can check that it is unchanged."),
    )
    captured_at = models.DateTimeField(
        _("captured"), help_text=_("When we read the document and kept this text.")
    )
    file = models.CharField(
        _("file"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_(
            "The WARC file with what was received, named by its SHA-256. Empty when the text was "
            "typed in."
        ),
    )
    payload_sha256 = models.CharField(
        _("SHA-256 of the document"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Of the document itself, as it was received or uploaded."),
    )
    content_type = models.CharField(
        _("content type"), max_length=100, blank=True, default="", db_default="", editable=False
    )
    final_url = models.URLField(
        _("from"),
        max_length=2000,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("The address that answered, after redirects. Empty for an upload."),
    )
    status = models.PositiveSmallIntegerField(_("answer"), null=True, editable=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-captured_at", "-pk"]
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256", "payload_sha256"],
                name="one_snapshot_per_text_and_document_of_a_source",
                violation_error_message=_("This text of the source is kept already."),
            ),
            models.CheckConstraint(
                condition=Q(Exact(Length("sha256"), 64)),
                name="snapshot_has_a_sha256",
            ),
            models.CheckConstraint(
                condition=Q(file="", payload_sha256="")
                | (~Q(file="") & Q(Exact(Length("payload_sha256"), 64))),
                name="snapshot_with_a_file_has_the_sha256_of_its_document",
            ),
        ]
        indexes = [models.Index(fields=["-captured_at", "-id"], name="snapshot_newest_first")]

    def __str__(self) -> str:
        return f"{self.source}, {self.captured_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new snapshot.

        Raises ValidationError when it was stored before: evidence points at it as it is.
        """
        if not self._state.adding:
            raise ValidationError(
                _("A snapshot never changes. Keep what the source says now as a new snapshot."),
                code="immutable",
            )
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Fill the hash before uniqueness is checked."""
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def is_uploaded(self) -> bool:
        """Whether somebody uploaded the document, so that no address answered for it."""
        return bool(self.file) and not self.final_url


class CaptureQuerySet(models.QuerySet["Capture"]):
    """Rows of captures."""

    def open(self) -> "CaptureQuerySet":
        """Those of which nobody knows yet how they end."""
        return self.filter(state__in=Capture.OPEN)

    def due(self, now: datetime) -> "CaptureQuerySet":
        """Those to be tried now, also the ones whose worker is given up for dead."""
        return self.open().filter(next_attempt_at__lte=now)


class Capture(models.Model):
    """One attempt, tried again after pauses, to keep a copy of a source.

    Begin it with `sources.archiving`; only that changes its state.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Archiving")
        CAPTURED = "captured", _("Kept")
        FAILED = "failed", _("Failed")

    OPEN = (State.WAITING, State.RUNNING)

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="captures"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(
        _("next attempt"),
        null=True,
        default=timezone.now,
        help_text=_("While an attempt is under way: when its worker is given up for dead."),
    )
    queued_at = models.DateTimeField(
        _("queued"), null=True, help_text=_("When a worker was last asked for the next attempt.")
    )
    started_at = models.DateTimeField(_("last attempt began"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.TextField(
        _("what went wrong"), blank=True, help_text=_("The last failure, in plain words.")
    )
    file = models.CharField(
        _("uploaded file"),
        max_length=80,
        blank=True,
        help_text=_("What somebody uploaded, kept already. Empty when the source is fetched."),
    )
    transcription = models.TextField(
        _("transcription"), blank=True, help_text=_("The words of an image, typed in.")
    )
    snapshot = models.ForeignKey(
        Snapshot,
        verbose_name=_("snapshot"),
        on_delete=models.CASCADE,
        null=True,
        related_name="captures",
    )
    found = models.JSONField(
        _("found in it"),
        default=dict,
        help_text=_("Title, publisher and the like, as far as the document told them."),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("What to know about the copy: what was not read.")
    )
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("capture")
        verbose_name_plural = _("captures")
        # Nobody writes or changes one by hand.
        default_permissions = ("view", "delete")
        permissions = [("capture_source", "Can keep a copy of a source")]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="capture_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "captured", "failed"]),
                name="capture_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="captured", snapshot__isnull=False)
                | (~Q(state="captured") & Q(snapshot__isnull=True)),
                name="capture_that_succeeded_has_its_snapshot",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "running"],
                    next_attempt_at__isnull=False,
                    ended_at__isnull=True,
                )
                | Q(
                    state__in=["captured", "failed"],
                    next_attempt_at__isnull=True,
                    ended_at__isnull=False,
                ),
                name="capture_waits_for_an_attempt_or_has_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed", reason=""), name="failed_capture_says_why"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=["waiting", "running"], file=""),
                name="one_open_fetch_per_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_state_display()}"
