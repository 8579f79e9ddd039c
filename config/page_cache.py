"""Pages for readers who are not signed in, answered from memory, in front of Django.

A page is kept together with the version that the database had before the page was made. Each
request asks the database for its version, which any commit of anybody changes, and only a page of
that very version is handed out: what was published shows at once, in every process. Why so:
docs/decisions/0016-page-cache.md.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast

from django.conf import settings
from django.utils import timezone
from django.utils.http import http_date, parse_etags

from .caching import ASKED, KEPT, is_for_one_person
from .content_version import version
from .languages import is_neutral_address

MOST_SECONDS = 300
"""So long a page is kept at most, for what it tells of the time."""
LONGEST_ADDRESS = 2000
TOLD_WITHOUT_A_BODY = ("ETag", "Cache-Control", "CDN-Cache-Control", "Vary", "Content-Location")
"""What an answer of status 304 repeats (RFC 9110, section 15.4.5)."""

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Kept:
    """An answer of status 200, and what the world was like when it was made."""

    version: object
    day: object
    until: float
    """In seconds of the monotonic clock."""
    headers: Headers
    body: bytes
    etag: str
    modified: str
    """Since when it is as it is, as far as this process saw (an HTTP date)."""

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 500


class Shelf:
    """Answers by what was asked for, up to a number of bytes: the longest unasked goes first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        """Return what is kept, however old."""
        with self._lock:
            kept = self._kept.get(key)
            if kept:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: tuple[str, ...], answer: Kept) -> None:
        """Keep an answer, unless it is so large that it would push out most others."""
        if answer.size > self.most_bytes // 8:
            return
        with self._lock:
            if old := self._kept.pop(key, None):
                self.bytes -= old.size
            self._kept[key] = answer
            self.bytes += answer.size
            while self.bytes > self.most_bytes:
                _key, gone = self._kept.popitem(last=False)
                self.bytes -= gone.size


class PageCache:
    """A WSGI application that answers from memory what another one may have kept."""

    def __init__(self, application: Application, most_bytes: int) -> None:
        self.application = application
        # Made-up parameters push out answers to parameters, never the pages themselves.
        self.pages, self.searches = Shelf(most_bytes // 2), Shelf(most_bytes // 2)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        key = _key(environ) if self.pages.most_bytes else None
        at = version() if key else None
        if key is None or at is None:
            return self.application(environ, start_response)
        shelf = self.searches if environ.get("QUERY_STRING") else self.pages
        kept, day = shelf.get(key), timezone.localdate()
        if kept and kept.version == at and kept.day == day and time.monotonic() < kept.until:
            return _hand_out(kept, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.application(environ, start_response)
        environ[ASKED] = True
        told: list[Any] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            told[:] = [headers]
            return None if environ.get(KEPT) else start_response(status, headers, exc_info)

        answer = self.application(environ, start)
        if not environ.get(KEPT):
            return answer
        with closing(cast(Any, answer)):  # which tells Django that the request is over
            body = b"".join(answer)
        etag = next(value for name, value in told[0] if name == "ETag")
        # Only told, never compared: an HTTP date is too coarse to say that nothing changed since.
        modified = kept.modified if kept and kept.etag == etag else http_date()
        headers = [*told[0], ("Last-Modified", modified)]
        kept = Kept(at, day, time.monotonic() + MOST_SECONDS, headers, body, etag, modified)
        shelf.put(key, kept)
        return _hand_out(kept, environ, start_response)


def _key(environ: Environ) -> tuple[str, ...] | None:
    """Return all that a page depends on; None for a request that is not answered from memory."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    if is_for_one_person(cookies):
        return None
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if f"{settings.LANGUAGE_COOKIE_NAME}=" in cookies and is_neutral_address(path):
        return None  # it may lead to the page in the language that was chosen
    if path.startswith(settings.STATIC_URL):
        return None
    if len(path) + len(query) + len(environ.get("HTTP_ACCEPT", "")) > LONGEST_ADDRESS:
        return None
    secure = settings.SECURE_PROXY_SSL_HEADER
    return (
        environ.get("SCRIPT_NAME", ""),
        path,
        query,
        environ.get("HTTP_HOST", ""),
        environ["wsgi.url_scheme"],
        environ.get(secure[0], "") if secure else "",
        environ.get("HTTP_ACCEPT", "") if path.startswith("/api/") else "",
    )


def _hand_out(kept: Kept, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    if _has(kept.etag, environ.get("HTTP_IF_NONE_MATCH", "")):
        names = {name.lower() for name in TOLD_WITHOUT_A_BODY}
        headers = [pair for pair in kept.headers if pair[0].lower() in names]
        start_response("304 Not Modified", headers)
        return []
    start_response("200 OK", list(kept.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


def _has(etag: str, asked: str) -> bool:
    """Tell whether a reader has this page (RFC 9110, section 13.1.2, by weak comparison)."""
    if not asked:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in parse_etags(asked)}
    return "*" in tags or etag.removeprefix("W/") in tags
