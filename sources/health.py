"""Looking whether the addresses of cited sources still answer, and with what.

Each look is one fetch, under the same rules as any (`fetching`). A link is gone when it failed on
three days, so that no outage of an hour condemns it; failures that are ours count for nothing.
A text that changed is kept as a new copy, and whoever quotes the source is told (`links`).
"""

import hashlib
import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.module_loading import import_string

from . import capturing, soft_404
from .apart import Died, TookTooMuch
from .extraction import Extracted, Unreadable
from .fetching import Fetched, Refused, fetch
from .finding import remember_addresses
from .links import announce, seen
from .models import Link, LinkCheck, Snapshot
from .web_addresses import NotAnAddress, parse

logger = logging.getLogger(__name__)

FAILURES_OF_THE_DEAD = 3
COUNTS_AGAIN_AFTER = timedelta(hours=20)
"""A failure so soon after the last that counted is of the same day, and counts no more."""
AFTER_A_FAILURE = timedelta(days=1)
BUSY = timedelta(minutes=2)
LEASE = timedelta(minutes=10)
JITTER = 0.1
MOST_IN_A_MINUTE = 60
MOST_SECONDS = 20
"""So long a batch goes on; the worker has other things to do."""
CUT_OFF_FOR = timedelta(hours=36)
HOSTS_THAT_TELL = 3
"""So many sites, none of which answered for so long: then it is we who are cut off."""
OFFLINE = {"name", "unreachable", "timeout"}
CLOSED = {"robots", "robots-unreachable", "port", "userinfo"}
CLOSED_STATUSES = {401, 402, 403, 407, 429, 451}
ANSWERED = {"content-type", "too-large", "encoding"}
"""Refusals of a document that is there."""


def period() -> timedelta | None:
    """Return how often a link is looked at, or None when that is switched off."""
    days = settings.LINK_CHECK_DAYS
    return timedelta(days=days) if days else None


def watch_cited(now: datetime) -> int:
    """Look from now on at every cited source, and no longer at others; return how many are new.

    Each is looked at once within the first period, spread over it by chance, so that ten thousand
    added in a minute do not fall due in one. What is cited is for the setting CITED_SOURCES to say.
    """
    every = period()
    cited = import_string(settings.CITED_SOURCES)().exclude(url="")
    watched = Link.objects.exclude(next_check_at=None)
    if every is None:
        watched.update(next_check_at=None)
        return 0
    watched.exclude(Exists(cited.filter(pk=OuterRef("pk")))).update(next_check_at=None)
    unwatched = cited.exclude(Exists(watched.filter(pk=OuterRef("pk"))))
    new = [
        Link(source_id=key, next_check_at=now + every * random.random())  # noqa: S311
        for key in unwatched.values_list("pk", flat=True)
    ]
    Link.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["source"],
        update_fields=["next_check_at"],
        batch_size=500,
    )
    return len(new)


def check_due(now: datetime | None = None, *, most: int = MOST_IN_A_MINUTE) -> list[LinkCheck]:
    """Look at links that are due, for as long as a batch may last, and return the looks.

    One site after another is asked by each of a few threads, never one site by two.
    """
    now = now or timezone.now()
    due = Link.objects.due(now).select_related("source").order_by("next_check_at", "pk")[:most]
    by_host: dict[str, list[Link]] = {}
    for link in due:
        by_host.setdefault(_host(link.source.url), []).append(link)
    until = time.monotonic() + MOST_SECONDS
    at_once = settings.LINK_CHECKS_AT_ONCE
    if at_once < 2 or len(by_host) < 2:
        return [found for links in by_host.values() for found in _check_site(links, until)]
    with ThreadPoolExecutor(at_once) as threads:
        looks = threads.map(
            lambda links: _check_site(links, until, is_thread=True), by_host.values()
        )
        return [found for of_site in looks for found in of_site]


def _check_site(links: list[Link], until: float, *, is_thread: bool = False) -> list[LinkCheck]:
    try:
        looks = (check(link) for link in links if time.monotonic() < until)
        return [found for found in looks if found]
    finally:
        if is_thread:
            connections.close_all()


def check(link: Link, now: datetime | None = None) -> LinkCheck | None:
    """Look at one link that is due at `now`, and return what was found.

    None when somebody else looks at it, or its site is being read by us: then it is due again in a
    moment. Whatever goes wrong on our side is logged, not raised, and tried again the next day.
    """
    now = now or timezone.now()
    if not _lease(link, now):
        return None
    try:
        return _record(link, _look(link), now)
    except Refused:  # of _look only "busy" gets here
        Link.objects.filter(pk=link.pk).update(next_check_at=now + BUSY)
    except Exception:  # of reading, storing: one page must not end the looks at all others
        logger.exception("Source %s could not be looked at", link.pk)
        Link.objects.filter(pk=link.pk).update(next_check_at=now + AFTER_A_FAILURE)
    return None


def _lease(link: Link, now: datetime) -> bool:
    """Take the link for one look, and say whether it is ours."""
    taken = Link.objects.due(now).filter(pk=link.pk).update(next_check_at=now + LEASE)
    link.refresh_from_db()
    return bool(taken)


@dataclass(frozen=True)
class _Look:
    """What an address answered; `code` is why it was refused."""

    result: LinkCheck.Result
    code: str = ""
    status: int | None = None
    fetched: Fetched | None = None
    before: Snapshot | None = None
    """Where the text is another than the last: the copy that we have of it,"""
    copy: capturing.Copy | None = None
    """or what a new one is made of, its file kept already."""


