"""The receipt: what a reader learns of a request, and what nobody learns before it is published."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import workflow
from tips import answering
from tips.models import Receipt
from tips.tests.factories import publish_draft, send, take_up

SECRET = "SECRET: the table was misread."


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_receipt_shows_what_was_written(client, published_claim):
    _, address = send(published_claim, wrong="The <b>year</b> is wrong.", shows="Page 4")

    html = page(client, address)

    assert "Thank you. We have your request." in html
    assert "The &lt;b&gt;year&lt;/b&gt; is wrong." in html
    assert "Page 4" in html
    assert f"http://testserver{address}" in html
    assert published_claim.text in html


def test_a_receipt_stays_between_us_and_the_reader(client, published_claim):
    _, address = send(published_claim)

    response = client.get(address)

    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_the_token_itself_is_not_kept(published_claim):
    _, address = send(published_claim)

    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert len(token) >= 43
    assert token not in str(Receipt.objects.values().get())


@pytest.mark.parametrize("token", ["x", "1", "a" * 43, "a" * 5000])
def test_an_unknown_token_opens_nothing(client, published_claim, token):
    send(published_claim)

    assert client.get(f"/corrections/receipts/{token}/").status_code == 404


def test_a_receipt_gives_the_answer(client, published_claim, editor):
    asked, address = send(published_claim)
    answering.answer(asked, by=editor, answer="The record says 2024, on page 4.")

    html = page(client, address)

    assert "We answered your request." in html
    assert "The record says 2024, on page 4." in html
    assert editor.username not in html


def test_who_sends_the_same_words_later_reads_the_same_answer(client, published_claim, editor):
    asked, _ = send(published_claim)
    answering.answer(asked, by=editor, answer="The record says 2024.")

    _, later = send(published_claim)

    assert "The record says 2024." in page(client, later)


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
"""It differs on each page."""


def test_no_receipt_tells_of_a_version_before_it_is_published(client, published_claim, editor):
    asked, address = send(published_claim)
    waiting = TOKEN.sub("", page(client, address))

    draft = take_up(asked, by=editor, note=SECRET)
    assert TOKEN.sub("", page(client, address)) == waiting
    draft.finding = SECRET
    draft.save()
    workflow.submit(draft, by=editor)
    assert TOKEN.sub("", page(client, address)) == waiting
    workflow.send_back(draft, by=editor, reason="More.")
    workflow.discard(draft, by=editor, reason="The verdict was right.")

    assert TOKEN.sub("", page(client, address)) == waiting
    assert "SECRET" not in waiting


def test_the_form_tells_nothing_of_a_draft(client, published_claim, editor):
    asked, _ = send(published_claim)
    take_up(asked, by=editor, note=SECRET)

    response = client.get(f"/claims/{published_claim.pk}/correction/")

    assert "SECRET" not in response.content.decode()
    assert response.context["version"].number == 1


def test_a_receipt_leads_to_the_correction_once_it_is_published(
    client, published_claim, editor, superuser
):
    asked, address = send(published_claim)
    publish_draft(take_up(asked, by=editor), by=superuser)

    html = page(client, address)

    assert "We changed the verdict." in html
    assert "The year was wrong." in html
    changes = f"/claims/{published_claim.pk}/changes/?to=2"
    assert f'href="{changes}"' in html
    assert client.get(changes).status_code == 200


def test_a_receipt_keeps_to_itself_what_readers_no_longer_see(client, published_claim, editor):
    _, address = send(published_claim)
    workflow.retract(published_claim.reviews.get(), by=editor, note="Misread.")
    published_claim.refresh_from_db()
    workflow.reopen(published_claim, by=editor, reason="New sources.")
    workflow.decline(published_claim, by=editor, reason="Not for us.")

    html = page(client, address)

    assert published_claim.text not in html
    assert "A claim that is no longer public." in html


def test_a_receipt_takes_the_same_queries_however_often_it_was_sent(
    client, published_claim, django_assert_num_queries
):
    _, address = send(published_claim)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for _ in range(3):
        send(published_claim)

    with django_assert_num_queries(len(before)):
        client.get(address)
