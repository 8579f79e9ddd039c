"""What a query finds, in which order, and what there is of it: the same on both databases.

The index gives the newest entries that answer; they are ranked and counted here. Ranked and counted
are at most `MOST_RANKED`, of any number: beyond it a count is “more than”. In the order of time a
list goes on to its end.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ..models import Claim, ClaimEntry, Rating, SourceEntry
from ..paging import InvalidCursor, read_cursor, write_cursor
from . import postgresql, sqlite
from .index import mark
from .query import Asked, Phrase, Query
from .scoring import Weighed, rarity, score
from .vocabulary import Vocabulary, words_in

MOST_RANKED = 1000
"""The newest hits that are ranked and counted."""
RELEVANCE, NEWEST, RATING = "relevance", "newest", "rating"
ORDERS = (RELEVANCE, NEWEST, RATING)
FACETS = ("rating", "status", "speaker", "topic", "language", "year")
"""In the order in which readers are offered them."""
_FILED = "e.id, e.claim_id, e.rating, e.status, e.speaker, e.topics, e.language, e.year"
_RATING = 2
_NEWEST_OF_ALL = """
SELECT {columns} FROM {table} e WHERE 1 = 1 {narrowed} ORDER BY e.id {direction} LIMIT %s
"""


class Hit(NamedTuple):
    """An entry that answers, and what it is ranked by: how well, or minus the rating’s place."""

    entry: int
    claim: int
    score: float = 0.0


@dataclass(frozen=True)
class Found:
    """A page of hits, and what was found in all."""

    hits: list[Hit]
    count: int
    """Exact unless `has_more`, then at least so many."""
    has_more: bool
    query: Query
    """What was looked for in the end: with likely words in the place of mistyped ones."""
    is_corrected: bool = False
    next_cursor: str | None = None
    previous_cursor: str | None = None
    facets: Mapping[str, Counter[Any]] = field(default_factory=dict)

    def rows(self, claims: QuerySet[Claim]) -> list[Any]:
        """Return those of `claims` that were found, in the order of the hits. One query."""
        found = claims.in_bulk([hit.claim for hit in self.hits])
        return [found[hit.claim] for hit in self.hits if hit.claim in found]


def find(
    query: Query,
    *,
    chosen: Mapping[str, Collection[object]] | None = None,
    order: str = RELEVANCE,
    size: int = 25,
    cursor: str | None = None,
    is_public: bool = True,
) -> Found:
    """Return a page of the claims that answer the query, with counts.

    `chosen` narrows by facet, such as {"speaker": [3, 7], "year": [2024]}; several values widen.
    `is_public` is False only for people of the newsroom: it finds what readers do not see.
    Raises InvalidCursor for one that this list did not make. A fixed number of queries.
    """
    chosen = {name: values for name, values in (chosen or {}).items() if values}
    if query.is_empty and not chosen and order == RELEVANCE:
        return nothing(query)
    vocabulary = Vocabulary(words_in(query.wanted))
    search = _Search(query, chosen, is_public)
    columns = f"{_FILED}, e.head, e.body" if order == RELEVANCE else _FILED
    filed = search.newest(columns, MOST_RANKED + 1)
    is_corrected = False
    if not filed and (likely := _likely(query, vocabulary)):
        query, is_corrected = likely, True
        vocabulary = Vocabulary(words_in(query.wanted))
        search = _Search(query, chosen, is_public)
        filed = search.newest(columns, MOST_RANKED + 1)
    size = min(size, MOST_RANKED)
    if order == NEWEST:
        hits, following, preceding = _by_time(search, filed, size, cursor)
    else:
        rank = _by_rating if order == RATING else _by_relevance
        ranked = rank(search, vocabulary, filed[:MOST_RANKED])
        hits, following, preceding = _by_score(ranked, size, cursor)
    return Found(
        hits=hits,
        count=min(len(filed), MOST_RANKED),
        has_more=len(filed) > MOST_RANKED,
        query=query,
        is_corrected=is_corrected,
        next_cursor=following,
        previous_cursor=preceding,
        facets=_facets(search, filed[:MOST_RANKED]),
    )


def keys_of_newest(query: Query, most: int, *, is_public: bool = True) -> list[int]:
    """Return the keys of at most `most` claims that answer, newest first. One query."""
    if query.is_empty:
        return []
    return [key for (key,) in _Search(query, {}, is_public).newest("e.claim_id", most)]


def sources_of_newest(query: Query, most: int) -> list[int]:
    """Return the keys of at most `most` sources that answer, newest first, readers' or not."""
    if query.is_empty:
        return []
    search = _Search(query, {}, is_public=False, table=SourceEntry._meta.db_table)
    return [key for (key,) in search.newest("e.source_id", most)]


def nothing(query: Query) -> Found:
    """Return what a query finds that asks for nothing."""
    return Found([], 0, False, query, facets={name: Counter() for name in FACETS})


