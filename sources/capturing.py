"""Making the copies that are asked for: each attempt alone, none at the same time as another.

An attempt begins with a lease, as in `accounts.delivery`: two workers never make one copy at
once, and what a killed worker held falls due again by itself. The file is kept first, then the
snapshot and the end of the capture in one transaction: there is no snapshot without its file, and
no capture has two. A file that no snapshot came to is swept.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import archive, public_archive, warc
from .apart import TookTooMuch, run_apart
from .extraction import HTML, MOST_BYTES_OF_HTML, Extracted, Unreadable, extract
from .fetching import Fetched, Refused, fetch
from .finding import remember_addresses
from .links import seen
from .models import Capture, Snapshot, Source

logger = logging.getLogger(__name__)

# Beyond what fetching (half a minute, and its turn at the host) and reading (a minute) may take.
LEASE = timedelta(minutes=5)
PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
]
MAX_ATTEMPTS = len(PAUSES) + 1
LONGEST_PAUSE = timedelta(days=1)
LONGEST_ADDRESS = 2000
TOLD = ("title", "publisher", "authors", "published_on", "language")
"""What documents tell of themselves, as the fields of Extracted are called."""


class _Overtaken(Exception):
    """The attempt outlived its lease, and the capture is another’s by now."""


@dataclass(frozen=True)
class Copy:
    """All that a snapshot is made of, with its file kept already."""

    file: str
    payload_sha256: str
    content_type: str
    captured_at: datetime
    extracted: Extracted
    final_url: str = ""
    status: int | None = None
    way: tuple[str, ...] = ()
    """The addresses that led to it."""


def attempt(wanted: Capture, now: datetime | None = None) -> bool:
    """Try once to make the copy, and return whether it is kept.

    Does nothing for a capture that has ended, is not due at `now`, or is being made by somebody
    else: it is safe to call twice. Whatever goes wrong is recorded, never raised.
    """
    if not _lease(wanted, now or timezone.now()):
        return False
    try:
        _record_success(wanted, _uploaded(wanted) if wanted.file else _fetched(wanted))
    except _Overtaken:
        logger.warning("Capture %s was taken over by another worker", wanted.pk)
    except Exception as error:  # of fetching, reading, storing: none may end the worker
        _record_failure(wanted, *_reason_and_pause(wanted, error))
    return wanted.state == Capture.State.CAPTURED


def _reason_and_pause(wanted: Capture, error: Exception) -> tuple[str, timedelta | None]:
    """Return what to tell the reviewer, and how long to wait unless trying again is of no use."""
    match error:
        case Refused(code="busy"):
            return _put_off(wanted, error)
        case Refused():
            return str(error), _pause_after(error, wanted)
        case Unreadable():
            return _(str(error)), None
        case TookTooMuch():
            return _("Reading the document took too much time or memory."), None
        case warc.NotReadable():
            return _("The uploaded file is gone. Upload it again."), None
    logger.error("Capture %s failed", wanted.pk, exc_info=error)
    sentence = _("Something went wrong on our side. Administrators find it in the log.")
    return sentence, _pause(wanted)


def _put_off(wanted: Capture, refusal: Refused) -> tuple[str, timedelta]:
    """Take back the attempt: it was not our turn at the host yet, which is nobody’s failure."""
    _ours(wanted).update(attempts=F("attempts") - 1)
    wanted.attempts -= 1
    return str(refusal), PAUSES[0]


def _lease(wanted: Capture, now: datetime) -> bool:
    """Take the capture for one attempt, and say whether it is ours."""
    taken = (
        Capture.objects.due(now)
        .filter(pk=wanted.pk, attempts__lt=MAX_ATTEMPTS)
        .update(
            state=Capture.State.RUNNING,
            started_at=now,
            next_attempt_at=now + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    wanted.refresh_from_db()
    return bool(taken)


def read(fetched: Fetched) -> Extracted:
    """Return what an answer says. Raises Unreadable, TookTooMuch or Died."""
    if len(fetched.final_url) > LONGEST_ADDRESS:
        raise Unreadable(gettext_noop("It leads to an address of more than 2000 characters."))
    body = fetched.body
    if fetched.content_type in HTML:  # what is not read need not be copied to who reads
        body = body[: MOST_BYTES_OF_HTML + 1]
    return run_apart(extract, body, fetched.content_type, fetched.final_url, fetched.charset)


def _fetched(wanted: Capture) -> Copy:
    """Return the copy of what the address answers now. Raises Refused and what reading raises."""
    fetched = fetch(wanted.source.url)
    return copy_of(fetched, read(fetched))


def copy_of(fetched: Fetched, extracted: Extracted) -> Copy:
    """Keep the file of an answer, and return all that a snapshot of it is made of."""
    return Copy(
        file=archive.keep(warc.of_response(fetched)),
        payload_sha256=hashlib.sha256(fetched.body).hexdigest(),
        content_type=fetched.content_type[:100],
        captured_at=fetched.fetched_at,
        extracted=extracted,
        final_url=fetched.final_url,
        status=fetched.status,
        way=(*(hop.url for hop in fetched.hops), fetched.final_url),
    )


def _uploaded(wanted: Capture) -> Copy:
    """Return the copy of what was uploaded. Raises NotReadable and what reading raises."""
    try:
        document = warc.document_in(archive.kept(wanted.file))
    except FileNotFoundError as error:
        raise warc.NotReadable(wanted.file) from error
    extracted = run_apart(extract, document.body, document.content_type)
    if wanted.transcription and not extracted.text:
        extracted = Extracted(text=wanted.transcription)
    return Copy(
        file=wanted.file,
        payload_sha256=hashlib.sha256(document.body).hexdigest(),
        content_type=document.content_type,
        captured_at=document.received_at,
        extracted=extracted,
    )


@transaction.atomic
def _record_success(wanted: Capture, copy: Copy) -> None:
    """Store the snapshot and end the capture, or neither. Raises _Overtaken."""
    before = kept_before(wanted.source, copy.payload_sha256, copy.extracted.text)
    snapshot = before or new_snapshot(wanted.source, copy)
    found: dict[str, Any] = {name: getattr(copy.extracted, name) for name in TOLD}
    ended = _ours(wanted).update(
        state=Capture.State.CAPTURED,
        snapshot=snapshot,
        next_attempt_at=None,
        ended_at=timezone.now(),
        reason="",
        found=found | {"guessed": sorted(copy.extracted.guessed)},
        note=_note(copy.extracted, before),
    )
    if not ended:
        raise _Overtaken
    remember_addresses(wanted.source, copy.way)
    if copy.final_url:
        seen(wanted.source, snapshot, copy.captured_at)
    if not before:
        public_archive.ask_for_what_was_captured(wanted)
    wanted.refresh_from_db()


def _record_failure(wanted: Capture, reason: str, pause: timedelta | None) -> None:
    """Note what went wrong. Without a pause, or after the last attempt, the capture has failed."""
    goes_on = pause is not None and wanted.attempts < MAX_ATTEMPTS
    now = timezone.now()
    _ours(wanted).update(
        state=Capture.State.WAITING if goes_on else Capture.State.FAILED,
        next_attempt_at=now + pause if pause is not None and goes_on else None,
        ended_at=None if goes_on else now,
        reason=reason,
    )
    wanted.refresh_from_db()


def _ours(wanted: Capture) -> Any:
    """Return the capture, unless the attempt outlived its lease and it is another’s."""
    return Capture.objects.filter(
        pk=wanted.pk, state=Capture.State.RUNNING, started_at=wanted.started_at
    )


def kept_before(source: Source, payload_sha256: str, text: str) -> Snapshot | None:
    """Return the snapshot that holds this document or this text already, with its file."""
    same = Q(payload_sha256=payload_sha256)
    if text:
        same |= Q(sha256=hashlib.sha256(text.encode()).hexdigest())
    return source.snapshots.filter(same).exclude(file="").order_by("pk").first()


def new_snapshot(source: Source, copy: Copy) -> Snapshot:
    """Store what a source said at the moment of a copy."""
    return Snapshot.objects.create(
        source=source,
        text=copy.extracted.text,
        captured_at=copy.captured_at,
        file=copy.file,
        payload_sha256=copy.payload_sha256,
        content_type=copy.content_type,
        final_url=copy.final_url,
        status=copy.status,
    )


def _note(extracted: Extracted, before: Snapshot | None) -> str:
    """Return what to know about the copy."""
    notes = [] if extracted.text else [_("No text could be read in it.")]
    if extracted.note:
        notes.append(_(extracted.note))
    if before:
        day = formats.date_format(before.captured_at)
        notes.append(_("It says the same as the copy of %(day)s.") % {"day": day})
    return " ".join(notes)


def _pause(wanted: Capture) -> timedelta | None:
    """Return how long to wait after an attempt that failed, or None when it was the last."""
    return PAUSES[wanted.attempts - 1] if wanted.attempts < MAX_ATTEMPTS else None


def _pause_after(refusal: Refused, wanted: Capture) -> timedelta | None:
    """Return how long to wait after a refusal, or None when trying again is of no use."""
    pause = _pause(wanted)
    if pause is None or not refusal.is_temporary:
        return None
    asked = timedelta(seconds=refusal.retry_after or 0)
    return min(max(pause, asked), LONGEST_PAUSE)
