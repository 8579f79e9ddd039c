"""Which addresses of machines may be connected to."""

from ipaddress import ip_address

import pytest

from sources.fetching.public_ips import is_loopback, is_public


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "168.63.129.15",
        "192.0.1.1",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2606:2800:220:1::34",
        "2a00:1450::1",
        "2001:200::1",
    ],
)
def test_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    # IPv4: the first and the last of each range.
    [
        "0.0.0.0",  # noqa: S104
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.10",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        # IPv6: unspecified, loopback, IPv4 inside (compatible, mapped, translated), NAT64.
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::10.0.0.5",
        "100::1",
        # Teredo, benchmarks, ORCHID, documentation, 6to4.
        "2001:0:7f00:1::5",
        "2001:2::1",
        "2001:10::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "4000::1",
        # Private, link-local, once site-local, multicast.
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("10.0.0.1", False),
    ],
)
def test_loopback_is_meant_in_plain_form(address, expected):
    assert is_loopback(ip_address(address)) is expected
