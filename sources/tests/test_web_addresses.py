"""Reading addresses so that nobody reads them in another way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.web_addresses import NotAnAddress, parse


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://EXAMPLE.ORG./A?B#C", "https://example.org/A?B"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("http://example.org?q", "http://example.org/?q"),
        ("http://example.org#@10.0.0.5/", "http://example.org/"),
        ("https://bücher.example/ü?ü", "https://xn--bcher-kva.example/%C3%BC?%C3%BC"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://ΛΌΓΟΣ.gr/", "https://xn--oxapnq6b.gr/"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://xn--bcher-kva.example/%0d%0a", "https://xn--bcher-kva.example/%0d%0a"),
        ("http://my_site.example.org/", "http://my_site.example.org/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/"),
        ("http://１２７.０.０.１/", "http://127.0.0.1/"),
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
    ],
)
def test_an_address_is_read_part_by_part(typed, read):
    assert str(parse(typed)) == read


@pytest.mark.parametrize(
    "typed",
    # Not of the web.
    [
        "",
        "  ",
        "http",
        "example.org",
        "//example.org/",
        "://example.org/",
        "urn:a:b",
        "data:,a",
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "jar:http://example.org/!/",
        "http+unix://socket/",
        "url:http://example.org/",
        # Without a host, or with half of one.
        "http://",
        "http:///a",
        "http:/example.org/",
        "http:example.org",
        "http://./",
        "http://.a/",
        "http://a..b/",
        "http://-a.example/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 130}example/",
        # Spaces, control characters, backslashes, invisible signs.
        " http://example.org/",
        "http://example.org/\r\nX: 1",
        "http://example.org\\@10.0.0.5/",
        "http://10.0.0.5\t/",
        "http://exa\u00admple.org/",
        "http://exam\u200bple.org/",
        "http://example.org/\x00",
        "http://example.org/\u2028",
        # Hosts with escapes, or with signs that browsers turn into others.
        "http://127%2e0.0.1/",
        "http://loc%61lhost/",
        "http://10.0.0.5%00.example.org/",
        "http://example.org℀.10.0.0.5/",
        "http://ⓔxample.org☃/",
        "http://10.0.0.5;example.org/",
        # Numbers in other forms than four plain decimals.
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://4294967297/",
        "http://383.0.0.1/",
        "http://1.2.3.4.5/",
        "http://example.0x/",
        "http://١٢٧.0.0.1/",
        # IPv6 with anything beside it.
        "http://[::1]a/",
        "http://[::1%25lo]/",
        "http://[::1",
        "http://[1.2.3.4]/",
        "http://[]/",
        # Ports.
        "http://example.org:/",
        "http://example.org:80:80/",
        "http://example.org:８０/",
        "http://example.org:+80/",
        "http://example.org/" + "a" * 9000,
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(typed):
    with pytest.raises(NotAnAddress) as refusal:
        parse(typed)

    assert refusal.value.code == "address"


@pytest.mark.parametrize(
    "typed",
    [
        "http://name@example.org/",
        "http://name:word@10.0.0.5/",
        "http://@/",
        "http://a＠b.example/",
        "http://10.0.0.5:80@example.org:80/",
    ],
)
def test_userinfo_is_refused_by_its_name(typed):
    with pytest.raises(NotAnAddress) as refusal:
        parse(typed)

    assert refusal.value.code == "userinfo"


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_no_machine_has_is_refused(port):
    with pytest.raises(NotAnAddress) as refusal:
        parse(f"http://example.org:{port}/")

    assert refusal.value.code == "port"


@given(st.text() | st.text().map("http://{}".format) | st.text().map("http://a.example/{}".format))
def test_what_was_read_is_read_again_alike(typed):
    try:
        address = parse(typed)
    except NotAnAddress:
        return

    assert str(address).isascii()
    assert parse(str(address)) == address


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("/b", "https://example.org/b"),
        ("?q", "https://example.org/a/c?q"),
        ("//other.example/x", "https://other.example/x"),
        ("HTTP://other.example", "http://other.example/"),
        ("../ü", "https://example.org/%C3%BC"),
    ],
)
def test_a_redirect_leads_from_where_it_stands(reference, place):
    assert str(parse("https://example.org/a/c").join(reference)) == place


@pytest.mark.parametrize(
    "reference",
    ["http://[", "//[", "http://a\tb/", "/a\\b", "javascript:1", "http:a", "///10.0.0.5/"],
)
def test_a_redirect_to_no_address_is_refused(reference):
    with pytest.raises(NotAnAddress):
        parse("https://example.org/").join(reference)
