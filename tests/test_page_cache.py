"""Pages from memory: the same as made anew, for nobody but readers, and never an old one."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client

from claims.models import Claim
from claims.tests.factories import make_claim, make_published_claim
from config import content_version, page_cache
from config.page_cache import Kept, PageCache, Shelf

from . import publishing
from .publishing import get

ROOT = Path(__file__).parent.parent


@pytest.fixture
def world(monkeypatch):
    """The version of the database, which a test sets: one in memory has none."""
    world = {"version": 1}
    monkeypatch.setattr(page_cache, "version", lambda: world["version"])
    return world


@pytest.fixture
def made():
    """The addresses that Django was asked for."""
    return []


@pytest.fixture
def one_connection():
    """Keep the connection of the test, in whose transaction its rows are, between requests."""
    signals = request_started, request_finished
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def server(world, made, db, one_connection):
    django = WSGIHandler()

    def application(environ, start_response):
        made.append(environ["PATH_INFO"])
        return django(environ, start_response)

    return PageCache(application, 1_000_000)


def test_a_page_is_made_once_for_each_version_of_the_database(server, world, made):
    make_claim("Taxes rose.")
    first = get(server, "/claims/")
    Claim.objects.update(text="Taxes fell.")
    again = get(server, "/claims/")
    world["version"] = 2
    later = get(server, "/claims/")

    assert first == again
    assert made == ["/claims/"] * 2
    assert "Taxes fell." in later[2]
    assert later[1]["ETag"] != first[1]["ETag"]


def test_a_page_tells_since_when_it_is_as_it_is(server, world, monkeypatch):
    """It moves with the page, and not when something else in the database changes."""
    times = iter(["Mon, 02 Nov 2026 10:00:00 GMT", "Mon, 02 Nov 2026 11:00:00 GMT"])
    monkeypatch.setattr(page_cache, "http_date", lambda: next(times))
    make_published_claim("The first claim.")

    def told():
        world["version"] += 1
        return dict(get(server, "/claims/")[1])["Last-Modified"]

    first, same = told(), told()
    make_published_claim("The second claim.")

    assert first == same
    assert told() == "Mon, 02 Nov 2026 11:00:00 GMT"


def test_a_date_never_spares_a_page(server):
    """Two pages of one second have one date: only an ETag says that nothing changed."""
    get(server, "/claims/")

    assert get(server, "/claims/", HTTP_IF_MODIFIED_SINCE="Fri, 01 Jan 2100 00:00:00 GMT")[0] == 200


def test_a_page_that_is_as_it_was_has_the_same_etag_in_every_process(server, world):
    make_claim("Taxes rose.")
    first = get(server, "/claims/")
    world["version"] = 2
    again = get(server, "/claims/")
    elsewhere = Client().get("/claims/")

    assert first[1]["ETag"] == again[1]["ETag"] == elsewhere["ETag"]


@pytest.mark.parametrize("is_kept", [True, False])
def test_who_has_the_page_is_told_that_it_is_still_so(server, is_kept):
    tag = get(server if is_kept else WSGIHandler(), "/claims/")[1]["ETag"]

    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        status, headers, body = get(server, "/claims/", HTTP_IF_NONE_MATCH=asked)
        assert (status, body) == (304, "")
        assert headers["ETag"] == tag
        assert headers["Cache-Control"] == "public, no-cache"
    assert get(server, "/claims/", HTTP_IF_NONE_MATCH='"other"')[0] == 200


def test_caches_of_a_network_may_hand_out_a_page_while_they_look_and_browsers_ask(server):
    headers = get(server, "/claims/")[1]

    assert headers["Cache-Control"] == "public, no-cache"
    assert headers["CDN-Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"
    assert "Set-Cookie" not in headers


def test_a_page_for_somebody_who_is_signed_in_is_made_for_them_and_kept_by_nobody(
    server, made, editor
):
    client = Client()
    client.force_login(editor)
    cookies = "; ".join(f"{name}={value.value}" for name, value in client.cookies.items())

    mine = get(server, "/claims/", HTTP_COOKIE=cookies)
    get(server, "/claims/")
    mine_again = get(server, "/claims/", HTTP_COOKIE=cookies)

    assert made == ["/claims/"] * 3
    for headers in (mine[1], mine_again[1]):
        assert headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in headers


@pytest.mark.parametrize("address", ["/claims/{}/correction/", "/accounts/login/"])
def test_a_page_that_sets_a_cookie_is_kept_by_nobody(server, made, address):
    address = address.format(make_published_claim().pk)

    first, second = get(server, address)[1], get(server, address)[1]

    assert len(made) == 2
    for headers in (first, second):
        assert "no-store" in headers["Cache-Control"]
    assert server.pages.bytes == 0


@pytest.mark.parametrize(
    ("address", "status"),
    [("/claims/999999/", 404), ("/claims/?rating=nonsense", 400), ("/claims", 301)],
)
def test_only_pages_that_are_there_are_kept(server, made, address, status):
    found = [get(server, address)[0] for _ in range(2)]

    assert found == [status] * 2
    assert len(made) == 2


def test_answers_differ_by_all_that_they_depend_on(server, made, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    make_published_claim()

    plain = get(server, "/claims/")[2]
    host = get(server, "/claims/", HTTP_HOST="other.example")[2]
    secure = get(server, "/claims/", HTTP_X_FORWARDED_PROTO="https")[2]
    newest = get(server, "/claims/?order=newest")[2]
    as_json = get(server, "/api/v1/claims/", HTTP_ACCEPT="application/json")
    refused = get(server, "/api/v1/claims/", HTTP_ACCEPT="text/nonsense")

    assert len(made) == 6
    assert "http://testserver/claims/" in plain
    assert "http://other.example/claims/" in host
    assert "https://testserver/claims/" in secure
    assert "order=newest" not in newest
    assert (as_json[0], refused[0]) == (200, 406)


@pytest.mark.parametrize("accepted", ["", "en-GB,en;q=0.5", "xx", "\xff;q=2", "a" * 5000])
def test_any_language_is_answered_from_memory(server, made, accepted):
    get(server, "/claims/")

    assert get(server, "/claims/", HTTP_ACCEPT_LANGUAGE=accepted)[0] == 200
    assert made == ["/claims/"]


def test_what_is_not_read_is_not_answered_from_memory(server, made):
    get(server, "/claims/")

    posted = get(server, "/claims/", REQUEST_METHOD="POST")
    signed = get(server, "/claims/", HTTP_AUTHORIZATION="Bearer token")
    head = get(server, "/claims/", REQUEST_METHOD="HEAD")
    long = get(server, f"/claims/?x={'a' * 2000}")

    assert posted[0] == 403
    assert signed[1]["Cache-Control"] == "private, no-store"
    assert (head[0], head[2]) == (200, "")
    assert long[0] == 200
    assert len(made) == 4


def test_made_up_addresses_push_out_one_another_and_no_page(world, made):
    def application(environ, start_response):
        made.append(environ["PATH_INFO"])
        environ[page_cache.KEPT] = True
        start_response("200 OK", [("ETag", '"1"')])
        return Answer([b"x" * 1000])

    server = PageCache(application, 100_000)
    get(server, "/claims/")
    for number in range(500):
        get(server, f"/claims/?made={number}")
    get(server, "/claims/")

    assert made.count("/claims/") == 501
    assert server.searches.bytes <= 50_000
    get(server, "/claims/?made=499")
    assert made.count("/claims/") == 501


class Answer(list):
    def close(self):
        pass


def test_a_shelf_gives_up_what_was_not_asked_for_longest_and_takes_nothing_too_large():
    shelf = Shelf(8 * 1500)
    answers = {name: Kept(1, 1, 0.0, [], b"x" * 900, '"1"', "") for name in "abcdefgh"}
    for name, answer in answers.items():
        shelf.put((name,), answer)
    shelf.get(("a",))
    shelf.put(("i",), answers["a"])
    shelf.put(("large",), Kept(1, 1, 0.0, [], b"x" * 1001, '"1"', ""))

    assert [name for name in "abcdefghi" if shelf.get((name,))] == list("acdefghi")
    assert shelf.get(("large",)) is None
    shelf.put(("a",), answers["a"])
    assert shelf.bytes == 8 * answers["a"].size


def test_the_day_and_five_minutes_end_what_is_kept(server, made, monkeypatch):
    days = iter(["monday", "monday", "tuesday", "tuesday"])
    monkeypatch.setattr(page_cache.timezone, "localdate", lambda: next(days))
    for _ in range(3):
        get(server, "/claims/")
    assert len(made) == 2

    later = page_cache.time.monotonic() + page_cache.MOST_SECONDS
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: later)
    get(server, "/claims/")
    assert len(made) == 3


def test_where_nobody_knows_the_version_every_page_is_made(server, world, made):
    world["version"] = None
    get(server, "/claims/")
    get(server, "/claims/")

    assert len(made) == 2


def test_a_database_file_has_another_version_after_each_commit_and_when_it_is_replaced(
    migrated_file, monkeypatch, tmp_path, caplog
):
    monkeypatch.setattr(content_version, "_watch", None)
    monkeypatch.setattr(content_version, "_opened", lambda: content_version.SQLite(migrated_file))
    copy = shutil.copy(migrated_file, tmp_path / "copy.sqlite3")
    seen = [content_version.version(), content_version.version()]
    with sqlite3.connect(migrated_file) as other:
        other.execute("INSERT INTO claims_topic (name, slug, edit_number) VALUES ('a', 'a', 1)")
    seen.append(content_version.version())
    Path(copy).replace(migrated_file)
    seen += [content_version.version(), content_version.version()]
    migrated_file.unlink()
    seen += [content_version.version(), content_version.version()]

    assert seen[0] == seen[1]
    assert seen[2] not in seen[:2]
    assert seen[3] is None
    assert seen[4] not in (None, *seen[:3])
    assert seen[5:] == [None, None]
    assert "pages are made anew" in caplog.text


@pytest.mark.unmeasured
def test_no_reader_is_handed_an_old_page_while_versions_are_published(
    transactional_db, request, monkeypatch
):
    if connection.vendor == "sqlite":
        file = request.getfixturevalue("migrated_file")
        done = subprocess.run(
            [sys.executable, "-m", "tests.publishing"],
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "config.settings.testing",
                "DATABASE_URL": f"sqlite:///{file}",
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    else:
        monkeypatch.setattr(content_version, "_watch", None)
        publishing.main()
        content_version._watch.connection.close()
