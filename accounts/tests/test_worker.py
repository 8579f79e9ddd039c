"""The process in the background."""

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import mailing, tasks
from claims.tests.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)


class StoppingBackend(EmailBackend):
    """While it sends a mail, somebody stops the worker, twice."""

    def send_messages(self, messages):
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def queue(settings):
    """Let tasks wait in the database, and give the signals back to the tests afterwards."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def write():
    return mailing.send("mention", to=make_person(), subject="You are mentioned", body="Here.")


def test_a_worker_that_is_stopped_sends_the_mail_under_way_first(settings):
    settings.EMAIL_BACKEND = f"{__name__}.StoppingBackend"
    mail = write()
    write()
    assert DBTaskResult.objects.ready().count() == 2

    call_command("worker")

    mail.refresh_from_db()
    assert len(outbox.outbox) == 1
    assert mail.state == "sent"
    assert DBTaskResult.objects.ready().count() == 1


def test_an_idle_worker_ticks_and_ends_when_it_is_stopped():
    mail = write()
    DBTaskResult.objects.all().delete()  # as if it had been lost
    threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()

    with pytest.raises(SystemExit) as end:
        call_command("worker")

    mail.refresh_from_db()
    assert end.value.code == 0
    assert mail.state == "sent"


def test_tick_forgets_the_tasks_of_a_week_ago_and_no_others():
    write()
    write()
    old, new = DBTaskResult.objects.all()
    for result, days in ((old, 8), (new, 6)):
        result.claim("killed")
        DBTaskResult.objects.filter(pk=result.pk).update(
            started_at=timezone.now() - timedelta(days=days)
        )
    write()

    tasks.forget_old(timezone.now())

    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"RUNNING", "READY"}
    assert not DBTaskResult.objects.filter(pk=old.pk).exists()
