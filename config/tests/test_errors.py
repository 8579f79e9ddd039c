"""What people read when a page cannot be shown."""

import pytest
from django.test import RequestFactory, override_settings
from django.urls import path
from django.views.defaults import server_error

from claims import workflow
from claims.tests import factories
from config import urls


def broken(request):
    raise RuntimeError("SECRET")


urlpatterns = [*urls.urlpatterns[:1], path("broken", broken), *urls.urlpatterns[1:]]
handler400 = urls.handler400


def test_an_unknown_address_is_not_found_in_plain_words(client, db):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_a_refused_address_says_what_is_wrong_with_it(client, db):
    response = client.get("/claims/?rating=great")

    assert response.status_code == 400
    assert "There is no “great”" in response.content.decode()


def test_a_suspicious_request_is_not_repeated_to_the_reader(client, db):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
    assert "not as expected" in response.content.decode()


@override_settings(ROOT_URLCONF="config.tests.test_errors")
def test_our_own_fault_is_told_without_its_details(client):
    client.raise_request_exception = False

    response = client.get("/broken")

    assert response.status_code == 500
    assert "wrong on our side" in response.content.decode()
    assert "SECRET" not in response.content.decode()


def test_the_page_of_our_own_fault_needs_nothing_that_may_be_broken():
    response = server_error(RequestFactory().get("/"))

    assert "{%" not in response.content.decode()


def test_a_form_without_its_token_is_refused_in_plain_words(client, db):
    client.handler.enforce_csrf_checks = True

    assert client.post("/admin/login/").status_code == 403


@pytest.mark.parametrize("page", ["/", "/claims/", "/nowhere/", "/admin/login/"])
def test_every_answer_carries_the_policy(client, db, page):
    policy = client.get(page)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


def test_a_page_that_is_not_found_offers_to_search(client, db):
    html = client.get("/nowhere/").content.decode()

    assert html.count('name="q"') == 1
    assert "/claims/suggestions/" in html


def test_a_claim_that_readers_saw_and_we_gave_up_is_gone(client, reviewer, editor):
    claim = factories.make_claim("SECRET words.", status="new")
    workflow.accept(claim, by=reviewer)
    workflow.decline(claim, by=editor, reason="SECRET reason")

    response = client.get(f"/claims/{claim.pk}/")

    assert response.status_code == 410
    assert "We took this page down" in response.content.decode()
    assert "SECRET" not in response.content.decode()


def test_a_claim_that_readers_never_saw_is_not_found(client, reviewer, editor):
    claim = factories.make_claim(status="new")
    workflow.decline(claim, by=editor, reason="No claim.")

    assert client.get(f"/claims/{claim.pk}/").status_code == 404


def test_a_notice_stands_above_every_page(client, editor, settings):
    settings.NOTICE = "We move: <read>, but change nothing."
    client.force_login(editor)

    for page in ("/", "/claims/", "/nowhere/", "/admin/"):
        assert "We move: &lt;read&gt;, but change nothing." in client.get(page).content.decode()
