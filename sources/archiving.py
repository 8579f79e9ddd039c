"""What others call to have a copy of a source kept. How it is made is in `capturing`."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from . import archive, capturing, warc
from .models import Capture, Source
from .tasks import run_capture

ASKED_AGAIN_AFTER = timedelta(minutes=10)
"""A worker is asked once more for a capture when nobody took it for so long."""


def capture(source: Source, *, by: Any) -> Capture:
    """Ask for a copy of what stands at the address of a source, and return the capture.

    Where one is open already it is returned, due now: to be asked twice is to be asked once.
    Raises PermissionDenied, or ValidationError when the source has no address.
    """
    _refuse_who_may_not(by)
    wanted = _open_capture(source, by)
    _ask_a_worker(wanted)
    return wanted


def capture_now(source: Source) -> Capture:
    """As `capture`, for commands: no role limits it, and the first attempt is over on return.

    Where that failed for a passing cause, the worker goes on with it.
    """
    wanted = _open_capture(source, by=None)
    capturing.attempt(wanted)
    return wanted


def _open_capture(source: Source, by: Any) -> Capture:
    """Return the open capture of a source, due now; a new one if there is none.

    Raises ValidationError when the source has no address.
    """
    if not source.url:
        raise ValidationError(
            _("This source has no address. Upload the document instead."), code="no_address"
        )
    now = timezone.now()
    try:
        with transaction.atomic():
            return Capture.objects.create(
                source=source, by=by, created_at=now, next_attempt_at=now, queued_at=now
            )
    except IntegrityError:  # one_open_fetch_per_source
        return _hurried(source) or _open_capture(source, by)


def _hurried(source: Source) -> Capture | None:
    """Return the open capture of a source, due now if it was waiting, or None when it ended."""
    fetches = source.captures.open().filter(file="")
    fetches.filter(state=Capture.State.WAITING).update(next_attempt_at=timezone.now())
    return fetches.first()


def capture_upload(
    source: Source, body: bytes, content_type: str, *, by: Any, transcription: str = ""
) -> Capture:
    """Keep a document that somebody uploaded, and return the capture that will read it.

    `content_type` is what `uploads` found it to be, and `transcription` the words of an image.
    Raises PermissionDenied.
    """
    _refuse_who_may_not(by)
    file = archive.keep(warc.of_upload(body, content_type, timezone.now()))
    wanted = Capture.objects.create(source=source, by=by, file=file, transcription=transcription)
    _ask_a_worker(wanted)
    return wanted


def _refuse_who_may_not(by: Any) -> None:
    if not by.has_perm("sources.capture_source"):
        raise PermissionDenied(_("Your role may not do this."))


def _ask_a_worker(wanted: Capture) -> None:
    Capture.objects.filter(pk=wanted.pk).update(queued_at=timezone.now())
    # Robust: what the person asked for is saved by then, and `tick` asks again.
    transaction.on_commit(partial(run_capture.enqueue, wanted.pk), robust=True)


def ask_again(now: datetime) -> str:
    """Give up captures that lost their worker in the last attempt, and ask for those that are due.

    This is what tries again after a pause, and after a worker was killed. Returns what it did.
    """
    due = Capture.objects.due(now)
    due.filter(attempts__gte=capturing.MAX_ATTEMPTS).update(
        state=Capture.State.FAILED,
        next_attempt_at=None,
        ended_at=now,
        reason=_("The worker was stopped during the last attempt."),
    )
    not_asked = Q(queued_at=None) | Q(queued_at__lt=F("next_attempt_at"))
    forgotten = Q(queued_at__lte=now - ASKED_AGAIN_AFTER)
    wanted = list(due.filter(not_asked | forgotten).order_by("next_attempt_at", "pk"))
    for each in wanted:
        _ask_a_worker(each)
    return f"Captures asked for: {len(wanted)}" if wanted else ""
