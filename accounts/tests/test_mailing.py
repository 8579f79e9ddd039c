"""Mail: written in the caller's transaction, sent in the background, tried again, once each."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import delivery, mailing, tasks
from accounts.models import Mail, MailAttempt, MailKind, User
from claims.tests.factories import make_person

FAILING = f"{__name__}.FailingBackend"
GREEDY = f"{__name__}.GreedyBackend"


class FailingBackend(BaseEmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class GreedyBackend(EmailBackend):
    """While it sends a mail, a second worker tries to send the same."""

    def send_messages(self, messages):
        assert [delivery.attempt(mail) for mail in Mail.objects.all()] == [False]
        return super().send_messages(messages)


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    """Do at the end of the block what waits for the transaction to hold."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def write(to, **changes):
    """Write a mail, which waits: tests run in a transaction that never ends."""
    said = {
        "kind": MailKind.ASSIGNMENT,
        "subject": "A claim for you",
        "body": "Eddie gave you this claim:\n\n“Taxes doubled.”",
        "link": "https://facts.example/claims/7/",
        **changes,
    }
    return mailing.send(to=to, **said)


def fail_until_given_up(mail):
    """Try at each moment that the mail falls due, and return the pauses between."""
    pauses = []
    while mail.state == Mail.State.WAITING:
        now = mail.next_attempt_at
        delivery.attempt(mail, now)
        pauses.append(mail.next_attempt_at and mail.next_attempt_at - now)
    return pauses


def test_a_mail_goes_out_as_text_and_as_html(reviewer, on_commit, settings):
    settings.SITE_NAME = "Fact Desk"
    settings.DEFAULT_FROM_EMAIL = "desk@facts.example"

    with on_commit():
        mail = write(reviewer)

    (sent,) = outbox.outbox
    html, kind = sent.alternatives[0]
    mail.refresh_from_db()
    assert (sent.to, sent.from_email, kind) == ([reviewer.email], "desk@facts.example", "text/html")
    for part in (sent.body, html):
        assert "Fact Desk" in part
        assert "A claim for you" in part
        assert "Taxes doubled." in part
        assert "https://facts.example/claims/7/" in part
        assert "To switch off “a claim is assigned to me”, untick it" in part
    assert mail.state == "sent"
    assert [entry.outcome for entry in mail.log.all()] == ["sent"]


def test_nothing_is_sent_before_the_transaction_holds(reviewer):
    mail = write(reviewer)

    assert mail.state == "waiting"
    assert outbox.outbox == []


def test_a_transaction_that_is_rolled_back_sends_nothing(reviewer, on_commit):
    with on_commit() as callbacks, transaction.atomic():
        write(reviewer)
        transaction.set_rollback(True)

    assert callbacks == []
    assert not Mail.objects.exists()
    assert outbox.outbox == []


def test_a_kind_that_is_switched_off_is_not_written(reviewer):
    reviewer.muted_mail = ["mention"]

    assert write(reviewer, kind="mention") is None
    assert write(reviewer, kind="published") is not None


@pytest.mark.parametrize("changes", [{"email": ""}, {"is_active": False}])
def test_nobody_without_a_mailbox_is_written_to(reviewer, changes):
    for name, value in changes.items():
        setattr(reviewer, name, value)

    assert write(reviewer) is None
    assert not Mail.objects.exists()


def test_mail_of_an_unknown_kind_is_refused(reviewer):
    with pytest.raises(ValueError, match="gossip"):
        write(reviewer, kind="gossip")


def test_somebody_who_left_meanwhile_gets_no_mail(reviewer):
    mail = write(reviewer)
    User.objects.filter(pk=reviewer.pk).update(is_active=False)

    delivery.attempt(mail)

    assert outbox.outbox == []
    assert (mail.state, mail.error) == ("failed", "This person gets no mail any more.")


def test_line_breaks_in_a_subject_begin_no_other_header(reviewer, on_commit):
    with on_commit():
        write(reviewer, subject="Hello\r\nBcc: spy@evil.example\u2028now")

    (sent,) = outbox.outbox
    assert sent.subject == "Hello Bcc: spy@evil.example now"
    assert sent.message()["Bcc"] is None


