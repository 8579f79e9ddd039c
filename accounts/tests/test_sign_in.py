"""Signing in, and who is kept from it."""

import re

import pytest
from django.conf import settings as configured
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client

from accounts.tests.authenticator import code_of
from claims.tests.factories import make_person
from config.settings import base

LOGIN = "/accounts/login/"
PASSWORD = "correct horse battery"


def sign_in(client, login, password=PASSWORD, **options):
    return client.post(LOGIN, {"login": login, "password": password}, **options)


def confirm_password(client, page):
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": page})


def set_up_app(client):
    """Set up an authenticator app for the person who is signed in; return its secret."""
    page = "/accounts/2fa/totp/activate/"
    confirm_password(client, page)
    secret = client.get(page).context["form"].secret
    client.post(page, {"code": code_of(secret)})
    return secret


def recovery_codes(client):
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    return re.findall(r"\b\d{8}\b", page)


def is_signed_in(client):
    return client.get("/accounts/profile/").status_code == 200


def body(response, *said):
    """Return what a page says, without what differs from one request to the next."""
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())
    for word in said:
        text = text.replace(word, "…")
    return text


@pytest.mark.parametrize("case", [str, str.upper])
@pytest.mark.parametrize("field", ["username", "email"])
def test_people_sign_in_by_username_or_email_in_any_case(client, editor, field, case):
    response = sign_in(client, case(getattr(editor, field)))

    assert response.headers["Location"] == "/admin/"
    assert is_signed_in(client)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up_uninvited(client, db, django_user_model, method):
    response = getattr(client, method)(
        "/accounts/signup/",
        {"username": "nia", "email": "n@x.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert "Accounts come by invitation" in response.content.decode()
    assert not django_user_model.objects.exists()


def test_the_old_admin_sign_in_sends_people_to_the_one_there_is(client, db):
    response = client.get("/admin/login/?next=/admin/claims/")

    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=%2Fadmin%2Fclaims%2F"


def test_the_old_admin_sign_in_takes_no_password(client, editor):
    client.post("/admin/login/", {"username": editor.username, "password": PASSWORD})

    assert not is_signed_in(client)


def test_the_old_admin_sign_in_takes_no_password_from_a_colleague_either(client, editor, superuser):
    client.force_login(editor)

    response = client.post("/admin/login/", {"username": superuser.username, "password": PASSWORD})

    assert response.status_code == 405
    assert client.get("/accounts/profile/").context["user"] == editor


@pytest.mark.parametrize("field", ["username", "email"])
def test_a_wrong_password_gets_the_same_answer_whether_the_account_exists(client, editor, field):
    known, unknown = getattr(editor, field), f"no-{getattr(editor, field)}"

    answers = [sign_in(client, login, "not the password") for login in (known, unknown)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert body(answers[0], known) == body(answers[1], unknown)
    assert "are not correct" in answers[0].content.decode()


def test_a_forgotten_password_gets_the_same_answer_whether_the_account_exists(
    client, editor, mailoutbox
):
    known, unknown = editor.email, "nobody@example.org"

    answers = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in (known, unknown)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert body(answers[0]) == body(answers[1])
    assert [mail.to for mail in mailoutbox] == [[known], [unknown]]
    assert "/accounts/signup/" not in mailoutbox[1].body


def test_too_many_attempts_are_answered_with_429(client, db):
    answers = [sign_in(client, f"person-{number}", "guess") for number in range(31)]

    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429
    assert "Too many attempts" in answers[30].content.decode()


@pytest.mark.parametrize("exists", [True, False])
def test_an_account_is_closed_for_a_while_after_five_wrong_passwords(client, editor, exists):
    login = editor.username if exists else "nobody"
    for _ in range(5):
        sign_in(client, login, "not the password")

    response = sign_in(client, login)

    assert "Too many failed login attempts" in response.content.decode()
    assert not is_signed_in(client)


def test_attempts_are_counted_where_all_server_processes_see_them(client, db, settings):
    settings.CACHES = base.CACHES
    call_command("createcachetable")

    answers = [sign_in(client, f"person-{number}", "guess") for number in range(31)]

    assert "DatabaseCache" in type(caches["default"]).__name__
    assert answers[30].status_code == 429


def test_a_new_password_is_held_to_the_rules(client, editor):
    sign_in(client, editor.username)
    page = "/accounts/password/change/"
    confirm_password(client, page)

    for weak in ["short", "password1234", "123456789012", editor.username]:
        response = client.post(
            page, {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )

        assert response.context["form"].errors, weak
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


@pytest.mark.parametrize("role", ["editor", "administrator", "superuser"])
def test_the_admin_waits_for_the_second_factor_of_those_who_decide(client, request, settings, role):
    settings.MFA_REQUIRED = True
    sign_in(client, request.getfixturevalue(role).username)

    for page in ["/admin/", "/admin/claims/claim/", "/admin/password_change/", "/admin/no/"]:
        assert client.get(page).headers["Location"] == "/accounts/2fa/", page
    assert "needs a second factor" in client.get("/accounts/2fa/").content.decode()


def test_the_admin_opens_once_the_second_factor_is_there(client, editor, settings):
    settings.MFA_REQUIRED = True
    sign_in(client, editor.username)

    set_up_app(client)

    assert client.get("/admin/").status_code == 200


def test_a_reviewer_needs_no_second_factor(client, reviewer, settings):
    settings.MFA_REQUIRED = True
    sign_in(client, reviewer.username)

    assert client.get("/admin/").status_code == 200


def test_what_readers_see_waits_for_no_second_factor(client, editor, settings):
    settings.MFA_REQUIRED = True
    sign_in(client, editor.username)

    for page in ["/", "/claims/", "/api/v1/claims/", "/api/v1/docs/", "/accounts/profile/"]:
        assert client.get(page).status_code == 200, page


def test_a_person_without_second_factor_can_leave(client, editor, settings):
    settings.MFA_REQUIRED = True
    sign_in(client, editor.username)

    client.post("/admin/logout/")

    assert not is_signed_in(client)


def test_outside_of_production_nobody_is_held_up(client, editor):
    sign_in(client, editor.username)

    assert configured.MFA_REQUIRED is False
    assert client.get("/admin/").status_code == 200


def test_the_password_alone_does_not_sign_in_where_an_app_is_set_up(client, editor):
    sign_in(client, editor.username)
    set_up_app(client)

    other = Client()
    response = sign_in(other, editor.username)

    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(other)


@pytest.mark.parametrize(("wrong", "gets_in"), [(False, True), (True, False)])
def test_the_code_of_the_app_signs_in(client, editor, wrong, gets_in):
    sign_in(client, editor.username)
    code = code_of(set_up_app(client), steps_ahead=30 if wrong else 1)
    other = Client()
    sign_in(other, editor.username)

    other.post("/accounts/2fa/authenticate/", {"code": code})

    assert is_signed_in(other) is gets_in


def test_a_recovery_code_signs_in_once(client, editor):
    sign_in(client, editor.username)
    set_up_app(client)
    codes = recovery_codes(client)
    first, second = Client(), Client()

    for browser in (first, second):
        sign_in(browser, editor.username)
        browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert len(codes) == 10
    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_recovery_codes_are_shown_once(client, editor):
    sign_in(client, editor.username)
    set_up_app(client)

    first, second = recovery_codes(client), recovery_codes(client)

    assert (len(first), len(second)) == (10, 0)


def test_a_session_that_was_ended_is_over(client, editor):
    lost = Client(headers={"user-agent": "The lost phone"})
    sign_in(lost, editor.username)
    sign_in(client, editor.username)
    listed = client.get("/accounts/sessions/").content.decode()

    client.post("/accounts/sessions/")

    assert "The lost phone" in listed
    assert not is_signed_in(lost)
    assert is_signed_in(client)


def test_people_change_what_readers_know_of_them(client, reviewer):
    sign_in(client, reviewer.username)

    response = client.post(
        "/accounts/profile/",
        {"display_name": "Rita R.", "bio": "Wrote on taxes.", "interests": "None"},
        follow=True,
    )

    reviewer.refresh_from_db()
    assert "Saved." in response.content.decode()
    assert (reviewer.display_name, reviewer.bio) == ("Rita R.", "Wrote on taxes.")


def test_a_changed_email_counts_once_its_link_was_followed(client, reviewer, mailoutbox):
    before = reviewer.email
    sign_in(client, reviewer.username)
    confirm_password(client, "/accounts/email/")

    client.post("/accounts/email/", {"email": "Rita@New.example", "action_add": ""})
    reviewer.refresh_from_db()
    in_between = reviewer.email
    client.post(re.search(r"/accounts/confirm-email/\S+", mailoutbox[0].body)[0])

    reviewer.refresh_from_db()
    assert (in_between, reviewer.email) == (before, "rita@new.example")


def test_an_email_of_somebody_else_is_refused(client, reviewer, mailoutbox):
    taken = make_person().email
    sign_in(client, reviewer.username)
    confirm_password(client, "/accounts/email/")

    response = client.post("/accounts/email/", {"email": taken.upper(), "action_add": ""})

    assert "already registered" in response.content.decode()
    assert mailoutbox == []


@pytest.mark.parametrize("page", ["profile", "email", "2fa", "sessions", "password/change"])
def test_the_pages_of_an_account_ask_who_one_is(client, db, page):
    response = client.get(f"/accounts/{page}/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith(LOGIN)