class _Search:
    """One query with what narrows it."""

    def __init__(
        self,
        query: Query,
        chosen: Mapping[str, Collection[object]],
        is_public: bool,
        table: str = ClaimEntry._meta.db_table,
    ) -> None:
        self.query, self.chosen, self.is_public, self.table = query, chosen, is_public, table

    def without(self, facet: str) -> "_Search":
        """Return the same, not narrowed by one facet."""
        others = {name: values for name, values in self.chosen.items() if name != facet}
        return _Search(self.query, others, self.is_public)

    def newest(
        self, columns: str, most: int, *, before: int | None = None, after: int | None = None
    ) -> list[tuple[Any, ...]]:
        """Return at most `most` entries that answer, newest first; or, after one, oldest first."""
        engine = sqlite if connection.vendor == "sqlite" else postgresql
        narrowed = ""
        parameters: list[Any] = []
        wanted = self._wanted()
        if wanted:
            parameters.append(engine.expression(wanted, self.query.unwanted))
        if self.is_public:
            narrowed += " AND e.is_public"
        for bound, sign in ((before, "<"), (after, ">")):
            if bound is not None:
                narrowed += f" AND e.id {sign} %s"
                parameters.append(bound)
        sql = (engine.NEWEST if wanted else _NEWEST_OF_ALL).format(
            table=self.table,
            columns=columns,
            narrowed=narrowed,
            direction="DESC" if after is None else "ASC",
        )
        with connection.cursor() as asked:
            asked.execute(sql, [*parameters, most])
            rows: list[tuple[Any, ...]] = asked.fetchall()
        return rows

    def _wanted(self) -> list[Asked]:
        marks = [
            Asked(tuple(Phrase((mark(name, value),)) for value in values), name)
            for name, values in self.chosen.items()
        ]
        return [*self.query.wanted, *marks]


_Pages = tuple[list[Hit], str | None, str | None]


def _by_time(
    search: _Search, filed: list[tuple[Any, ...]], size: int, cursor: str | None
) -> _Pages:
    if cursor is None:
        rows = filed[: size + 1]
        hits = [Hit(row[0], row[1]) for row in rows[:size]]
        return hits, _after(hits) if len(rows) > size else None, None
    backwards, (_score, entry) = _read(cursor)
    bound = {"after": entry} if backwards else {"before": entry}
    rows = search.newest("e.id, e.claim_id", size + 1, **bound)
    if not rows:
        raise _page_is_gone()
    has_more, hits = len(rows) > size, [Hit(*row) for row in rows[:size]]
    if backwards:
        hits.reverse()
    return (
        hits,
        _after(hits) if backwards or has_more else None,
        _before(hits) if has_more or not backwards else None,
    )


def _by_relevance(
    search: _Search, vocabulary: Vocabulary, filed: list[tuple[Any, ...]]
) -> list[Hit]:
    """Return the hits with how well they answer. Their rows end in both texts of the entry."""
    asked = [weighed(each, vocabulary) for each in search.query.wanted]
    averages = vocabulary.averages
    return [
        Hit(row[0], row[1], round(score(row[-2], row[-1], asked, averages), 6)) for row in filed
    ]


def _by_rating(search: _Search, vocabulary: Vocabulary, filed: list[tuple[Any, ...]]) -> list[Hit]:
    """Return the hits with the place of their rating on the scale; what has none comes last."""
    places = dict(Rating.objects.order_by().values_list("pk", "position"))
    last = max(places.values(), default=0) + 1
    return [Hit(row[0], row[1], float(-places.get(row[_RATING], last))) for row in filed]


def _by_score(hits: list[Hit], size: int, cursor: str | None) -> _Pages:
    """Return the page of ranked hits; of two that are level the newer comes first."""
    hits.sort(key=lambda hit: (-hit.score, -hit.entry))
    if cursor is None:
        return hits[:size], _after(hits[:size]) if len(hits) > size else None, None
    backwards, (at, entry) = _read(cursor)
    place = (-at, -entry)
    if backwards:
        earlier = [hit for hit in hits if (-hit.score, -hit.entry) < place]
        page = earlier[-size:]
        before, after = len(earlier) > size, True
    else:
        later = [hit for hit in hits if (-hit.score, -hit.entry) > place]
        page = later[:size]
        before, after = True, len(later) > size
    if not page:
        raise _page_is_gone()
    return page, _after(page) if after else None, _before(page) if before else None


def _page_is_gone() -> InvalidCursor:
    return InvalidCursor(_("This page of the list is gone. Start again from its first page."))


def weighed(asked: Asked, vocabulary: Vocabulary) -> Weighed:
    """Return what is asked for as `scoring` takes it."""
    ways = [
        f" {' '.join(phrase.words)}{'' if phrase.is_beginning else ' '}" for phrase in asked.any_of
    ]
    return Weighed(tuple(ways), rarity(vocabulary.of(asked), vocabulary.entries))


def _likely(query: Query, vocabulary: Vocabulary) -> Query | None:
    """Return the query with known words for those that no entry has, or None."""
    unknown = [asked for asked in query.wanted if not vocabulary.of(asked)]
    likely = {asked: near for asked in unknown[:4] if (near := vocabulary.corrected(asked))}
    if not likely:
        return None
    return replace(query, wanted=tuple(likely.get(asked, asked) for asked in query.wanted))


def _facets(search: _Search, filed: list[tuple[Any, ...]]) -> dict[str, Counter[Any]]:
    """Count the hits by facet; of one that narrows, as if it did not, so others can be chosen."""
    counted = {name: Counter(_values(name, filed)) for name in FACETS}
    for name in search.chosen:
        counted[name] = Counter(_values(name, search.without(name).newest(_FILED, MOST_RANKED)))
    return counted


def _values(facet: str, filed: list[tuple[Any, ...]]) -> Iterator[Any]:
    place = FACETS.index(facet) + 2
    for row in filed:
        value = row[place]
        if facet == "topic":
            # Both databases hand out JSON as they store it.
            yield from (int(key) for key in value.strip("[]").split(",") if key)
        elif value is not None:
            yield value


def _after(hits: list[Hit]) -> str:
    return write_cursor("after", hits[-1].score, hits[-1].entry)


def _before(hits: list[Hit]) -> str:
    return write_cursor("before", hits[0].score, hits[0].entry)


def _read(cursor: str) -> tuple[bool, tuple[float, int]]:
    return read_cursor(cursor, float)