def _look(link: Link) -> _Look:
    """Fetch the address of a link. Raises Refused("busy")."""
    try:
        fetched = fetch(link.source.url)
    except Refused as refused:
        if refused.code == "busy":
            raise
        return _Look(_result_of(refused), refused.code, refused.status)
    kept = link.current
    if kept and kept.payload_sha256 == hashlib.sha256(fetched.body).hexdigest():
        return _Look(_where(link, fetched), status=fetched.status, fetched=fetched)
    try:
        extracted = capturing.read(fetched)
    except (Unreadable, TookTooMuch, Died):
        return _Look(_where(link, fetched), status=fetched.status, fetched=fetched)
    if _is_soft_404(link, fetched, extracted):
        return _Look(LinkCheck.Result.FAILED, LinkCheck.SOFT_404, fetched.status, fetched)
    payload = hashlib.sha256(fetched.body).hexdigest()
    before = capturing.kept_before(link.source, payload, extracted.text)
    copy = None if before else capturing.copy_of(fetched, extracted)
    return _Look(_where(link, fetched), "", fetched.status, fetched, before, copy)


def _result_of(refused: Refused) -> LinkCheck.Result:
    if refused.code in ANSWERED:
        return LinkCheck.Result.WORKS
    if refused.code in CLOSED or refused.status in CLOSED_STATUSES:
        return LinkCheck.Result.CLOSED
    return LinkCheck.Result.FAILED


def _where(link: Link, fetched: Fetched) -> LinkCheck.Result:
    """Say whether an answer came from the site that was asked, or one that is reached by it."""
    asked, answered = _host(link.source.url), _host(fetched.final_url)
    return LinkCheck.Result.WORKS if _site(asked) == _site(answered) else LinkCheck.Result.MOVED


def _host(url: str) -> str:
    try:
        return parse(url).host
    except NotAnAddress:
        return ""


def _site(host: str) -> str:
    for prefix in ("www.", "m.", "mobile.", "amp."):
        host = host.removeprefix(prefix)
    return host


def _is_soft_404(link: Link, fetched: Fetched, extracted: Extracted) -> bool:
    url = link.source.url
    if soft_404.leads_to_front_page(url, fetched.final_url):
        return True
    kept = link.current.text if link.current else ""
    if soft_404.says_it_is_gone(extracted.title, extracted.text):
        return not soft_404.says_it_is_gone("", kept)
    if not kept or soft_404.likeness(kept, extracted.text) >= soft_404.SAME_DOCUMENT:
        return False
    try:
        other = fetch(soft_404.impossible_address(url))
        answer = capturing.read(other).text
    except (Refused, Unreadable, TookTooMuch, Died):
        return False
    return soft_404.likeness(answer, extracted.text) >= soft_404.SAME_ANSWER


@transaction.atomic
def _record(link: Link, look: _Look, now: datetime) -> LinkCheck:
    """Write down what was found, and tell whoever quotes the source when that is news."""
    kept = capturing.new_snapshot(link.source, look.copy) if look.copy else None
    leads_to = look.fetched.final_url if look.fetched else ""
    says_now = kept or look.before
    if look.fetched and says_now:
        remember_addresses(link.source, (*(hop.url for hop in look.fetched.hops), leads_to))
        seen(link.source, says_now, look.fetched.fetched_at)
    found = LinkCheck.objects.create(
        source=link.source,
        at=now,
        result=look.result,
        status=look.status,
        code=look.code,
        final_url=leads_to if look.result == LinkCheck.Result.MOVED else "",
        kept=kept,
    )
    changes = _changes(link, look, now)
    is_news = changes["state"] != link.state
    if is_news:
        changes["since"] = now
    Link.objects.filter(pk=link.pk).update(
        checked_at=now,
        final_url=found.final_url,
        next_check_at=_next(
            look.result == LinkCheck.Result.FAILED and changes["state"] != Link.State.GONE, now
        ),
        **changes,
    )
    link.refresh_from_db()
    if is_news:
        announce(link.source)
    return found


def _changes(link: Link, look: _Look, now: datetime) -> dict[str, Any]:
    """Return the state that a link has after a look, and the failures that count."""
    if look.result == LinkCheck.Result.CLOSED and link.state == Link.State.GONE:
        return {"state": Link.State.GONE}
    if look.result != LinkCheck.Result.FAILED:
        return {"state": Link.State(look.result), "failures": 0, "failed_at": None}
    is_same_day = link.failed_at is not None and now - link.failed_at < COUNTS_AGAIN_AFTER
    if is_same_day or (look.code in OFFLINE and _are_offline(now)):
        return {"state": Link.State(link.state)}
    failures = link.failures + 1
    is_dead = link.state == Link.State.GONE or failures >= FAILURES_OF_THE_DEAD
    state = Link.State.GONE if is_dead else Link.State.FAILING
    return {"state": state, "failures": min(failures, 1000), "failed_at": now}


def _are_offline(now: datetime) -> bool:
    """Say whether, of several sites, none answered lately: then the fault is ours."""
    looks = LinkCheck.objects.filter(at__gt=now - CUT_OFF_FOR, at__lte=now)
    if looks.exclude(code__in=OFFLINE).exists():
        return False
    urls = looks.values_list("source__url", flat=True).distinct()[: 20 * HOSTS_THAT_TELL]
    return len({_host(url) for url in urls}) >= HOSTS_THAT_TELL


def _next(soon: bool, now: datetime) -> datetime | None:
    """Return when to look again, a little earlier or later by chance; `soon` after a failure."""
    every = period()
    if every is None:
        return None
    if soon:
        every = min(every, AFTER_A_FAILURE)
    return now + every * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
