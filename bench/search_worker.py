"""One database of `bench.search`, in a process of its own; orders come as JSON lines."""

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from claims import search  # noqa: E402
from claims.matching import similar_claims  # noqa: E402
from claims.models import Claim, Speaker  # noqa: E402
from claims.search.words import words_of  # noqa: E402

from . import cpu  # noqa: E402
from .words import RARE  # noqa: E402

COMMON = "since"
"""More than half of all made-up claims have it, one in ten has the other."""
OTHER = "schools"
POST = (
    "Did you hear? The minister says that since 2019 the number of teachers in public schools of "
    "the north has fallen by 12 percent, while spending on roads more than doubled!"
)

RAW = {
    "sqlite": """
        SELECT rowid FROM claims_claimentry_words
        WHERE claims_claimentry_words MATCH %s ORDER BY {order} LIMIT 25
    """,
    "postgresql": """
        SELECT id FROM claims_claimentry e WHERE vector @@ %s::tsquery ORDER BY {order} LIMIT 25
    """,
}
RAW_ORDERS = {
    "sqlite": {"newest": "rowid DESC", "relevance": "bm25(claims_claimentry_words)"},
    "postgresql": {
        "newest": "id DESC",
        "relevance": "ts_rank(vector, {query}::tsquery, 1) DESC",
    },
}


class Worker:
    """Asks one database."""

    def __init__(self) -> None:
        speaker = Speaker.objects.order_by("pk")[100:101].get()
        claim = Claim.objects.published().order_by("-listed_at")[100:101].get()
        self.client = Client()
        self.asked: dict[str, Callable[[], Any]] = {
            "common word, newest first": _find(COMMON, search.NEWEST),
            "common word, ranked": _find(COMMON),
            "two common words, ranked": _find(f"{COMMON} {OTHER}"),
            "rare word": _find(RARE),
            "phrase": _find(f'"{OTHER} by"'),
            "common word, a speaker": _find(COMMON, chosen={"speaker": [speaker.pk]}),
            "no hit": _find("zzyzx"),
            "mistyped": _find("quokak"),
            "beginning, as suggested": lambda: search.suggest("scho").claims,
            "page of a common word": lambda: self._page(f"/claims/?q={COMMON}"),
            "page of a rare word": lambda: self._page(f"/claims/?q={RARE}"),
            "page of all claims": lambda: self._page("/claims/"),
            "page of a status": lambda: self._page("/claims/?status=published"),
            "page of a speaker": lambda: self._page(f"/claims/?speaker={speaker.slug}"),
            "page of all claims, by rating": lambda: self._page("/claims/?order=rating"),
            "home page": lambda: self._page("/"),
            "page of a claim": lambda: self._page(f"/claims/{claim.pk}/"),
            "API, common word": lambda: self._page(f"/api/v1/claims/?q={COMMON}"),
            "API, all claims": lambda: self._page("/api/v1/claims/?limit=50"),
            "match a post, by words": lambda: _matched(is_by_meaning=False),
            "match a post, by meaning too": lambda: _matched(is_by_meaning=True),
            "save a claim, index kept": lambda: _save(),
            "save a claim, no index": lambda: _save_without(),
        }
        self.raw: dict[str, Callable[[], Any]] = {
            "common word, newest first": _raw(COMMON, "newest"),
            "common word, ranked": _raw(COMMON, "relevance"),
            "rare word": _raw(RARE, "newest"),
        }

    def answer(self, order: str, name: str) -> Any:
        """Carry out an order for the query of that name."""
        if order == "list":
            return list(self.asked)
        if order == "memory":
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if order == "look":
            return _count(self.asked[name]())
        doing = self.raw.get(name) if order == "raw" else self.asked[name]
        return _timed(doing) if doing else None

    def _page(self, path: str) -> Any:
        response = self.client.get(path)
        assert response.status_code == 200, response.content[:200]
        return response


def _matched(*, is_by_meaning: bool) -> Any:
    settings.MATCH_BY_MEANING = is_by_meaning
    return similar_claims(POST)


def _find(words: str, order: str = search.RELEVANCE, **options: Any) -> Callable[[], Any]:
    return lambda: search.find(search.parse(words), order=order, **options)


def _raw(words: str, order: str) -> Callable[[], Any]:
    """Return the engine's own query for a word, in the order that it has itself."""
    vendor = connection.vendor
    query = {"sqlite": f'"{_stem(words)}"', "postgresql": f"'{_stem(words)}'"}[vendor]
    ordered = RAW_ORDERS[vendor][order].format(query="%s")
    sql = RAW[vendor].format(order=ordered)
    parameters = [query] * sql.count("%s")

    def ask() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    return ask


def _stem(word: str) -> str:
    return words_of(word, "en")[0]


def _save() -> None:
    with transaction.atomic():
        claim = Claim.objects.filter(status="new").order_by("pk")[:1].get()
        claim.text = f"{claim.text[:500]} {time.monotonic_ns()}"
        claim.save()
        transaction.set_rollback(True)


@override_settings(ROW_EDITED="builtins.id")
def _save_without() -> None:
    _save()


def _count(found: Any) -> str:
    if isinstance(found, search.Found):
        return f"{'over ' if found.has_more else ''}{found.count}"
    return str(len(found)) if isinstance(found, list) else ""


def _timed(doing: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds of CPU, the database server's included, and of the clock."""
    gc.collect()
    begun, at = cpu.with_database(), time.perf_counter()
    doing()
    return cpu.with_database() - begun, time.perf_counter() - at


def main() -> None:
    """Answer orders until there are no more."""
    connection.ensure_connection()
    worker = Worker()
    for line in sys.stdin:
        order, name = json.loads(line)
        print(json.dumps(worker.answer(order, name)), flush=True)


if __name__ == "__main__":
    main()