def test_a_long_subject_is_shortened(reviewer):
    mail = write(reviewer, subject="word " * 100)

    assert len(mail.subject) == 200
    assert mail.subject.endswith("…")


def test_what_people_wrote_is_escaped_in_html_and_plain_in_text(reviewer):
    mail = write(reviewer, subject="<b>1 & 2</b>", body="<script>alert('x')</script>")

    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "<h1>&lt;b&gt;1 &amp; 2&lt;/b&gt;</h1>" in mail.html
    assert "<b>1 & 2</b>\n\n<script>alert('x')</script>" in mail.text


def test_what_fails_is_tried_again_with_growing_pauses_and_given_up_after_six(reviewer, settings):
    settings.EMAIL_BACKEND = FAILING
    mail = write(reviewer)

    pauses = fail_until_given_up(mail)

    assert pauses == [*delivery.PAUSES, None]
    assert pauses[:-1] == sorted(pauses[:-1])
    assert (mail.state, mail.attempts) == ("failed", 6)
    assert mail.error == "SMTPServerDisconnected: Connection unexpectedly closed"
    assert [(entry.outcome, entry.error) for entry in mail.log.all()] == [
        ("failed", mail.error)
    ] * 6


def test_a_mail_that_failed_once_goes_out_when_the_server_is_back(reviewer, settings):
    mail = write(reviewer)
    with_server, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, FAILING
    delivery.attempt(mail)
    settings.EMAIL_BACKEND = with_server

    too_early = delivery.send_due()
    in_time = delivery.send_due(mail.next_attempt_at)

    mail.refresh_from_db()
    assert (too_early, in_time, len(outbox.outbox)) == (0, 1, 1)
    assert (mail.state, mail.error) == ("sent", "")
    assert [entry.outcome for entry in mail.log.all()] == ["failed", "sent"]


def test_of_two_workers_at_once_one_sends(reviewer, settings):
    settings.EMAIL_BACKEND = GREEDY
    mail = write(reviewer)

    assert delivery.attempt(mail)

    assert len(outbox.outbox) == 1
    assert mail.attempts == mail.log.count() == 1


def test_a_mail_that_was_sent_is_not_sent_again(reviewer, on_commit):
    with on_commit():
        mail = write(reviewer)

    tasks.send_mail.enqueue(mail.pk)
    tasks.send_mail.enqueue(mail.pk + 1)
    call_command("tick")

    assert len(outbox.outbox) == 1


def test_the_mail_of_a_killed_worker_is_sent_by_tick(reviewer, capsys):
    mail = write(reviewer)
    begin_and_be_killed(mail, timezone.now() - delivery.LEASE)

    call_command("tick")

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, len(outbox.outbox)) == ("sent", 2, 1)
    assert [entry.outcome for entry in mail.log.all()] == ["started", "sent"]
    assert capsys.readouterr().out == "Mails sent: 1\n"


def test_a_mail_that_kills_each_worker_is_given_up(reviewer):
    mail = write(reviewer)
    for _attempt in range(6):
        begin_and_be_killed(mail, mail.next_attempt_at)

    delivery.send_due(mail.next_attempt_at)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("failed", 6)
    assert mail.error == "The worker was stopped during the last attempt."
    assert outbox.outbox == []


def begin_and_be_killed(mail, now):
    """Leave the mail as a worker does that ends while it talks to the mail server."""
    Mail.objects.filter(pk=mail.pk).update(next_attempt_at=now)
    assert delivery._lease(mail, now)


def test_a_failure_after_the_lease_ended_does_not_undo_the_sending(reviewer, settings):
    mail = write(reviewer)
    begin_and_be_killed(mail, timezone.now() - delivery.LEASE)
    late = mail.log.get()
    delivery.send_due()

    delivery._record_failure(late, "too late", next_attempt_at=timezone.now())

    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("sent", "")


