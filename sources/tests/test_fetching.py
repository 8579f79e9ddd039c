"""Fetching a page from a web that is hostile: here a server on this machine that tests allow."""

import gzip
import socket
import time
import zlib
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from sources.fetching import Limits, Refused, fetch
from sources.fetching.turns import Turns
from sources.tests.hostile import OK, answer, hostile_server, redirect

ROBOTS = "/robots.txt"
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


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://10.0.0.5/", "private-address"),
        ("//169.254.169.254/latest/meta-data/", "private-address"),
        ("http://[::ffff:10.0.0.5]/", "private-address"),
        ("HTTP://0x7f.1/", "address"),
        ("file:///etc/passwd", "address"),
        ("gopher://127.0.0.1:6379/_INFO", "address"),
        ("http://example.org@10.0.0.5/", "userinfo"),
        ("http://10.0.0.5\t/", "address"),
        ("http://example.org:22/", "port"),
    ],
)
def test_a_redirect_is_checked_like_the_address_itself(server, settings, location, code):
    settings.FETCH_PORTS = [80, server.port]
    server.pages["/a"] = redirect(location)

    assert refused(server.url("/a")).code == code


def test_a_refusal_says_where_it_ended_and_not_what_is_inside(server, settings):
    settings.FETCH_PORTS = [80, server.port]
    server.pages["/a"] = redirect("http://10.0.0.5/secret")

    refusal = refused(server.url("/a"))

    assert refusal.url == "http://10.0.0.5/secret"
    assert "10.0.0.5" not in str(refusal)
    assert not refusal.is_temporary


def test_a_redirect_that_names_no_place_is_refused(server):
    server.pages["/a"] = answer(status="302 Found")

    assert refused(server.url("/a")).code == "broken"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "address"),
        ("file:///etc/passwd", "address"),
        ("http://0x7f000001/", "address"),
        ("http://name:word@example.org/", "userinfo"),
        ("http://example.org:99999/", "port"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url, code):
    assert refused(url).code == code


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_redirect_may_be_written_in_letters(server, encoding):
    letters = "/ü".encode(encoding).decode("latin-1")
    server.pages["/a"] = redirect(letters)
    server.pages["/%C3%BC"] = answer()

    assert fetch(server.url("/a")).final_url == server.url("/%C3%BC")


def test_an_address_in_letters_of_its_language_is_asked_for_in_ascii(server):
    server.pages["/%C3%BCber?q=%E6%95%B0"] = answer()

    assert fetch(server.url("/über?q=数")).status == 200


def test_this_machine_is_refused_unless_a_setting_allows_it(server, settings):
    settings.FETCH_ALLOWS_LOOPBACK = False
    server.pages["/a"] = answer()

    assert refused(server.url("/a")).code == "private-address"
    assert server.requests == []


def test_the_setting_for_this_machine_allows_no_other(server, settings):
    settings.FETCH_PORTS = [80]

    assert refused("http://10.0.0.5/").code == "private-address"
    assert refused("http://[::ffff:127.0.0.1]/").code == "private-address"


def test_a_port_that_is_not_named_in_the_settings_is_refused(server, settings):
    settings.FETCH_PORTS = [80, 443]

    assert refused(server.url("/a")).code == "port"
    assert server.requests == []


