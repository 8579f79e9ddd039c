"""Sending the mail that waits: each try logged, none at the same time as another.

A try begins with a lease: the mail's next attempt is put off, by compare-and-swap, past the time
that any sending takes. So two workers never send one mail at once, and the mail of a worker that
was killed falls due again by itself.
"""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .models import Mail, MailAttempt

logger = logging.getLogger(__name__)

# A server that answers each of about ten words just before EMAIL_TIMEOUT stays below this.
LEASE = timedelta(minutes=3)
PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
]
MAX_ATTEMPTS = len(PAUSES) + 1


def attempt(mail: Mail, now: datetime | None = None) -> bool:
    """Try once to send a mail that is due, and return whether it was sent.

    Does nothing for a mail that was sent, given up, is not due at `now`, or is being sent by
    somebody else: it is safe to call twice. Whatever goes wrong is logged, never raised; the mail
    then waits for its next attempt, or has failed after the sixth.
    """
    now = now or timezone.now()
    entry = _lease(mail, now)
    if entry is None:
        return False
    if not mail.to.has_mailbox:
        _record_failure(entry, "This person gets no mail any more.", next_attempt_at=None)
        return False
    try:
        _message(mail).send()
    except Exception as error:  # each backend has its own, and none may be lost
        logger.warning("Mail %s could not be sent", mail.pk, exc_info=True)
        _record_failure(entry, f"{type(error).__name__}: {error}", next_attempt_at=_next(mail, now))
        return False
    _record_success(entry)
    return True


def send_due(now: datetime | None = None) -> int:
    """Try each mail that is due, and return how many were sent.

    This is what tries again after a pause, and after a worker was killed.
    """
    now = now or timezone.now()
    due = Mail.objects.due(now)
    due.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Mail.State.FAILED,
        next_attempt_at=None,
        error="The worker was stopped during the last attempt.",
    )
    return sum(attempt(mail, now) for mail in list(due.order_by("next_attempt_at", "pk")))


def _lease(mail: Mail, now: datetime) -> MailAttempt | None:
    """Take the mail for one attempt and log that it began, or return None when it is not ours."""
    with transaction.atomic():
        taken = (
            Mail.objects.due(now)
            .filter(pk=mail.pk, attempts__lt=MAX_ATTEMPTS)
            .update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
        )
        if not taken:
            return None
        mail.refresh_from_db()
        return MailAttempt.objects.create(mail=mail, at=now)


def _next(mail: Mail, now: datetime) -> datetime | None:
    """Return when to try again what failed just now, or None when it was the last attempt."""
    return now + PAUSES[mail.attempts - 1] if mail.attempts < MAX_ATTEMPTS else None


def _message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject, mail.text, to=[mail.to.email], headers={"Auto-Submitted": "auto-generated"}
    )
    message.attach_alternative(mail.html, "text/html")
    return message


@transaction.atomic
def _record_success(entry: MailAttempt) -> None:
    entry.outcome = MailAttempt.Outcome.SENT
    entry.save()
    Mail.objects.filter(pk=entry.mail_id, state=Mail.State.WAITING).update(
        state=Mail.State.SENT, sent_at=timezone.now(), next_attempt_at=None, error=""
    )
    entry.mail.refresh_from_db()


@transaction.atomic
def _record_failure(entry: MailAttempt, error: str, *, next_attempt_at: datetime | None) -> None:
    """Note what went wrong; the mail has failed when there is no next attempt.

    An attempt that outlived its lease changes nothing of the mail, which is another's by then.
    """
    entry.outcome, entry.error = MailAttempt.Outcome.FAILED, error
    entry.save()
    Mail.objects.filter(
        pk=entry.mail_id, state=Mail.State.WAITING, attempts=entry.mail.attempts
    ).update(
        state=Mail.State.WAITING if next_attempt_at else Mail.State.FAILED,
        next_attempt_at=next_attempt_at,
        error=error,
    )
    entry.mail.refresh_from_db()
