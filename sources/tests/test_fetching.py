"""Fetching a page from a web that is hostile: here a server on this machine that tests allow."""

import pytest

from sources.fetching import Limits, Refused, fetch
from sources.tests.hostile import answer, hostile_server, redirect

QUICK = Limits(connect=1, total=2, max_bytes=100_000)


@pytest.fixture
def server(settings):
    with hostile_server() as server:
        settings.FETCH_ALLOWS_LOOPBACK = True
        settings.FETCH_PORTS = [server.port]
        settings.FETCH_PAUSE = 0
        yield server


def refused(url, **options):
    with pytest.raises(Refused) as refusal:
        fetch(url, limits=options.pop("limits", QUICK), **options)
    assert str(refusal.value)
    return refusal.value


def test_a_page_comes_back_with_what_came_with_it(server):
    server.pages["/a"] = answer(b"<p>Hello.</p>")

    page = fetch(server.url("/a#part"))

    assert page.url == server.url("/a#part")
    assert page.final_url == server.url("/a")
    assert (page.status, page.reason) == (200, "OK")
    assert (page.content_type, page.charset) == ("text/html", "utf-8")
    assert page.body == b"<p>Hello.</p>"
    assert page.ip_address == "127.0.0.1"


def test_redirects_are_followed_and_remembered(server):
    server.pages["/a"] = redirect("/b", "301 Moved")
    server.pages["/b"] = redirect(server.url("/c"))
    server.pages["/c"] = answer()

    page = fetch(server.url("/a"))

    assert page.final_url == server.url("/c")
    assert [(hop.url, hop.status) for hop in page.hops] == [
        (server.url("/a"), 301),
        (server.url("/b"), 302),
    ]


def test_a_redirect_without_end_is_refused(server):
    server.pages["/a"] = redirect("/a")

    assert refused(server.url("/a")).code == "redirects"
    assert server.paths.count("/a") == 6
