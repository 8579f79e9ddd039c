"""What the worker does in the background: docs/operations.md."""

from datetime import datetime, timedelta

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from . import delivery
from .models import Mail

KEPT_FOR = timedelta(days=7)


@task
def send_mail(mail_id: int) -> None:
    """Try to send a mail; nothing happens when it was sent before or is gone."""
    for mail in Mail.objects.filter(pk=mail_id):
        delivery.attempt(mail)


def send_due(now: datetime) -> str:
    """Send the mail that is due, also that of a killed worker, and return what was done."""
    sent = delivery.send_due(now)
    return f"Mails sent: {sent}" if sent else ""


def forget_old(now: datetime) -> None:
    """Delete the queue's notes of tasks that began a week ago.

    Those that still “run” are of workers that were killed.
    """
    DBTaskResult.objects.filter(started_at__lt=now - KEPT_FOR).delete()
