"""Inviting people, and making an account from an invitation."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts import invitations
from accounts.models import Invitation, User
from claims.tests.factories import make_person

PASSWORD = "correct horse battery"
LIST = reverse("admin:accounts_invitation_changelist")


@pytest.fixture
def invite(client, administrator, mailoutbox, django_capture_on_commit_callbacks):
    """Invite somebody in the admin; return the path of the link in the mail."""

    def invite_one(email="nia@example.org", role="editor"):
        client.force_login(administrator)
        role = Group.objects.get(name=role).pk
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                reverse("admin:accounts_invitation_add"),
                {"email": email, "role": role, "display_name": "Nia"},
            )
        assert response.status_code == 302, response.context["errors"]
        client.logout()
        return re.search(r"http://testserver(/accounts/invitation/\S+)", mailoutbox[-1].body)[1]

    return invite_one


def accept(client, link, **said):
    chosen = {
        "username": "nia",
        "display_name": "Nia Newcomer",
        "password1": PASSWORD,
        "password2": PASSWORD,
        **said,
    }
    return client.post(link, chosen, follow=True)


def test_who_is_invited_makes_an_account_with_the_role_and_is_signed_in(client, invite, mailoutbox):
    link = invite("Nia@Example.org")

    page = client.get(link)
    arrived = accept(client, link)

    nia = User.objects.get(username="nia")
    assert mailoutbox[0].to == ["nia@example.org"]
    assert "as editor" in page.content.decode()
    assert arrived.context["user"] == nia
    assert (nia.email, nia.is_staff, nia.is_superuser) == ("nia@example.org", True, False)
    assert [role.name for role in nia.groups.all()] == ["editor"]


def test_an_editor_who_accepted_is_led_to_the_second_factor(client, invite, settings):
    link = invite()
    settings.MFA_REQUIRED = True

    arrived = accept(client, link)

    assert arrived.redirect_chain[-1][0] == "/accounts/2fa/"


def test_an_invitation_opens_one_account(client, invite):
    link = invite()
    accept(client, link)
    client.logout()

    answers = [client.get(link), accept(client, link, username="another")]

    assert {answer.status_code for answer in answers} == {410}
    assert not User.objects.filter(username="another").exists()


@pytest.mark.parametrize("end", ["used", "revoked", "expired", "unknown"])
def test_every_link_that_opens_nothing_gets_the_same_answer(client, invite, end):
    link = invite()
    now = timezone.now()
    changes = {
        "used": {"accepted_at": now},
        "revoked": {"revoked_at": now},
        "expired": {"expires_at": now - timedelta(seconds=1)},
        "unknown": {"token_hash": "0"},
    }
    Invitation.objects.update(**changes[end])

    answer = accept(client, link)

    assert answer.status_code == 410
    assert "This invitation is over" in answer.content.decode()
    assert not User.objects.filter(username="nia").exists()


def test_an_invitation_lasts_a_week(client, invite, time_machine):
    link = invite()
    sent_at = Invitation.objects.get().created_at

    time_machine.move_to(sent_at + timedelta(days=6, hours=23))
    assert client.get(link).status_code == 200
    time_machine.move_to(sent_at + timedelta(days=7, hours=1))
    assert client.get(link).status_code == 410


def test_a_second_invitation_ends_the_first(client, invite):
    first, second = invite(), invite("NIA@example.org")

    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_a_revoked_invitation_opens_nothing(client, invite, administrator):
    link = invite()
    client.force_login(administrator)

    chosen = {"action": "revoke", "_selected_action": [Invitation.objects.get().pk]}
    told = client.post(LIST, chosen, follow=True).content.decode()
    again = client.post(LIST, chosen, follow=True).content.decode()

    assert "Revoked: nia@example.org" in told
    assert "no longer open" in again
    assert client.get(link).status_code == 410


def test_the_token_is_in_the_mail_and_nowhere_else(client, invite, administrator):
    token = invite().split("/")[-2]
    client.force_login(administrator)
    invitation = Invitation.objects.get()
    change = reverse("admin:accounts_invitation_change", args=[invitation.pk])

    pages = client.get(LIST).content + client.get(change).content

    assert token not in str(vars(invitation))
    assert token.encode() not in pages
    assert invitation.token_hash.encode() not in pages


def test_the_list_says_what_became_of_each_invitation(client, invite, administrator):
    now = timezone.now()
    for number, end in enumerate(["accepted_at", "revoked_at", "expires_at"]):
        invite(f"p{number}@example.org")
        Invitation.objects.filter(email=f"p{number}@example.org").update(**{end: now})
    invite("p3@example.org")
    client.force_login(administrator)

    states = re.findall(r'field-state">(\w+)', client.get(LIST).content.decode())

    assert sorted(states) == ["accepted", "expired", "open", "revoked"]


def test_what_was_sent_never_changes(client, invite, administrator):
    invite()
    client.force_login(administrator)
    change = reverse("admin:accounts_invitation_change", args=[Invitation.objects.get().pk])

    client.post(change, {"email": "other@example.org"})

    assert Invitation.objects.get().email == "nia@example.org"


@pytest.mark.parametrize(
    ("weak", "why"),
    [("short", "too short"), ("password1234", "too common"), ("314159265358979", "numeric")],
)
def test_a_weak_password_makes_no_account(client, invite, weak, why):
    answer = accept(client, invite(), password1=weak, password2=weak)

    assert why in answer.content.decode()
    assert not User.objects.filter(username="nia").exists()
    assert Invitation.objects.open().exists()


def test_a_username_of_somebody_else_is_refused_in_any_case(client, invite, editor):
    answer = accept(client, invite(), username=editor.username.upper())

    assert "already exists" in answer.content.decode()
    assert Invitation.objects.open().exists()


def test_an_address_that_got_an_account_since_makes_no_second_one(client, invite):
    link = invite("nia@example.org")
    person = make_person()
    User.objects.filter(pk=person.pk).update(email="nia@example.org")

    answer = accept(client, link)

    assert "has an account with this e-mail already" in answer.content.decode()
    assert not User.objects.filter(username="nia").exists()


@pytest.mark.parametrize("case", [str, str.upper])
def test_somebody_with_an_account_is_not_invited(client, administrator, case):
    client.force_login(administrator)
    email = case(make_person().email)

    response = client.post(
        reverse("admin:accounts_invitation_add"),
        {"email": email, "role": Group.objects.get(name="editor").pk},
    )

    assert "has an account with this e-mail already" in response.content.decode()
    assert not Invitation.objects.exists()


def test_an_administrator_grants_the_three_roles_and_no_other_group(client, administrator):
    other = Group.objects.create(name="owners")
    client.force_login(administrator)
    page = reverse("admin:accounts_invitation_add")

    offered = client.get(page).context["adminform"].form.fields["role"].queryset
    client.post(page, {"email": "nia@example.org", "role": other.pk})

    assert sorted(role.name for role in offered) == ["administrator", "editor", "reviewer"]
    assert not Invitation.objects.exists()
    with pytest.raises(ValidationError, match="cannot give this role"):
        invitations.invite("nia@example.org", other, administrator, origin="")


def test_an_invitation_makes_no_superuser(client, invite):
    accept(client, invite(role="administrator"), is_superuser="on")

    assert not User.objects.get(username="nia").is_superuser


@pytest.mark.parametrize("role", ["reviewer", "editor"])
def test_only_administrators_invite(client, request, groups, role):
    person = request.getfixturevalue(role)
    client.force_login(person)

    assert client.get(reverse("admin:accounts_invitation_add")).status_code == 403
    with pytest.raises(PermissionDenied):
        invitations.invite("nia@example.org", groups["reviewer"], person, origin="")


@pytest.mark.parametrize("field", ["email", "username"])
def test_two_people_never_share_an_email_or_username_in_any_case(editor, field):
    value = getattr(editor, field).upper()
    other = make_person()

    with pytest.raises(IntegrityError):
        User.objects.filter(pk=other.pk).update(**{field: value})


def test_several_people_may_have_no_email(db):
    for username in ("ann", "ben"):
        User.objects.create_user(username)

    assert User.objects.filter(email="").count() == 2


def test_an_email_that_an_administrator_replaced_signs_in_no_more(client, administrator, invite):
    accept(client, invite("nia@example.org"))
    nia = User.objects.get(username="nia")
    client.force_login(administrator)

    client.post(
        reverse("admin:accounts_user_change", args=[nia.pk]),
        {
            "username": "nia",
            "email": "nia@new.example",
            "is_active": "on",
            "date_joined_0": "2026-01-01",
            "date_joined_1": "12:00",
        },
    )
    client.logout()

    said = {"password": PASSWORD}
    client.post("/accounts/login/", {"login": "nia@example.org", **said})
    with_old = client.get("/accounts/profile/").status_code
    client.post("/accounts/login/", {"login": "nia@new.example", **said})
    assert (with_old, client.get("/accounts/profile/").status_code) == (302, 200)
