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