def test_a_site_that_does_not_answer_is_unreachable(server, settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.FETCH_PORTS = [port]

    refusal = refused(f"http://127.0.0.1:{port}/")

    assert (refusal.code, refusal.is_temporary) == ("unreachable", True)


def test_a_proxy_of_the_environment_is_not_asked(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    server.pages["/a"] = answer()

    assert fetch(server.url("/a")).status == 200


def test_a_site_is_told_who_asks_and_nothing_more(server, settings):
    settings.FETCH_CONTACT = "https://facts.example"
    server.pages["/a"] = answer()

    fetch(server.url("/a"))

    head = dict(line.split(": ", 1) for line in server.requests[-1].splitlines()[1:-1])
    assert head.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert head["User-Agent"] == "ClaimsTracker (+https://facts.example)"
    assert head["Host"] == f"127.0.0.1:{server.port}"


class Resolver:
    """The system's resolver, which answers with the addresses it is given, in turn."""

    def __init__(self, *answers):
        self.answers = [*answers]
        self.asked = []

    def __call__(self, name, port, **options):
        self.asked.append(name)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not found:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in found]


def test_a_name_is_looked_up_once_and_the_checked_address_is_the_one_that_is_asked(
    server, settings, monkeypatch
):
    settings.FETCH_OBEYS_ROBOTS = False
    resolver = Resolver(["127.0.0.1"], ["10.0.0.5"])
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    server.pages["/a"] = answer()

    page = fetch(f"http://News.Example.:{server.port}/a")

    assert page.ip_address == "127.0.0.1"
    assert resolver.asked == ["news.example."]
    assert f"Host: news.example:{server.port}" in server.requests[-1]


def test_a_name_that_changes_its_address_is_checked_at_each_request(server, settings, monkeypatch):
    settings.FETCH_OBEYS_ROBOTS = False
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(["127.0.0.1"], ["10.0.0.5"]))
    server.pages["/a"] = redirect("/b")

    assert refused(f"http://news.example:{server.port}/a").code == "private-address"


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1", "10.0.0.5"], ["10.0.0.5", "127.0.0.1"], ["127.0.0.1", "fe80::1%lo"]]
)
def test_a_name_that_leads_both_outside_and_inside_is_refused(server, monkeypatch, addresses):
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(addresses))

    assert refused(f"http://news.example:{server.port}/").code == "private-address"
    assert server.requests == []


def test_a_name_that_nobody_has_is_told(server, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", Resolver([]))

    assert refused(f"http://news.example:{server.port}/").code == "name"


@pytest.mark.parametrize("host", ["localhost", "db", "printer.local", "vault.internal"])
def test_names_of_a_private_network_are_not_even_looked_up(server, monkeypatch, host):
    resolver = Resolver(["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    assert refused(f"http://{host}:{server.port}/").code == "private-address"
    assert resolver.asked == []


def test_a_resolver_that_does_not_answer_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2) or [])
    began = time.monotonic()

    refusal = refused(f"http://news.example:{server.port}/", limits=Limits(total=0.5))

    assert refusal.code == "timeout"
    assert time.monotonic() - began < 2


def drip(first, again):
    """Return a page that sends `first`, and then `again` and again."""

    def page(connection):
        connection.sendall(first)
        while True:
            connection.sendall(again)
            time.sleep(0.05)

    return page


def flood(first, again):
    """Return a page that sends `first`, and then `again` as fast as it can."""

    def page(connection):
        connection.sendall(first)
        while True:
            connection.sendall(again)

    return page


@pytest.mark.parametrize(
    "page",
    [
        drip(b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n"),
        drip(OK, b"x"),
        drip(OK + b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nA\r\n"),
        drip(b"", b""),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n", b""),
    ],
    ids=["headers", "one line", "body", "nothing", "more to come"],
)
def test_a_server_that_drips_is_left_at_the_deadline(server, settings, page):
    settings.FETCH_OBEYS_ROBOTS = False
    server.pages["/a"] = page
    began = time.monotonic()

    refusal = refused(server.url("/a"), limits=Limits(total=1))

    assert (refusal.code, refusal.is_temporary) == ("timeout", True)
    assert 0.9 < time.monotonic() - began < 3


def test_the_deadline_is_one_for_all_redirects(server, settings):
    settings.FETCH_OBEYS_ROBOTS = False

    def slow(connection):
        time.sleep(0.5)
        connection.sendall(redirect("/a"))

    server.pages["/a"] = slow
    began = time.monotonic()

    assert refused(server.url("/a"), limits=Limits(total=1)).code == "timeout"
    assert time.monotonic() - began < 3


HTML_OF = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (flood(HTML_OF + b"\r\n", b"A" * 10_000), "too-large"),
        (
            flood(
                HTML_OF + b"Transfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"A" * 1000 + b"\r\n"
            ),
            "too-large",
        ),
        (flood(HTML_OF + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nA\r\n"), "too-large"),
        (flood(HTML_OF + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", b"A" * 1000), "too-large"),
        (flood(HTML_OF + b"Content-Length: 100001\r\n\r\n", b""), "too-large"),
        (flood(b"HTTP/1.1 200 OK\r\n", b"X-More: a\r\n"), "broken"),
        (flood(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 1000), "broken"),
        (flood(b"", b"a" * 1000), "broken"),
        (flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "broken"),
    ],
    ids=[
        "no end",
        "no end of chunks",
        "tiny chunks",
        "chunk without length",
        "length too large",
        "headers",
        "one header",
        "status line",
        "more to come",
    ],
)
def test_a_server_that_floods_is_stopped(server, settings, page, code):
    settings.FETCH_OBEYS_ROBOTS = False
    server.pages["/a"] = page

    assert refused(server.url("/a"), limits=Limits(total=20, max_bytes=100_000)).code == code


@pytest.mark.parametrize(
    "page",
    [
        HTML_OF + b"Content-Length: 100\r\n\r\nshort",
        HTML_OF + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort",
        HTML_OF + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nshort\r\n0\r\n\r\n",
        HTML_OF + b"Transfer-Encoding: chunked\r\n\r\n-7\r\nshort\r\n0\r\n\r\n",
        b"<p>no status line</p>",
        b"HTTP/1.1 999999 \xff\r\n\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
    ],
)
def test_an_answer_that_breaks_off_or_is_none_is_refused(server, settings, page):
    settings.FETCH_OBEYS_ROBOTS = False
    server.pages["/a"] = page

    assert refused(server.url("/a")).code == "broken"


def test_a_body_is_read_no_further_than_its_length(server):
    server.pages["/a"] = HTML_OF + b"Content-Length: 4\r\n\r\nfour and more"

    assert fetch(server.url("/a")).body == b"four"


BARE_DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"Hello.", mtime=0)),
        ("X-GZIP", gzip.compress(b"Hel", mtime=0) + gzip.compress(b"lo.", mtime=0)),
        ("gzip", gzip.compress(b"Hello.", mtime=0) + b"what is left over"),
        ("deflate", zlib.compress(b"Hello.")),
        ("deflate", BARE_DEFLATE.compress(b"Hello.") + BARE_DEFLATE.flush()),
        ("identity", b"Hello."),
    ],
)
def test_a_packed_body_is_unpacked(server, encoding, packed):
    server.pages["/a"] = answer(packed, headers=[f"Content-Encoding: {encoding}"])

    assert fetch(server.url("/a")).body == b"Hello."


@pytest.mark.parametrize(
    ("encoding", "packed", "code"),
    [
        ("gzip", gzip.compress(bytes(50_000_000), mtime=0), "too-large"),
        ("deflate", zlib.compress(bytes(50_000_000), 9), "too-large"),
        ("gzip", gzip.compress(bytes(100), mtime=0) * 1001, "too-large"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"Hello.", mtime=0), mtime=0), "encoding"),
        ("br", b"Hello.", "encoding"),
        ("gzip", b"Hello.", "broken"),
        ("gzip", gzip.compress(b"Hello.", mtime=0)[:-9], "broken"),
        ("gzip", b"", "broken"),
    ],
    ids=[
        "bomb",
        "bomb of deflate",
        "bomb in parts",
        "twice",
        "not offered",
        "none",
        "short",
        "empty",
    ],
)
def test_a_packed_body_that_is_a_trap_or_damaged_is_refused(server, encoding, packed, code):
    server.pages["/a"] = answer(packed, headers=[f"Content-Encoding: {encoding}"])

    assert refused(server.url("/a")).code == code


