"""Mail to readers: asked for twice, told once, then forgotten."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from claims import workflow
from claims.models import Claim
from claims.tests import factories
from tips import answering, moderating, sending, telling
from tips.models import CorrectionRequest, MailWish, Suggestion, SuggestionReceipt

ADDRESS = "reader@example.org"


def tick(**later):
    return telling.tell_readers(timezone.now() + timedelta(**later))


def link_in(message):
    return re.search(r"https?://[^/]+(/\S*mail/\S+)", message.body)[1]


@pytest.fixture
def receipt(db):
    token = sending.suggest(said="The moon is cheese.", where="A market")
    return SuggestionReceipt.address_of(token)


@pytest.fixture
def suggestion(receipt):
    return Suggestion.objects.get()


@pytest.fixture
def confirmed(client, receipt):
    client.post(receipt, {"address": ADDRESS})
    tick()
    client.post(link_in(mail.outbox.pop()), {"confirm": ""})
    return MailWish.objects.get()


def test_nothing_but_a_question_is_sent_before_a_reader_confirms(
    client, receipt, suggestion, editor
):
    answer = client.post(receipt, {"address": ADDRESS})
    page = client.get(answer["Location"]).content.decode()
    moderating.decline(suggestion, by=editor, answer="We do not check jokes.")

    tick()
    tick(minutes=30)

    assert "we sent a question there" in page
    (question,) = mail.outbox
    assert question.to == [ADDRESS]
    assert "We do not check jokes." not in question.body


def test_opening_the_link_confirms_nothing(client, receipt):
    client.post(receipt, {"address": ADDRESS})
    tick()

    page = client.get(link_in(mail.outbox[0]))

    assert MailWish.objects.get().confirmed_at is None
    assert "Yes, write to me" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]


def test_a_reader_is_told_each_step_once_and_forgotten_after_the_last(
    client, confirmed, suggestion, reviewer, editor, ratings
):
    claim = moderating.take_up(suggestion, by=reviewer, text="The moon is cheese.", language="en")
    tick(minutes=10)
    assert mail.outbox == []  # a new claim is not public

    workflow.accept(claim, by=reviewer)
    tick(minutes=20)
    tick(minutes=30)
    assert [message.subject for message in mail.outbox] == ["Claims Tracker: We are checking it."]
    assert f"/claims/{claim.pk}/" in mail.outbox[0].body
    assert link_in(mail.outbox[0])

    Claim.objects.filter(pk=claim.pk).update(selection_reason="A reader asked.")
    claim.refresh_from_db()
    draft = factories.complete(factories.make_draft(claim, author=reviewer))
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=editor)
    tick(hours=1)
    assert mail.outbox[1].subject == "Claims Tracker: We checked it."
    assert "We forget your address now." in mail.outbox[1].body
    assert not MailWish.objects.exists()


def test_an_answer_in_words_is_told(client, confirmed, suggestion, editor):
    moderating.decline(suggestion, by=editor, answer="We do not check <jokes>.")

    tick(minutes=10)

    assert "We do not check <jokes>." in mail.outbox[0].body
    assert "The moon is cheese." in mail.outbox[0].body
    assert not MailWish.objects.exists()


def test_who_asked_for_a_correction_is_told_the_answer(client, published_claim, editor):
    version = published_claim.reviews.get()
    token = sending.send(version, wrong="The year is wrong.")
    client.post(f"/corrections/receipts/{token}/", {"address": ADDRESS})
    tick()
    client.post(link_in(mail.outbox.pop()), {"confirm": ""})
    answering.answer(CorrectionRequest.objects.get(), by=editor, answer="It is not.")

    tick(minutes=10)

    assert "It is not." in mail.outbox[0].body


def test_a_reader_can_be_forgotten_at_any_time(client, confirmed, suggestion, editor):
    address = f"/mail/{telling._SIGNER.sign(str(confirmed.pk))}/"

    page = client.post(address, {"forget": ""}).content.decode()

    assert "We have no address of yours." in page
    assert ADDRESS not in page
    assert not MailWish.objects.exists()


@pytest.mark.parametrize("token", ["1", "1:x", "x:y", "9" * 300])
def test_a_made_up_link_finds_nobody(client, db, token):
    page = client.post(f"/mail/{token}/", {"confirm": ""})

    assert page.status_code == 200
    assert "We have no address of yours." in page.content.decode()


@pytest.mark.parametrize("address", ["", "no address", "a@b", f"{'x' * 250}@example.org"])
def test_what_is_no_address_is_refused(client, receipt, address):
    answer = client.post(receipt, {"address": address})

    assert answer.status_code == 400
    assert "The moon is cheese." in answer.content.decode()
    assert not MailWish.objects.exists()


def test_nobodys_mailbox_is_filled(client, db):
    for number in range(5):
        token = sending.suggest(said=f"Claim {number}", where="A market")
        receipt = SuggestionReceipt.objects.with_token(token).get()
        telling.ask(receipt, address=ADDRESS.upper() if number % 2 else ADDRESS, language="en")

    tick()

    assert len(mail.outbox) == telling.MOST_UNCONFIRMED


def test_addresses_are_asked_for_as_often_as_words_are_sent(client, receipt):
    answers = [client.post(receipt, {"address": ADDRESS}).status_code for _turn in range(6)]

    assert answers == [302] * 5 + [400]


def test_mail_is_in_the_language_of_the_page(client, receipt):
    client.post(f"/fr{receipt}", {"address": ADDRESS})

    tick()

    assert link_in(mail.outbox[0]).startswith("/fr/mail/")


def test_mail_that_fails_is_tried_again_and_given_up_in_the_end(client, receipt, monkeypatch):
    def refuse(_self):
        raise OSError("refused")

    client.post(receipt, {"address": ADDRESS})
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    now = timezone.now()
    for day in range(telling.MOST_ATTEMPTS - 1):
        assert telling.tell_readers(now + timedelta(days=day)) == ""
        assert MailWish.objects.get().attempts == day + 1

    telling.tell_readers(now + timedelta(days=30))

    assert not MailWish.objects.exists()


def test_two_workers_write_once(client, receipt, monkeypatch):
    client.post(receipt, {"address": ADDRESS})
    (wish,) = MailWish.objects.all()

    told = [telling._attend_to(each, timezone.now()) for each in (wish, wish)]

    assert told == [1, 0]
    assert len(mail.outbox) == 1


def test_what_is_settled_for_long_is_forgotten_and_what_is_open_stays(
    client, confirmed, suggestion, editor, settings
):
    sending.suggest(said="The sun is cold.", where="A market")
    moderating.decline(suggestion, by=editor, answer="No.")
    later = timezone.now() + timedelta(days=settings.READERS_KEPT_DAYS)

    assert telling.forget_readers(later - timedelta(hours=1))["suggestions"] == 0
    assert telling.forget_readers(later + timedelta(hours=1))["suggestions"] == 1
    assert Suggestion.objects.get().said == "The sun is cold."
    assert not MailWish.objects.exists()


def test_a_correction_request_is_forgotten_and_its_claim_stays(client, published_claim, editor):
    sending.send(published_claim.reviews.get(), wrong="The year is wrong.")
    answering.answer(CorrectionRequest.objects.get(), by=editor, answer="It is not.")

    forgotten = telling.forget_readers(timezone.now() + timedelta(days=400))

    assert forgotten == {"addresses": 0, "requests": 1, "suggestions": 0}
    assert Claim.objects.published().count() == 1


def test_nothing_is_forgotten_where_the_newsroom_keeps_all(db, suggestion, editor, settings):
    settings.READERS_KEPT_DAYS = 0
    moderating.decline(suggestion, by=editor, answer="No.")

    assert telling.forget_readers(timezone.now() + timedelta(days=9000))["suggestions"] == 0


def test_an_address_that_nobody_confirmed_is_forgotten(client, receipt, capsys):
    client.post(receipt, {"address": ADDRESS})
    MailWish.objects.update(asked_at=timezone.now() - timedelta(days=4))

    call_command("forget_readers")

    assert capsys.readouterr().out.startswith("addresses: 1")
    assert not MailWish.objects.exists()


def test_the_worker_forgets_once_a_day(client, receipt):
    client.post(receipt, {"address": ADDRESS})
    later = timezone.now() + timedelta(days=4)

    assert telling.forget_daily(later) == "Forgot 1 thing of readers."
    assert telling.forget_daily(later) == ""
