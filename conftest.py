"""Fixtures that every test may use. What they make is in claims/tests/factories.py."""

import gc
import os
import sqlite3
import sys
from contextlib import closing, contextmanager, nullcontext

import pytest
from django.core.cache import caches
from django.db import connection

from claims.matching import by_meaning
from claims.tests import factories
from sources.tests.hostile import hostile_server


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only the tests that ask a database: the others cannot tell which one there is",
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("only_database"):
        left_out = [item for item in items if not asks_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = filter(asks_database, items)


def pytest_collection_finish():
    """Look for garbage less often, and not in what stays: that took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@contextmanager
def unmeasured():
    """Measure no coverage of what is done inside, here and in processes that are started there.

    That makes it a third faster and more.
    """
    tracing, told = sys.gettrace(), os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracing)
        if told:
            os.environ["COVERAGE_PROCESS_CONFIG"] = told


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup():
    """Measure what tests cover while they run, not while they are prepared."""
    with unmeasured():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    with unmeasured() if item.get_closest_marker("unmeasured") else nullcontext():
        return (yield)


def asks_database(item):
    """Say whether pytest-django lets this test reach the database."""
    fixtures = {"db", "transactional_db", "live_server"}.intersection(item.fixturenames)
    return bool(fixtures or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def nothing_cached():
    """Forget who tried to sign in how often, and what another test’s claims are like."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def nothing_matched_before():
    """Forget the vectors of another test’s claims."""
    by_meaning.forget()


@pytest.fixture
def migrated_file(transactional_db, tmp_path):
    """A SQLite file with all tables and no rows: to make them takes each process long."""
    if connection.vendor != "sqlite":
        pytest.skip("These processes work on a SQLite file, whatever the other tests do.")
    path = tmp_path / "tables.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    return path


@pytest.fixture
def web(settings):
    """A server on this machine whose pages a test sets."""
    with hostile_server() as server:
        settings.FETCH_ALLOWS_LOOPBACK = True
        settings.FETCH_PORTS = [server.port]
        settings.FETCH_PAUSE = 0
        settings.FETCH_OBEYS_ROBOTS = False
        yield server


@pytest.fixture
def ratings(db):
    """The newsroom's scale, by slug."""
    return factories.make_ratings()


@pytest.fixture
def groups(db):
    """The roles, by name: reviewer, editor, administrator."""
    return factories.make_groups()


@pytest.fixture
def reviewer(groups):
    """Somebody who may write reviews."""
    return factories.make_person("Rita Reviewer", role="reviewer")


@pytest.fixture
def editor(groups):
    """Somebody who may also publish what others wrote."""
    return factories.make_person("Eddie Editor", role="editor")


@pytest.fixture
def administrator(groups):
    """Somebody who also looks after accounts and the scale."""
    return factories.make_person("Ada Administrator", role="administrator")


@pytest.fixture
def superuser(db):
    """Somebody whom Django lets do everything."""
    return factories.make_person("Sam Superuser", is_superuser=True, is_staff=True)


@pytest.fixture
def published_claim(ratings, reviewer, editor):
    """A claim with a published verdict, mostly true, and one piece of evidence."""
    return factories.make_published_claim(author=reviewer, approver=editor)