def test_a_transfer_in_a_way_we_do_not_read_is_refused(server):
    server.pages["/a"] = answer(headers=["Transfer-Encoding: gzip, chunked"], with_length=False)

    assert refused(server.url("/a")).code == "encoding"


@pytest.mark.parametrize("header", ["image/svg+xml", "text/javascript", "application/zip", ""])
def test_other_kinds_of_documents_are_refused_before_they_are_read(server, header):
    server.pages["/a"] = HTML_OF.replace(b"text/html", header.encode()) + b"\r\n"

    refusal = refused(server.url("/a"))

    assert (refusal.code, refusal.status) == ("content-type", 200)


def test_the_caller_names_the_kinds_it_can_read(server):
    server.pages["/a"] = answer(b"a;b", headers=['Content-Type: Text/CSV; charset="Latin1"'])

    page = fetch(server.url("/a"), content_types=frozenset({"text/csv"}))

    assert (page.content_type, page.charset) == ("text/csv", "latin1")


@pytest.mark.parametrize("charset", ["", "; charset=", "; charset*=utf-8''x%ff"])
def test_a_charset_that_is_none_is_none(server, charset):
    server.pages["/a"] = answer(headers=[f"Content-Type: text/html{charset}"])

    assert fetch(server.url("/a")).charset is None


