"""Fetching over https: the certificate is of the name that was asked for, or nothing is read."""

import socket
import ssl
import time
from datetime import timedelta

import pytest

from sources.fetching import Limits, Refused, fetch
from sources.tests.certificates import server_context
from sources.tests.hostile import answer, hostile_server

QUICK = Limits(connect=1, total=3)


@pytest.fixture
def allow(settings):
    """Let a server on this machine be read, and its port."""

    def allowed(server):
        settings.FETCH_ALLOWS_LOOPBACK = True
        settings.FETCH_OBEYS_ROBOTS = False
        settings.FETCH_PORTS = [server.port]
        settings.FETCH_PAUSE = 0
        server.pages["/a"] = answer()

    return allowed


def test_a_site_that_proves_who_it_is_is_read(tmp_path, monkeypatch, allow):
    tls = server_context(tmp_path, addresses=["127.0.0.1"])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with hostile_server(tls) as server:
        allow(server)

        assert fetch(server.url("/a"), limits=QUICK).status == 200


def test_the_certificate_is_of_the_name_and_not_of_the_address_behind_it(
    tmp_path, monkeypatch, allow
):
    names = []
    tls = server_context(tmp_path, hosts=["news.example"])
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with hostile_server(tls) as server:
        allow(server)

        page = fetch(f"https://News.example:{server.port}/a", limits=QUICK)
        with pytest.raises(Refused) as refusal:
            fetch(f"https://other.example:{server.port}/a", limits=QUICK)

    assert page.ip_address == "127.0.0.1"
    assert refusal.value.code == "tls"
    assert names == ["news.example", "other.example"]


@pytest.mark.parametrize(
    ("options", "is_trusted"),
    [
        ({"addresses": ["127.0.0.1"]}, False),
        ({"addresses": ["127.0.0.2"]}, True),
        ({"addresses": ["127.0.0.1"], "ends": -timedelta(days=1)}, True),
    ],
    ids=["unknown authority", "of another", "out of date"],
)
def test_a_site_that_cannot_prove_who_it_is_is_not_read(
    tmp_path, monkeypatch, allow, options, is_trusted
):
    tls = server_context(tmp_path, **options)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with hostile_server(tls) as server:
        allow(server)

        with pytest.raises(Refused) as refusal:
            fetch(server.url("/a"), limits=QUICK)

    assert refusal.value.code == "tls"
    assert server.requests == []


def test_a_server_that_speaks_no_tls_is_refused(allow):
    with hostile_server() as server:
        allow(server)

        with pytest.raises(Refused) as refusal:
            fetch(server.url("/a").replace("http:", "https:"), limits=Limits(connect=1, total=2))

    assert refusal.value.code in ("tls", "timeout")


def test_a_server_that_never_says_hello_is_left_after_the_time_to_connect(allow):
    with socket.create_server(("127.0.0.1", 0)) as silent, hostile_server() as server:
        server.port = silent.getsockname()[1]
        allow(server)
        began = time.monotonic()

        with pytest.raises(Refused) as refusal:
            fetch(f"https://127.0.0.1:{server.port}/a", limits=Limits(connect=0.5, total=9))

    assert refusal.value.code == "timeout"
    assert time.monotonic() - began < 4
    assert ssl.create_default_context().check_hostname
