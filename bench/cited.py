"""Cited sources on the web of `bench.web`, each with its kept copy and a verdict quoting it."""

import hashlib
import html
import re
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from claims.models import Claim, Evidence, Rating, Review
from sources.canonical import address_key
from sources.models import Link, Snapshot, Source
from sources.titles import title_key

from . import web, words
from .newsroom import MOMENT, make_people
from .tables import Table, number_on, write_all

SHARES = {
    "works": 8800, "edited": 300, "renamed": 200, "slow": 100, "moved": 100, "closed": 100,
    "gone": 250, "says-gone": 100, "broken": 47, "silent": 3,
}  # fmt: skip
"""Of ten thousand pages, how they answer."""
OTHERS = {
    "moved": {"moved"}, "closed": {"closed"},
    **{kind: {"failing", "gone"} for kind in ("gone", "says-gone", "broken", "silent")},
}  # fmt: skip
"""The states that links to such pages may have beside “works”, in which all begin."""
BATCH = 500


def fill(count: int, hosts: int, port: int, random: Random) -> None:
    """Make so many cited sources, spread over hosts of which some have many and most have few."""
    people, host = make_people(random), words.Zipf(range(hosts), flatness=hosts / 5)
    rating = Rating.objects.values_list("pk", flat=True)[0]
    kinds = random.choices([*SHARES], [*SHARES.values()], k=count)
    rows = _Rows(people, rating)
    for number, kind in enumerate(kinds, start=1):
        rows.add(number, f"http://{web.host_at(host(random))}:{port}/{kind}/{number}")
        if number % BATCH == 0 or number == count:
            write_all(rows.tables)
    number_on(rows.tables)


class _Rows:
    """The rows of all tables, a source at a time."""

    def __init__(self, people: list[int], rating: int) -> None:
        self.author, self.approver, self.rating = *people[:2], rating
        self.sources = Table(
            Source, "id", "title", "url", "canonical_url", "title_key", "created_at"
        )
        self.snapshots = Table(
            Snapshot, "id", "source", "text", "sha256", "captured_at", "file", "payload_sha256",
            "content_type", "final_url", "status",
        )  # fmt: skip
        self.links = Table(Link, "source", "state", "since", "checked_at", "current")
        self.claims = Table(Claim, "id", "text", "kind", "status", "stated_on", "created_at")
        self.reviews = Table(
            Review, "id", "claim", "number", "status", "rating", "finding", "rationale", "author",
            "approver", "created_at", "published_at",
        )  # fmt: skip
        self.evidence = Table(
            Evidence, "review", "source", "stance", "summary", "passage", "start", "end", "snapshot"
        )
        self.day = date.today() - timedelta(days=7)
        self.moment = (timezone.now() - timedelta(days=7)).strftime(MOMENT)

    @property
    def tables(self) -> list[Table]:
        """All tables, those that others point at first."""
        return [found for found in vars(self).values() if isinstance(found, Table)]

    def add(self, key: int, url: str) -> None:
        """Add a source with all that leans on it."""
        body, at = web.page(key), self.moment
        text, title = _text(body), f"Report {key}"
        payload = hashlib.sha256(body).hexdigest()
        passage = text.split("\n")[2]
        start = text.index(passage)
        self.sources.add(key, title, url, address_key(url), title_key(title), at)
        self.snapshots.add(
            key, key, text, hashlib.sha256(text.encode()).hexdigest(), at,
            f"{payload[:2]}/{payload[2:]}.warc.gz", payload, "text/html", url, 200,
        )  # fmt: skip
        self.links.add(key, "works", at, at, key)
        self.claims.add(key, passage, "fact", "published", self.day.isoformat(), at)
        self.reviews.add(
            key, key, 1, "published", self.rating, "It holds up.", "The record says so.",
            self.author, self.approver, at, at,
        )  # fmt: skip
        self.evidence.add(
            key, key, "supports", "The record.", passage, start, start + len(passage), key
        )


def _text(body: bytes) -> str:
    """Return the words of an article, a paragraph a line: much like what is read out of it."""
    inside = body.decode().partition("<article>")[2].partition("</article>")[0]
    parts = re.split(r"</(?:p|h1|h2|li|tr)>", inside)
    lines = [" ".join(html.unescape(re.sub(r"<[^>]+>", "", part)).split()) for part in parts]
    return "\n".join(line for line in lines if line)


def states() -> dict[str, dict[str, int]]:
    """Return of each kind of page how many links are in which state."""
    found: dict[str, dict[str, int]] = {}
    for url, state in Link.objects.values_list("source__url", "state").order_by("pk"):
        of_kind: Any = found.setdefault(url.split("/")[3], {})
        of_kind[state] = of_kind.get(state, 0) + 1
    return found


def wrong(found: dict[str, dict[str, int]]) -> int:
    """Return how many links are in a state that their pages give no reason for."""
    return sum(
        count
        for kind, of_kind in found.items()
        for state, count in of_kind.items()
        if state not in {"works"} | OTHERS.get(kind, set())
    )
