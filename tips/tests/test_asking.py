"""A reader asks for a correction: the form, what it refuses, and what it keeps."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import workflow
from claims.models import Claim
from claims.tests import factories
from tips.models import CorrectionRequest, Receipt
from tips.tests.factories import publish_draft

WRONG = "The year is wrong."


def address(claim):
    return f"/claims/{claim.pk}/correction/"


def stamp_of(client, claim, *, seconds_ago=10):
    """Open the form a while ago, and return the stamp it had."""
    then = timezone.now() - datetime.timedelta(seconds=seconds_ago)
    with time_machine.travel(then, tick=False):
        return client.get(address(claim)).context["form"]["stamp"].value()


def ask(client, claim, *, seconds_ago=10, **typed):
    """Open the form, type, and send it; return the answer."""
    stamp = stamp_of(client, claim, seconds_ago=seconds_ago)
    return client.post(address(claim), {"wrong": WRONG, "stamp": stamp, **typed})


def test_a_claim_with_a_verdict_leads_to_the_form(client, published_claim):
    page = client.get(published_claim.get_absolute_url()).content.decode()

    assert f'<a href="{address(published_claim)}">Ask for a correction</a>' in page
    assert published_claim.text in client.get(address(published_claim)).content.decode()


def test_a_withdrawn_verdict_leads_to_the_form_too(client, published_claim, editor):
    workflow.retract(published_claim.reviews.get(), by=editor, note="We misread it.")

    page = client.get(published_claim.get_absolute_url()).content.decode()
    response = ask(client, published_claim)

    assert f'<a href="{address(published_claim)}">Ask for a correction</a>' in page
    assert response.status_code == 302


@pytest.mark.parametrize("status", ["new", "in_review", "declined"])
def test_a_claim_without_a_verdict_has_no_form(client, db, status):
    claim = factories.make_claim(status=status)

    assert client.get(address(claim)).status_code == 404
    assert client.post(address(claim), {"wrong": WRONG}).status_code == 404
    assert "Ask for a correction" not in client.get(f"/claims/{claim.pk}/").content.decode()


def test_a_claim_whose_verdict_is_missing_has_no_form(client, db):
    claim = factories.make_claim(status=Claim.Status.PUBLISHED)

    assert client.get(address(claim)).status_code == 404


def test_a_request_is_kept_with_the_version_it_is_about(client, published_claim):
    response = ask(client, published_claim, wrong=f"  {WRONG}\r\nIt was 2023. ", shows="Page 4")

    asked = CorrectionRequest.objects.get()
    assert asked.review == published_claim.reviews.get()
    assert (asked.wrong, asked.shows) == (f"{WRONG}\nIt was 2023.", "Page 4")
    assert asked.state == "open"
    assert response.status_code == 302
    assert client.get(response.url).status_code == 200


def test_a_request_is_about_the_version_that_was_before_the_reader(
    client, published_claim, reviewer, editor
):
    stamp = stamp_of(client, published_claim)
    draft = workflow.revise(published_claim, by=reviewer, kind="update", note="New figures.")
    publish_draft(draft, by=editor)

    client.post(address(published_claim), {"wrong": WRONG, "stamp": stamp})

    assert CorrectionRequest.objects.get().review.number == 1


def test_a_stamp_of_another_claim_counts_for_nothing(client, published_claim):
    other = factories.make_published_claim()
    stamp = stamp_of(client, other)

    client.post(address(published_claim), {"wrong": WRONG, "stamp": stamp})

    assert CorrectionRequest.objects.get().review == published_claim.reviews.get()


def test_nothing_is_kept_of_who_sent_it(client, published_claim):
    ask(client, published_claim, REMOTE_ADDR="203.0.113.9")

    fields = {field.name for model in (CorrectionRequest, Receipt) for field in model._meta.fields}
    assert fields == {
        "id", "review", "wrong", "shows", "words_hash", "created_at", "state", "new_version",
        "answer", "answered_by", "answered_at", "request", "token_hash", "sent_at",
    }  # fmt: skip
    assert "sessionid" not in client.cookies


def test_the_first_thing_on_a_form_with_errors_is_what_to_mend(client, published_claim):
    page = ask(client, published_claim, wrong=" ", shows="Page 4").content.decode()

    assert "<title>Error: Ask for a correction" in page
    assert page.index("There is a problem") < page.index("<h1>")
    assert '<li><a href="#id_wrong">Tell us what is wrong.</a></li>' in page
    assert re.search(r'<textarea name="wrong"[^>]*aria-invalid="true"', page)
    assert 'aria-describedby="id_wrong_helptext id_wrong_error"' in page
    assert page.count("Tell us what is wrong.") == 2
    assert ">\nPage 4</textarea>" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"wrong": "x" * 2001}, "Use 2000 characters or fewer. It has 2001 now."),
        ({"shows": "x" * 2001}, "Use 2000 characters or fewer. It has 2001 now."),
        ({"wrong": "The year\x00"}, "Null characters are not allowed."),
        ({"shows": "\x00"}, "Null characters are not allowed."),
        ({"website": "https://spam.example"}, "Empty this field, then send again."),
        ({"website": "\x00"}, "Null characters are not allowed."),
        ({"stamp": ""}, "This page was open for too long."),
        ({"stamp": "1:forged:stamp"}, "This page was open for too long."),
        ({"stamp": "\x00"}, "This page was open for too long."),
        ({"stamp": "é" * 3000}, "This page was open for too long."),
        ({"seconds_ago": 1}, "That was very quick."),
        ({"seconds_ago": 86500}, "This page was open for too long."),
    ],
    ids=lambda given: str(given)[:24],
)
def test_what_cannot_be_taken_is_refused_in_plain_words(client, published_claim, typed, sentence):
    response = ask(client, published_claim, **typed)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_a_text_of_the_greatest_length_is_taken_whatever_its_line_ends(client, published_claim):
    lines = "x\r\n" * 1000

    ask(client, published_claim, wrong=lines + "y")

    assert not CorrectionRequest.objects.exists()

    ask(client, published_claim, wrong=lines)

    assert len(CorrectionRequest.objects.get().wrong) == 1999


def test_words_that_waited_too_long_can_be_sent_again(client, published_claim):
    refused = ask(client, published_claim, seconds_ago=90_000)
    stamp = refused.context["form"]["stamp"].value()
    in_a_while = timezone.now() + datetime.timedelta(seconds=10)

    with time_machine.travel(in_a_while, tick=False):
        response = client.post(address(published_claim), {"wrong": WRONG, "stamp": stamp})

    assert refused.context["form"]["wrong"].value() == WRONG
    assert response.status_code == 302


def test_the_sixth_request_from_one_address_within_an_hour_waits(client, published_claim):
    for number in range(5):
        assert ask(client, published_claim, wrong=f"Number {number} is wrong.").status_code == 302

    refused = ask(client, published_claim, wrong="Number 6 is wrong.")

    assert refused.status_code == 429
    page = refused.content.decode()
    assert "Several requests came from your connection" in page
    assert ">\nNumber 6 is wrong.</textarea>" in page
    assert CorrectionRequest.objects.count() == 5


def test_another_address_has_a_count_of_its_own(client, published_claim):
    stamp = stamp_of(client, published_claim)

    def send(number, place):
        typed = {"wrong": f"Number {number} is wrong.", "stamp": stamp}
        return Client().post(address(published_claim), typed, REMOTE_ADDR=place).status_code

    one_household = [send(number, f"2001:db8::{number}") for number in range(6)]
    another = send(6, "2001:db8:0:1::1")

    assert one_household == [302] * 5 + [429]
    assert another == 302


def test_a_browser_has_one_count_wherever_it_is(client, published_claim):
    stamp = stamp_of(client, published_claim)
    answers = [
        client.post(
            address(published_claim),
            {"wrong": f"Number {number} is wrong.", "stamp": stamp},
            REMOTE_ADDR=f"192.0.2.{number}",
        ).status_code
        for number in range(6)
    ]

    assert answers == [302] * 5 + [429]


def test_a_turn_comes_back_after_an_hour(client, published_claim):
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        answers = [ask(client, published_claim).status_code for _ in range(6)]
    with time_machine.travel(now + datetime.timedelta(minutes=61), tick=False):
        answers.append(ask(client, published_claim).status_code)

    assert answers == [302] * 5 + [429, 302]


def test_forms_with_errors_are_not_counted(client, published_claim):
    for _ in range(7):
        ask(client, published_claim, wrong="")

    assert ask(client, published_claim).status_code == 302


def test_the_same_words_about_the_same_version_join(client, published_claim):
    first = ask(client, published_claim, wrong="The YEAR is  wrong.\r\n")
    second = ask(client, published_claim, wrong="the year is wrong.")

    asked = CorrectionRequest.objects.get()
    assert asked.receipts.count() == 2
    assert first.url != second.url
    assert client.get(second.url).status_code == 200


def test_another_source_or_another_version_does_not_join(client, published_claim, reviewer, editor):
    ask(client, published_claim)
    ask(client, published_claim, shows="Page 4")
    draft = workflow.revise(published_claim, by=reviewer, kind="update", note="New figures.")
    publish_draft(draft, by=editor)
    ask(client, published_claim)

    assert CorrectionRequest.objects.count() == 3


def test_the_form_takes_the_same_queries_whatever_the_versions(
    client, published_claim, reviewer, editor, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as before:
        client.get(address(published_claim))
    for _ in range(3):
        draft = workflow.revise(published_claim, by=reviewer, kind="update", note="More.")
        publish_draft(draft, by=editor)

    with django_assert_num_queries(len(before)):
        client.get(address(published_claim))


def test_search_engines_leave_the_form_alone_and_nobody_keeps_a_copy(client, published_claim):
    response = client.get(address(published_claim))

    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
