"""How much one reader may send. The counts lie in the cache, beside those of sign-in."""

from collections.abc import Iterator

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.places import place_of

ONE_HOUR, ONE_DAY = 60 * 60, 24 * 60 * 60
RATES = ((5, ONE_HOUR), (20, ONE_DAY))
"""So many within so many seconds, each of these, from one browser and from one address."""


def may_send(request: HttpRequest) -> bool:
    """Count what a reader sends; return False when it is one too many."""
    places = [place_of(request), *_browser_of(request)]
    return all(_takes_a_turn(place, *rate) for place in places for rate in RATES)


def _takes_a_turn(place: str, turns: int, seconds: int) -> bool:
    """Take one of the turns that a place has; each is free again after so many seconds.

    Any cache adds a key in one step, also for requests at the same moment; counting up it may not.
    """
    keys = (f"tips:{seconds}:{turn}:{place}" for turn in range(turns))
    return any(cache.add(key, True, timeout=seconds) for key in keys)


def _browser_of(request: HttpRequest) -> Iterator[str]:
    """Yield what stands for the browser, wherever it is: the cookie against forged forms."""
    if cookie := request.META.get("CSRF_COOKIE"):
        yield salted_hmac("tips.limits.browser", cookie, algorithm="sha256").hexdigest()
