"""Recording documents in the admin."""

import pytest
from django.urls import reverse

from claims.tests.factories import make_snapshot, make_source
from claims.tests.test_admin import form_of
from sources.finding import remember_addresses
from sources.models import Snapshot, Source


def test_a_reviewer_keeps_what_a_document_says(client, reviewer):
    client.force_login(reviewer)
    source = make_source()

    response = client.post(
        reverse("admin:sources_snapshot_add"),
        {
            "source": source.pk,
            "text": "What it says.",
            "captured_at_0": "2026-01-01",
            "captured_at_1": "12:00",
        },
    )

    assert response.status_code == 302
    assert Snapshot.objects.get().text == "What it says."


def test_a_kept_copy_is_read_only_for_superusers_too(client, superuser):
    client.force_login(superuser)
    snapshot = make_snapshot()
    page = reverse("admin:sources_snapshot_change", args=[snapshot.pk])

    assert client.get(page).status_code == 200
    assert client.post(page, {"text": "Forged."}).status_code == 403


def test_a_source_that_exists_is_refused_at_its_form(client, reviewer):
    client.force_login(reviewer)
    source = make_source()
    page = reverse("admin:sources_source_change", args=[source.pk])
    assert "snapshots" in client.get(page).content.decode().lower()

    response = client.post(
        reverse("admin:sources_source_add"),
        {
            "kind": "article",
            "title": "Again",
            "url": source.url,
            "snapshots-TOTAL_FORMS": 0,
            "snapshots-INITIAL_FORMS": 0,
        },
    )

    assert "exists already" in response.content.decode()
    assert Source.objects.count() == 1


@pytest.fixture
def desk(client, reviewer):
    """A browser in which a reviewer is signed in."""
    client.force_login(reviewer)
    return client


def add(browser, **fields):
    """Fill the form of a new source as it is shown, and send it."""
    page = reverse("admin:sources_source_add")
    return browser.post(page, form_of(browser.get(page)) | fields)


def errors_of(response):
    return {name: str(errors) for name, errors in response.context["adminform"].form.errors.items()}


def test_what_is_no_address_of_the_web_is_refused_at_the_form_with_what_to_do(desk):
    response = add(desk, title="Plan", url="http://0x7f.1/")

    assert "it begins with http:// or https://" in errors_of(response)["url"]


def test_a_document_whose_address_is_written_otherwise_is_refused_with_a_link(desk):
    source = make_source("Tax plan", url="https://example.org/2025/tax-plan")

    response = add(desk, title="Again", url="http://www.example.org/2025/tax-plan/?utm_source=x")

    page = reverse("admin:sources_source_change", args=[source.pk])
    assert errors_of(response).keys() == {"url"}
    assert f'Use that one: <a href="{page}">Tax plan</a>' in response.content.decode()
    assert Source.objects.get() == source


def test_a_title_in_a_link_is_text(desk):
    make_source("<b>Plan</b>", url="https://example.org/plan")

    response = add(desk, title="Again", url="https://example.org/plan/")

    assert "&lt;b&gt;Plan&lt;/b&gt;</a>" in response.content.decode()


def test_a_title_much_like_another_is_a_question_that_a_tick_answers(desk):
    source = make_source("The council’s plan for taxes in 2025")
    fields = {"title": "Council's Plan for Taxes in 2025!", "url": "https://example.com/other"}

    asked = add(desk, **fields)

    page = reverse("admin:sources_source_change", args=[source.pk])
    assert f'<a href="{page}">The council’s plan for taxes in 2025</a>' in asked.content.decode()
    assert '<input type="checkbox" name="is_another"' in asked.content.decode()
    assert Source.objects.count() == 1

    answered = add(desk, **fields, is_another="on")

    assert answered.status_code == 302
    assert Source.objects.get(url="https://example.com/other").title == fields["title"]


def test_an_address_that_once_led_to_a_source_is_a_question(desk):
    source = make_source("Tax plan", url="https://example.org/2025/tax-plan")
    remember_addresses(source, ["https://sho.rt/abc"])

    asked = add(desk, title="Something else", url="http://sho.rt/abc?fbclid=1")

    assert "Is it one of these?" in errors_of(asked)["is_another"]
    assert Source.objects.get() == source


def test_a_new_document_is_not_asked_about(desk):
    make_source("Annual report 2023")

    response = add(desk, title="Annual report 2024", url="https://example.org/reports/2024")

    assert response.status_code == 302
    assert Source.objects.count() == 2


def test_a_source_is_edited_without_being_asked_about_itself(desk):
    source = make_source("Tax plan", url="https://www.example.org/2025/tax-plan/")
    page = reverse("admin:sources_source_change", args=[source.pk])

    response = desk.post(page, form_of(desk.get(page)) | {"title": "Tax plan."})

    assert response.status_code == 302
    assert Source.objects.get().title == "Tax plan."
