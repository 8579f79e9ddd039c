"""How much one reader may send. The counts lie in the cache, beside those of sign-in."""

import ipaddress
from collections.abc import Iterator

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

ONE_HOUR, ONE_DAY = 60 * 60, 24 * 60 * 60
RATES = ((5, ONE_HOUR), (20, ONE_DAY))
"""So many within so many seconds, each of these, from one browser and from one address."""
IPV6_PREFIX = 64
"""One household has so many bits of an address in common, and all the others to itself."""


def may_send(request: HttpRequest) -> bool:
    """Count what a reader sends; return False when it is one too many."""
    places = [_address_of(request), *_browser_of(request)]
    return all(_takes_a_turn(place, *rate) for place in places for rate in RATES)


def _takes_a_turn(place: str, turns: int, seconds: int) -> bool:
    """Take one of the turns that a place has; each is free again after so many seconds.

    Any cache adds a key in one step, also for requests at the same moment; counting up it may not.
    """
    keys = (f"tips:{seconds}:{turn}:{place}" for turn in range(turns))
    return any(cache.add(key, True, timeout=seconds) for key in keys)


def _address_of(request: HttpRequest) -> str:
    """Return what stands for where the reader is: without our secret key it names nobody."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    place = str(address)
    if address.version == 6:
        place = str(ipaddress.ip_network(f"{place}/{IPV6_PREFIX}", strict=False))
    return salted_hmac("tips.limits", place, algorithm="sha256").hexdigest()


def _browser_of(request: HttpRequest) -> Iterator[str]:
    """Yield what stands for the browser, wherever it is: the cookie against forged forms."""
    if cookie := request.META.get("CSRF_COOKIE"):
        yield salted_hmac("tips.limits.browser", cookie, algorithm="sha256").hexdigest()
