"""How many requests one reader may send. The counts lie in the cache, beside those of sign-in."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

RATES = ((5, 60 * 60), (20, 24 * 60 * 60))
"""So many within so many seconds, each of these."""
IPV6_PREFIX = 64
"""One household has so many bits of an address in common, and all the others to itself."""


def may_send(request: HttpRequest) -> bool:
    """Count a request of a reader; return False when it is one too many."""
    place = _place_of(request)
    return all(_takes_a_turn(place, turns, seconds) for turns, seconds in RATES)


def _takes_a_turn(place: str, turns: int, seconds: int) -> bool:
    """Take one of the turns that a place has; each is free again after so many seconds.

    Any cache adds a key in one step, also for requests at the same moment; counting up it may not.
    """
    keys = (f"tips:{seconds}:{turn}:{place}" for turn in range(turns))
    return any(cache.add(key, True, timeout=seconds) for key in keys)


def _place_of(request: HttpRequest) -> str:
    """Return what stands for where the reader is: without our secret key it names nobody."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    place = str(address)
    if address.version == 6:
        place = str(ipaddress.ip_network(f"{place}/{IPV6_PREFIX}", strict=False))
    return salted_hmac("tips.limits", place, algorithm="sha256").hexdigest()