@pytest.mark.parametrize(
    ("status", "is_temporary"), [(404, False), (410, False), (204, False), (500, True), (503, True)]
)
def test_an_error_of_the_site_carries_its_status(server, status, is_temporary):
    server.pages["/a"] = answer(b"", status=f"{status} Sorry")

    refusal = refused(server.url("/a"))

    assert (refusal.code, refusal.status) == ("status", status)
    assert refusal.is_temporary is is_temporary
    assert refusal.retry_after is None


def test_a_site_says_when_to_come_again(server):
    soon = format_datetime(timezone.now() + timedelta(minutes=10), usegmt=False)
    waits = []
    for value in ("120", soon, "999999999", "later", "-5"):
        server.pages["/a"] = answer(status="503 Later", headers=[f"Retry-After: {value}"])
        waits.append(refused(server.url("/a")).retry_after)

    assert waits[0] == 120
    assert 590 < waits[1] <= 600
    assert waits[2:] == [24 * 60 * 60, None, None]


def test_a_page_that_robots_txt_forbids_is_not_asked_for(server):
    server.pages[ROBOTS] = answer(b"User-agent: *\nDisallow: /private")
    server.pages["/private"] = server.pages["/open"] = answer()

    assert refused(server.url("/private")).code == "robots"
    assert fetch(server.url("/open")).status == 200
    assert server.paths == [ROBOTS, "/open"]


def test_a_newsroom_may_decide_to_read_what_robots_txt_forbids(server, settings):
    settings.FETCH_OBEYS_ROBOTS = False
    server.pages[ROBOTS] = answer(b"User-agent: *\nDisallow: /")
    server.pages["/a"] = answer()

    assert fetch(server.url("/a")).status == 200
    assert server.paths == ["/a"]


def test_where_a_redirect_leads_is_asked_of_robots_txt_too(server):
    server.pages[ROBOTS] = answer(b"User-agent: ClaimsTracker\nDisallow: /private")
    server.pages["/a"] = redirect("/private")

    assert refused(server.url("/a")).code == "robots"


def test_robots_txt_that_fails_is_no_permission(server):
    server.pages[ROBOTS] = answer(status="503 Later", headers=["Retry-After: 60"])

    refusal = refused(server.url("/a"))

    assert (refusal.code, refusal.retry_after) == ("robots-unreachable", 60)
    assert refusal.is_temporary


@pytest.mark.parametrize("page", [answer(status="403 No"), redirect(ROBOTS)], ids=["none", "loop"])
def test_a_site_without_robots_txt_forbids_nothing(server, page):
    server.pages[ROBOTS] = page
    server.pages["/a"] = answer()

    assert fetch(server.url("/a")).status == 200


def test_of_a_very_long_robots_txt_the_first_part_is_read(server):
    rules = b"User-agent: *\nDisallow: /private\n" + b"# more\n" * 100_000
    server.pages[ROBOTS] = answer(rules)

    assert refused(server.url("/private"), limits=Limits(total=10)).code == "robots"


def test_two_fetches_from_one_host_wait_for_each_other(server):
    server.pages["/a"] = answer()

    with Turns(pause=0, expires=60, patience=0) as other:
        other.take("127.0.0.1")
        refusal = refused(server.url("/a"), limits=Limits(total=0.5))

    assert (refusal.code, refusal.is_temporary) == ("busy", True)
    assert refusal.retry_after >= 1
    assert server.requests == []
    assert fetch(server.url("/a")).status == 200


def test_a_host_is_left_alone_for_a_moment_after_each_fetch(server, settings):
    settings.FETCH_PAUSE = 1
    server.pages["/a"] = answer()

    fetch(server.url("/a"))
    refusal = refused(server.url("/a"), limits=Limits(total=0.5))
    fetch(server.url("/a"), limits=Limits(total=9))

    assert refusal.code == "busy"


def test_a_host_is_left_alone_as_long_as_it_asks(server):
    server.pages[ROBOTS] = answer(b"User-agent: *\nCrawl-delay: 5")
    server.pages["/a"] = answer()

    fetch(server.url("/a"))

    assert refused(server.url("/a"), limits=Limits(total=0.5)).code == "busy"


def test_a_turn_that_ran_out_is_not_given_back_twice(server):
    with Turns(pause=0, expires=0.01, patience=0) as late:
        late.take("127.0.0.1")
        time.sleep(0.05)
        with Turns(pause=9, expires=60, patience=0) as other:
            other.take("127.0.0.1")
            late.__exit__(None, None, None)
            with pytest.raises(Refused, match="another page of this site"):
                Turns(pause=0, expires=60, patience=0).take("127.0.0.1")
