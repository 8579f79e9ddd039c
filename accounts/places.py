"""Where a request comes from, as far as limits need to know it."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

IPV6_PREFIX = 64
"""One household has so many bits of an address in common, and all the others to itself."""


def place_of(request: HttpRequest) -> str:
    """Return what stands for where somebody is: without our secret key it names nobody."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    place = str(address)
    if address.version == 6:
        place = str(ipaddress.ip_network(f"{place}/{IPV6_PREFIX}", strict=False))
    return salted_hmac("tips.limits", place, algorithm="sha256").hexdigest()
