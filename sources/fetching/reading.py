"""Reading one page: from redirect to redirect, with the courtesy that sites ask of programs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache

from ..web_addresses import NotAnAddress, WebAddress, parse
from . import robots
from .asking import AGENT, Answer, Limits, ask
from .deadlines import Deadline
from .refusals import Refused
from .turns import Turns

CONTENT_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/pdf"})
MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
WHOLE = {200, 203}
ROBOTS_KEPT_FOR = 60 * 60


@dataclass(frozen=True)
class Hop:
    """A redirect: the address that answered with it, and its status."""

    url: str
    status: int


@dataclass(frozen=True)
class Fetched:
    """What an address answered, whole."""

    url: str  # as asked for
    final_url: str  # after redirects
    hops: list[Hop]
    status: int
    reason: str
    headers: list[tuple[str, str]]  # as received: Content-Encoding is not that of `body`
    content_type: str  # lower case, without parameters
    charset: str | None
    body: bytes  # decoded
    fetched_at: datetime
    ip_address: str


def fetch(
    url: str,
    *,
    content_types: frozenset[str] = CONTENT_TYPES,
    limits: Limits = Limits(),  # noqa: B008
) -> Fetched:
    """Return what stands at an address of the public web.

    Takes an http or https address, and the content types that the caller can read. Follows at most
    five redirects, obeys robots.txt where FETCH_OBEYS_ROBOTS is on, and reads from one host once at
    a time. Raises Refused for everything but a whole answer with status 200 or 203.
    """
    trail = Trail(_parsed(url))
    turns = Turns(pause=settings.FETCH_PAUSE, expires=limits.total + 30, patience=limits.total / 3)
    try:
        with turns:
            answer = _Visit(turns, limits, content_types).follow(trail)
    except Refused as refused:
        refused.url = str(trail.address)
        raise
    return Fetched(
        url=url,
        final_url=str(trail.address),
        hops=trail.hops,
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        content_type=answer.content_type,
        charset=answer.charset,
        body=answer.body,
        fetched_at=answer.at,
        ip_address=answer.ip_address,
    )


@dataclass
class Trail:
    """Where a fetch stands, and the redirects that led there."""

    address: WebAddress
    hops: list[Hop] = field(default_factory=list)

    def go_on(self, answer: Answer) -> None:
        """Go where a redirect leads. Raises Refused when it is one too many, or leads nowhere."""
        if len(self.hops) >= MAX_REDIRECTS:
            raise Refused("redirects", status=answer.status)
        location = answer.header("Location")
        if not location:
            raise Refused("broken", status=answer.status)
        self.hops.append(Hop(str(self.address), answer.status))
        try:
            self.address = self.address.join(_as_utf8(location))
        except NotAnAddress as error:
            raise Refused(error.code, status=answer.status) from error


def _as_utf8(header: str) -> str:
    """Return a header that holds UTF-8, which http.client reads as Latin-1, as it was meant."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _parsed(url: str) -> WebAddress:
    try:
        return parse(url)
    except NotAnAddress as error:
        raise Refused(error.code) from error


class _Visit:
    """One call of `fetch`: its deadline, its limits and the hosts that it holds."""

    def __init__(self, turns: Turns, limits: Limits, content_types: frozenset[str]) -> None:
        self.turns = turns
        self.limits = limits
        self.content_types = content_types
        self.deadline = Deadline(limits.total)

    def follow(self, trail: Trail) -> Answer:
        """Return the page that a trail ends at."""
        answer = self._answer(trail, self._wants_page, self._ask_robots)
        if answer.status not in WHOLE:
            raise Refused("status", status=answer.status, retry_after=answer.retry_after)
        return answer

    def _answer(
        self,
        trail: Trail,
        wanted: Callable[[Answer], bool],
        may: Callable[[WebAddress], None] = lambda address: None,
        limits: Limits | None = None,
    ) -> Answer:
        """Return the first answer that is no redirect; before each, ask whether we `may`."""
        while True:
            self.turns.take(trail.address.host)
            may(trail.address)
            answer = ask(trail.address, self.deadline, limits or self.limits, wanted)
            if answer.status not in REDIRECTS:
                return answer
            trail.go_on(answer)

    def _wants_page(self, answer: Answer) -> bool:
        if answer.status not in WHOLE:
            return False
        if answer.content_type not in self.content_types:
            raise Refused("content-type", status=answer.status)
        return True

    def _ask_robots(self, address: WebAddress) -> None:
        """Raise Refused when the site asks programs not to read an address."""
        if not settings.FETCH_OBEYS_ROBOTS:
            return
        key = f"robots:{sha256(address.origin.encode()).hexdigest()}"
        text = cache.get(key)
        if text is None:
            text = self._robots_text(address)
            cache.set(key, text, timeout=ROBOTS_KEPT_FOR)
        rules = robots.rules_for(AGENT, text)
        self.turns.lengthen(address.host, rules.delay)
        if not rules.allow(address.target):
            raise Refused("robots")

    def _robots_text(self, address: WebAddress) -> str:
        """Return the site's robots.txt, empty where it has none (RFC 9309, section 2.3.1)."""
        trail = Trail(parse(f"{address.origin}/robots.txt"))
        limits = replace(self.limits, max_bytes=robots.MAX_BYTES, cuts=True)
        try:
            answer = self._answer(trail, lambda answer: answer.status in WHOLE, limits=limits)
        except Refused as refused:
            if refused.code != "redirects":
                raise
            return ""
        if answer.status >= 500 or answer.status == 429:
            raise Refused("robots-unreachable", retry_after=answer.retry_after)
        return answer.body.decode(errors="replace")
