"""What other apps call to write to somebody. How it is sent is in `delivery`."""

from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .models import Mail, MailKind, User
from .tasks import send_mail


def send(kind: str, *, to: User, subject: str, body: str, link: str = "") -> Mail | None:
    """Write a mail to somebody, to be sent in the background once the caller's transaction holds.

    `kind` is one of MailKind, `body` plain text with blank lines between paragraphs, and `link`
    the absolute address of the page it is about. Returns the mail, or None when the person
    switched that kind off, left, or has no address. Raises ValueError for an unknown kind.
    """
    kind = MailKind(kind)
    if kind in to.muted_mail or not to.has_mailbox:
        return None
    subject = _one_line(subject)
    context = {
        "site_name": settings.SITE_NAME,
        "subject": subject,
        "body": body,
        "link": link,
        "kind": kind.label,
    }
    mail = Mail.objects.create(
        to=to,
        kind=kind,
        subject=subject,
        text=render_to_string("accounts/mail/message.txt", context),
        html=render_to_string("accounts/mail/message.html", context),
        link=link,
    )
    _enqueue(mail)
    return mail


@transaction.atomic
def try_again(mail: Mail, *, by: User) -> None:
    """Let a mail that failed wait once more, for six new attempts.

    Raises PermissionDenied, or ValidationError when it did not fail.
    """
    if not by.has_perm("accounts.retry_mail"):
        raise PermissionDenied(_("Your role may not do this."))
    waits = Mail.objects.filter(pk=mail.pk, state=Mail.State.FAILED).update(
        state=Mail.State.WAITING, attempts=0, next_attempt_at=timezone.now(), error=""
    )
    if not waits:
        raise ValidationError(_("Only a mail that failed can be tried again."), code="not_failed")
    mail.refresh_from_db()
    _enqueue(mail)


def _enqueue(mail: Mail) -> None:
    # Robust: what the person did is saved by then, and `tick` sends a mail that no task sends.
    transaction.on_commit(partial(send_mail.enqueue, mail.pk), robust=True)


def _one_line(subject: str) -> str:
    """Fold line breaks, which would begin another header, and shorten what is long."""
    return Truncator(" ".join(subject.split())).chars(200)
