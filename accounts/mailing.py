"""What other apps call to write to somebody. How it is sent is in `delivery`."""

from collections.abc import Iterable
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
    mails = send_each(kind, to=[to], subject=subject, body=body, link=link)
    return mails[0] if mails else None


def send_each(
    kind: str, *, to: Iterable[User], subject: str, body: str, link: str = ""
) -> list[Mail]:
    """Write the same mail to several people, each their own, and return those that were written.

    As `send`, in one query however many they are.
    """
    kind = MailKind(kind)
    people = [person for person in to if kind not in person.muted_mail and person.has_mailbox]
    if not people:
        return []
    said = _said(kind, subject, body, link)
    mails = Mail.objects.bulk_create([Mail(to=person, kind=kind, **said) for person in people])
    for mail in mails:
        _enqueue(mail)
    return mails


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


def _said(kind: MailKind, subject: str, body: str, link: str) -> dict[str, str]:
    """Return what the mail says, by the fields of Mail."""
    said = {"subject": _one_line(subject), "link": link}
    context = {**said, "site_name": settings.SITE_NAME, "body": body, "kind": kind.label}
    for field, template in (("text", "message.txt"), ("html", "message.html")):
        said[field] = render_to_string(f"accounts/mail/{template}", context)
    return said


def _enqueue(mail: Mail) -> None:
    # Robust: what the person did is saved by then, and `tick` sends a mail that no task sends.
    transaction.on_commit(partial(send_mail.enqueue, mail.pk), robust=True)


def _one_line(subject: str) -> str:
    """Fold line breaks, which would begin another header, and shorten what is long."""
    return Truncator(" ".join(subject.split())).chars(200)
