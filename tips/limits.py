"""How many requests one reader may send. The counts lie in the cache, beside those of sign-in."""

import ipaddress

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

ACTION = "correction_request"
"""Its rates stand in ACCOUNT_RATE_LIMITS."""
IPV6_PREFIX = 64
"""One household has so many bits of an address in common, and all the others to itself."""


def may_send(request: HttpRequest) -> bool:
    """Count a request of a reader; return False, and count nothing, when it is one too many."""
    counted = ratelimit.consume(request, action=ACTION, key=_place_of(request))
    return counted is not None


def _place_of(request: HttpRequest) -> str:
    """Return what stands for where the reader is: without our secret key it names nobody."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    place = str(address)
    if address.version == 6:
        place = str(ipaddress.ip_network(f"{place}/{IPV6_PREFIX}", strict=False))
    return salted_hmac(ACTION, place, algorithm="sha256").hexdigest()
