"""From the name of a host to the addresses that may be connected to."""

import ipaddress
import queue
import socket
import threading

from django.conf import settings

from .deadlines import Deadline
from .public_ips import IpAddress, is_loopback, is_public
from .refusals import Refused

NAMES_OF_THIS_NETWORK = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def checked_addresses(host: str, deadline: Deadline) -> list[IpAddress]:
    """Return the addresses of a host, each of which may be connected to.

    Takes a host as `ascii_host` returns it. One address that is not public is enough to refuse: a
    name that leads both outside and inside is a trap, or a mistake. Raises Refused.
    """
    addresses = _literal(host) or _looked_up(host, deadline)
    if not all(_may_be_reached(address) for address in addresses):
        raise Refused("private-address")
    return addresses


def _may_be_reached(address: IpAddress) -> bool:
    return is_public(address) or (settings.FETCH_ALLOWS_LOOPBACK and is_loopback(address))


def _literal(host: str) -> list[IpAddress]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        return []


def _looked_up(host: str, deadline: Deadline) -> list[IpAddress]:
    """Ask for the addresses of a name. The resolver knows no deadline, so a thread asks."""
    if "." not in host or host.endswith(NAMES_OF_THIS_NETWORK):
        raise Refused("private-address")
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=_ask_resolver, args=(host, answers), daemon=True).start()
    try:
        found = answers.get(timeout=deadline.left())
    except queue.Empty:
        raise Refused("timeout") from None
    if not found:
        raise Refused("name")
    return [ipaddress.ip_address(address.partition("%")[0]) for address in found]


def _ask_resolver(host: str, answers: "queue.SimpleQueue[list[str]]") -> None:
    """Put what the resolver says into `answers`: nothing where there is no such name.

    The dot at the end keeps it from trying our own domains behind the name.
    """
    try:
        found = socket.getaddrinfo(f"{host}.", None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    answers.put(list(dict.fromkeys(str(sockaddr[0]) for *_rest, sockaddr in found)))
