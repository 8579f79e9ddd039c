"""Having the Internet Archive keep a copy too, beside ours. Off unless its keys are set.

Only addresses are asked for that we have read ourselves on the public web: never an upload. An
attempt begins with a lease, as in `accounts.delivery`, so two workers never ask for one copy at
once, and what a killed worker held falls due again by itself.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from . import internet_archive
from .internet_archive import NotKept
from .models import Capture, PublicCopy, Source

# Beyond what the attempts of one minute may take together.
LEASE = timedelta(minutes=10)
MOST_PER_MINUTE = 5
PATIENCE = 20
"""Seconds after which the rest waits for the next minute: the worker has other things to do."""
PAUSES = {
    PublicCopy.State.WAITING: [
        timedelta(minutes=1),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(hours=6),
    ],
    # The Internet Archive tells of its work for about an hour.
    PublicCopy.State.ASKED: [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=30),
    ],
}
"""How long to wait after each attempt that changed nothing; after one more, the copy has failed."""
FIRST_LOOK = timedelta(minutes=1)


def is_on() -> bool:
    """Say whether the Internet Archive is asked at all: when both keys are set."""
    return bool(settings.INTERNET_ARCHIVE_ACCESS_KEY and settings.INTERNET_ARCHIVE_SECRET_KEY)


def may_be_asked_for(source: Source) -> bool:
    """Say whether the address of a source was read by us, so that it is on the public web."""
    kept = source.captures.filter(state=Capture.State.CAPTURED, file="")
    return bool(source.url) and kept.exists()


def ask_for(source: Source, *, by: Any) -> PublicCopy:
    """Ask for a public copy of a source by hand, and return it; the one that is open if there is.

    Raises PermissionDenied, or ValidationError when it may not be asked for.
    """
    if not by.has_perm("sources.capture_source"):
        raise PermissionDenied(_("Your role may not do this."))
    if not is_on():
        raise ValidationError(_("The Internet Archive is not asked from here."), code="off")
    if not may_be_asked_for(source):
        raise ValidationError(
            _("Keep a copy from the address first: only what is on the public web is asked for."),
            code="not_read",
        )
    return _open_copy(source)


def ask_for_what_was_captured(done: Capture) -> None:
    """Ask for a public copy of what a capture has just read at an address.

    Does nothing while the keys are not set, nor for an upload.
    """
    if is_on() and done.source.url and not done.file:
        _open_copy(done.source)


def go_on(now: datetime) -> str:
    """Ask the Internet Archive about the copies that are due, and return what was done.

    This is what `manage.py tick` calls; at most `MOST_PER_MINUTE` each time.
    """
    if not is_on():
        return ""
    begun, asked = time.monotonic(), 0
    for copy in list(
        PublicCopy.objects.due(now).order_by("next_attempt_at", "pk")[:MOST_PER_MINUTE]
    ):
        if time.monotonic() - begun > PATIENCE:
            break
        asked += attempt(copy, now)
    return f"Public copies asked about: {asked}" if asked else ""


def attempt(copy: PublicCopy, now: datetime) -> bool:
    """Ask for a copy, or what became of it, and return whether it was our turn.

    Does nothing for a copy that has ended, is not due at `now`, or is another worker's: it is safe
    to call twice. What goes wrong with the Internet Archive is recorded, never raised.
    """
    if not _lease(copy, now):
        return False
    try:
        changed = _looked_for(copy) if copy.state == PublicCopy.State.ASKED else _asked(copy, now)
    except NotKept as refusal:
        changed = _put_off(copy, refusal, now)
    # Unless the attempt outlived its lease, and the copy is another's.
    open_copies = PublicCopy.objects.open()
    open_copies.filter(pk=copy.pk, next_attempt_at=copy.next_attempt_at).update(**changed)
    return True


def _open_copy(source: Source) -> PublicCopy:
    """Return the open copy of a source, a new one if there is none."""
    try:
        with transaction.atomic():
            return PublicCopy.objects.create(source=source, original_url=source.url)
    except IntegrityError:  # one_open_public_copy_per_source
        return source.public_copies.open().first() or _open_copy(source)


def _lease(copy: PublicCopy, now: datetime) -> bool:
    """Take the copy for one attempt, and say whether it is ours."""
    due = PublicCopy.objects.due(now).filter(pk=copy.pk)
    taken = due.update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
    if taken:
        copy.refresh_from_db()
    return bool(taken)


def _asked(copy: PublicCopy, now: datetime) -> dict[str, Any]:
    """Ask for the copy, and return what changes. Raises NotKept."""
    return {
        "job_id": internet_archive.ask_for(copy.original_url),
        "state": PublicCopy.State.ASKED,
        "asked_at": now,
        "attempts": 0,
        "next_attempt_at": now + FIRST_LOOK,
        "reason": "",
    }


def _looked_for(copy: PublicCopy) -> dict[str, Any]:
    """Look whether the copy is made, and return what changes. Raises NotKept."""
    url, captured_at = internet_archive.copy_by(copy.job_id, copy.original_url)
    return {
        "url": url,
        "captured_at": captured_at,
        "reason": "",
        **_ended(PublicCopy.State.KEPT),
    }


def _put_off(copy: PublicCopy, refusal: NotKept, now: datetime) -> dict[str, Any]:
    """Return what changes after a failure. Where trying again is of no use, the copy has failed."""
    pauses = PAUSES[PublicCopy.State(copy.state)]
    if not refusal.is_temporary or copy.attempts > len(pauses):
        return {"reason": str(refusal), **_ended(PublicCopy.State.FAILED)}
    asked = timedelta(seconds=refusal.retry_after)
    pause = max(pauses[copy.attempts - 1], asked)
    return {"reason": str(refusal), "next_attempt_at": now + pause}


def _ended(state: PublicCopy.State) -> dict[str, Any]:
    return {"state": state, "next_attempt_at": None, "ended_at": timezone.now()}
