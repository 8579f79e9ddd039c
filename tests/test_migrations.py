"""The steps that make the database."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parent.parent
OWN_APPS = [app for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
MIGRATIONS = [path for app in OWN_APPS for path in Path(app.path).glob("migrations/[0-9]*.py")]


def own_tables():
    names = {model._meta.db_table for app in OWN_APPS for model in app.get_models()}
    return names & set(connection.introspection.table_names())


@pytest.mark.django_db
def test_migrations_hold_all_that_the_models_say():
    said = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert said.getvalue() == "No changes detected\n"


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: path.stem)
def test_migration_is_named_for_what_it_does(path):
    assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+", path.stem)
    assert not re.search(r"_(auto|initial|alter_\w+_and_more)(_|$)", path.stem)


@pytest.mark.unmeasured
@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_to_nothing_and_forth_again():
    tables = own_tables()

    for app in OWN_APPS:
        call_command("migrate", app.label, "zero", verbosity=0)
    left = own_tables()
    call_command("migrate", verbosity=0)

    assert left == set()
    assert own_tables() == tables != set()
