"""Looking after people in the admin."""

import pytest
from django.urls import reverse

from accounts.models import User
from claims.tests.factories import make_person


def page_of(person):
    return reverse("admin:accounts_user_change", args=[person.pk])


def posted(person, **changes):
    return {
        "username": person.username,
        "display_name": person.display_name,
        "bio": "",
        "interests": "",
        "email": person.email,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00",
        **changes,
    }


def test_an_administrator_gives_a_colleague_a_name(client, administrator):
    client.force_login(administrator)
    person = make_person(role="reviewer")

    response = client.post(page_of(person), posted(person, display_name="Renée"))

    assert response.status_code == 302
    assert User.objects.get(pk=person.pk).display_name == "Renée"


def test_an_administrator_chooses_which_mail_somebody_wants(client, administrator):
    client.force_login(administrator)
    person = make_person(role="reviewer")
    User.objects.filter(pk=person.pk).update(muted_mail=["mention"])

    page = client.get(page_of(person))
    client.post(page_of(person), posted(person, wanted_mail=["mention", "published"]))

    person.refresh_from_db()
    ticked = page.context["adminform"].form["wanted_mail"].initial
    others = ["assignment", "submitted", "sent_back", "retracted", "stopped"]
    assert set(ticked) == {*others, "published"}
    assert person.muted_mail == others


def test_a_kind_of_mail_that_is_not_there_is_refused(client, administrator):
    client.force_login(administrator)

    page = client.post(page_of(administrator), posted(administrator, wanted_mail=["gossip"]))

    assert "gossip is not one of the available choices" in page.content.decode()
    assert User.objects.get(pk=administrator.pk).muted_mail == []


def test_an_administrator_reads_a_superusers_page(client, administrator, superuser):
    client.force_login(administrator)

    assert client.get(page_of(superuser)).status_code == 200


def test_an_administrator_makes_no_superuser(client, administrator):
    client.force_login(administrator)
    person = make_person(role="reviewer")

    client.post(page_of(person), posted(person, is_superuser="on"))
    client.post(page_of(administrator), posted(administrator, is_superuser="on"))

    assert not User.objects.filter(is_superuser=True).exists()


def test_an_administrator_does_not_change_a_superuser(client, administrator, superuser):
    client.force_login(administrator)
    password = reverse("admin:auth_user_password_change", args=[superuser.pk])

    assert (
        client.post(page_of(superuser), posted(superuser, email="x@x.example")).status_code == 403
    )
    assert client.post(password, {"password1": "x", "password2": "x"}).status_code == 403


def test_a_superuser_makes_another(client, superuser):
    client.force_login(superuser)
    person = make_person(role="editor")

    response = client.post(page_of(person), posted(person, is_superuser="on"))

    assert response.status_code == 302
    assert User.objects.get(pk=person.pk).is_superuser


def test_a_superuser_adds_a_colleague(client, superuser):
    client.force_login(superuser)

    response = client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "nia",
            "display_name": "Nia",
            "usable_password": "true",
            "password1": "correct horse battery",
            "password2": "correct horse battery",
        },
    )

    assert response.status_code == 302
    assert str(User.objects.get(username="nia")) == "Nia"


@pytest.mark.parametrize("who", ["superuser", "administrator"])
def test_only_a_superuser_deletes_accounts(client, request, who):
    client.force_login(request.getfixturevalue(who))
    person = make_person()

    client.post(reverse("admin:accounts_user_delete", args=[person.pk]), {"post": "yes"})

    assert User.objects.filter(pk=person.pk).exists() == (who == "administrator")
