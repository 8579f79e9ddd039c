"""The account that a newcomer signs in with."""

import re
import sys

from django.core.management import call_command

from accounts.models import User


def test_the_first_run_prints_a_password_that_signs_in(db, client, capsys):
    call_command("create_demo_admin")

    password = re.search(r"the password (\S+)", capsys.readouterr().out)[1]
    assert client.login(username="admin", password=password)
    assert User.objects.get().is_superuser


def test_the_second_run_changes_nothing_and_prints_no_password(db, capsys):
    call_command("create_demo_admin")
    before = User.objects.get().password
    capsys.readouterr()

    call_command("create_demo_admin")

    assert User.objects.get().password == before
    assert f"{sys.executable} manage.py changepassword admin" in capsys.readouterr().out
