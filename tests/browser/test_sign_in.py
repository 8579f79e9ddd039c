"""Signing in with a second factor, as an editor does it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.tests.authenticator import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PASSWORD = "correct horse battery"


@pytest.fixture
def signed_in(open_page, editor, settings):
    """A page of an editor who signed in with a password only, where a second factor is needed."""
    settings.MFA_REQUIRED = True
    page = open_page("/accounts/login/?next=/admin/")
    give_password(page, editor)
    page.wait_for_url("**/accounts/2fa/")
    return page


@pytest.fixture
def passkeys(signed_in):
    """A device in the editor's browser that keeps passkeys and knows its owner's finger."""
    device = signed_in.context.new_cdp_session(signed_in)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield lambda: device.send("WebAuthn.getCredentials", made)["credentials"]
    device.detach()


def give_password(page, person):
    page.get_by_label("Username or e-mail").fill(person.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm_password(page):
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def keep_recovery_codes(page):
    """Return the codes that are shown once, and say that they are saved."""
    page.wait_for_url("**/recovery-codes/")
    codes = page.get_by_label("Unused codes").input_value().split()
    page.get_by_label("I have saved my recovery codes").check()
    return codes


def set_up_app(page):
    """Set up an authenticator app; return its secret."""
    page.get_by_role("link", name="Activate").click()
    confirm_password(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    return secret


def sign_out(page):
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/$"))


def test_an_editor_sets_up_an_app_and_signs_in_with_its_code(signed_in, editor):
    secret = set_up_app(signed_in)
    keep_recovery_codes(signed_in)
    sign_out(signed_in)

    signed_in.goto("/admin/")
    give_password(signed_in, editor)
    signed_in.get_by_label("Code").fill(code_of(secret, steps_ahead=1))
    signed_in.get_by_role("button", name="Sign in").click()

    signed_in.wait_for_url(re.compile("/admin/$"))
    assert signed_in.get_by_role("link", name="Your account").is_visible()


def test_an_editor_without_the_app_signs_in_with_a_recovery_code(signed_in, editor):
    set_up_app(signed_in)
    codes = keep_recovery_codes(signed_in)
    sign_out(signed_in)

    signed_in.goto("/admin/")
    give_password(signed_in, editor)
    signed_in.get_by_label("Code").fill(codes[0])
    signed_in.get_by_role("button", name="Sign in").click()

    signed_in.wait_for_url(re.compile("/admin/$"))


def test_an_editor_adds_a_passkey_and_signs_in_with_it_alone(signed_in, passkeys):
    signed_in.get_by_role("link", name="Add").click()
    confirm_password(signed_in)
    signed_in.get_by_label("Passwordless").check()
    signed_in.get_by_role("button", name="Add").click()
    keep_recovery_codes(signed_in)
    sign_out(signed_in)

    signed_in.goto("/admin/")
    signed_in.get_by_role("button", name="Sign in with a passkey").click()

    signed_in.wait_for_url(re.compile("/admin/$"))
    assert [key["isResidentCredential"] for key in passkeys()] == [True]


def test_an_editor_uses_a_passkey_after_the_password(signed_in, passkeys, editor):
    signed_in.get_by_role("link", name="Add").click()
    confirm_password(signed_in)
    signed_in.get_by_role("button", name="Add").click()
    keep_recovery_codes(signed_in)
    sign_out(signed_in)

    signed_in.goto("/admin/")
    give_password(signed_in, editor)
    signed_in.get_by_role("button", name="Use a security key").click()

    signed_in.wait_for_url(re.compile("/admin/$"))


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_an_account_bar_nobody_and_fit_their_screen(open_page, editor, width):
    page = open_page("/accounts/login/", width=width)
    addresses = ["profile/", "email/", "password/change/", "2fa/", "sessions/", "logout/"]
    found = [Axe().run(page)]

    give_password(page, editor)
    for address in addresses:
        page.goto(f"/accounts/{address}")
        found.append(Axe().run(page))
        assert page.evaluate("document.documentElement.scrollWidth") == width, address

    assert not [one.generate_report() for one in found if one.violations_count]
