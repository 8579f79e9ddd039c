"""Which IP addresses belong to the public internet.

The rule is a list of what is allowed, after the IANA special-purpose registries (RFC 6890 and its
updates), since each list of what is forbidden has a hole: Python's own `is_global` lets pass
translated addresses (6to4, NAT64) that lead inside, and the metadata service of one cloud.
"""

import ipaddress

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC_V4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # between carriers and their customers
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the metadata service of Azure, in a public range
        "169.254.0.0/16",  # link-local, where the metadata services of most clouds are
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside an IPv6 address
        "3fff::/20",  # documentation
    )
]


def is_public(address: IpAddress) -> bool:
    """Say whether an address is one of the public internet.

    Mapped, translated and NAT64 addresses (::ffff:0:0/96, 64:ff9b::/96, …) lie outside 2000::/3 and
    are not, whatever they embed.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_V4)
    return address in _GLOBAL_UNICAST_V6 and not any(
        address in network for network in _NOT_PUBLIC_V6
    )


def is_loopback(address: IpAddress) -> bool:
    """Say whether an address is this machine itself, in plain form."""
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None