def test_a_mail_that_failed_is_tried_again_in_the_admin(client, administrator, on_commit, settings):
    mail = failed_mail(settings)
    client.force_login(administrator)

    with on_commit():
        response = try_again(client, mail)

    mail.refresh_from_db()
    assert "Waits again: A claim for you" in response.content.decode()
    assert (mail.state, mail.attempts, len(outbox.outbox)) == ("sent", 1, 1)


def test_a_mail_that_was_sent_cannot_be_tried_again(client, administrator, on_commit):
    with on_commit():
        mail = write(make_person())
    client.force_login(administrator)

    response = try_again(client, mail)

    assert "Only a mail that failed can be tried again." in response.content.decode()
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize("who", ["reviewer", "editor"])
def test_only_administrators_see_mail_or_try_it_again(client, request, settings, who):
    person, mail = request.getfixturevalue(who), failed_mail(settings)
    client.force_login(person)

    assert try_again(client, mail).status_code == 403
    assert client.get(page_of(mail)).status_code == 403
    assert client.get(reverse("admin:accounts_mailattempt_changelist")).status_code == 403
    with pytest.raises(PermissionDenied):
        mailing.try_again(mail, by=person)
    mail.refresh_from_db()
    assert mail.state == "failed"


def test_an_administrator_reads_a_mail_and_its_attempts_and_changes_nothing(
    client, administrator, settings
):
    mail = failed_mail(settings)
    client.force_login(administrator)

    page = client.get(page_of(mail)).content.decode()
    log = client.get(reverse("admin:accounts_mailattempt_changelist")).content.decode()
    changed = client.post(page_of(mail), {"subject": "Changed"})

    assert page.count("SMTPServerDisconnected") == 1 + 6
    assert log.count("SMTPServerDisconnected") == 6
    assert "Taxes doubled." in page
    assert changed.status_code == 403
    assert client.get(reverse("admin:accounts_mail_add")).status_code == 403


def test_a_person_is_deleted_with_their_mail(client, superuser):
    mail = write(make_person())
    client.force_login(superuser)

    client.post(reverse("admin:accounts_user_delete", args=[mail.to.pk]), {"post": "yes"})

    assert not Mail.objects.exists()
    assert not User.objects.filter(pk=mail.to.pk).exists()


def failed_mail(settings):
    """A mail that was given up; the server is back."""
    mail = write(make_person())
    with_server, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, FAILING
    fail_until_given_up(mail)
    settings.EMAIL_BACKEND = with_server
    return mail


def page_of(mail):
    return reverse("admin:accounts_mail_change", args=[mail.pk])


def try_again(client, mail):
    chosen = {"action": "try_again", "_selected_action": [mail.pk]}
    return client.post(reverse("admin:accounts_mail_changelist"), chosen, follow=True)


@pytest.mark.parametrize(
    "kinds", [{"mention": 1}, "mention", ["gossip"], [["mention"]], ["mention", "mention"]]
)
def test_only_known_kinds_are_switched_off_each_once(reviewer, kinds):
    reviewer.muted_mail = kinds

    with pytest.raises(ValidationError) as refusal:
        reviewer.full_clean()

    assert "muted_mail" in refusal.value.message_dict


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "lost", "next_attempt_at": None},
        {"state": "sent", "next_attempt_at": None},
        {"sent_at": timezone.now()},
        {"next_attempt_at": None},
    ],
)
def test_the_database_refuses_a_mail_that_cannot_be(reviewer, changes):
    mail = write(reviewer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(**changes)


def test_an_attempt_says_when_it_was_and_what_came_of_it():
    moment = timezone.now().replace(2026, 11, 24, 9, 5)

    assert str(MailAttempt(at=moment, outcome="failed")) == "2026-11-24 09:05 Failed"


def test_all_due_mail_goes_out_even_when_one_fails(reviewer, settings):
    first, second = write(reviewer), write(reviewer)
    Mail.objects.filter(pk=first.pk).update(html="", text="", subject="a\nb")  # BadHeaderError

    sent = delivery.send_due(timezone.now() + timedelta(seconds=1))

    first.refresh_from_db()
    second.refresh_from_db()
    assert sent == 1
    assert (first.state, second.state) == ("waiting", "sent")
    assert "BadHeaderError" in first.error
