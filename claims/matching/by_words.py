"""The claims that share the words of a text which are rare among claims.

An index of a million claims is not read for every word that a text holds. The rarest words are
looked for alone, until together they stand in `MOST_ENTRIES`; of the next ones, pairs.
"""

import heapq
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from ..models import ClaimEntry
from ..search import postgresql, sqlite
from ..search.query import Asked, Phrase
from ..search.scoring import rarity, score_text
from ..search.stop_words import STOP_WORDS
from ..search.vocabulary import Vocabulary
from ..search.words import ways_of

MOST_WORDS = 64
"""Words of a text that are compared, the rarest."""
MOST_ENTRIES = 2000
"""So many entries are read for the words that are looked for alone, and so many for pairs."""
MOST_PAIRED = 8
MOST_SCORED = 300


@dataclass(frozen=True)
class Telling:
    """A word of the text, each way in which it may be indexed, and how many entries have it."""

    said: str
    ways: tuple[str, ...]
    entries: int

    @property
    def asked(self) -> Asked:
        return Asked(tuple(Phrase((way,)) for way in self.ways), self.said)


@dataclass(frozen=True)
class Alike:
    """An entry that shares words with the text."""

    entry: int
    claim: int
    score: float
    """In words that only one claim has: each that is shared adds about a half."""
    words: tuple[str, ...]
    """What of the text it shares, as the text has it, the rarest first."""
    share: float
    """Of the weight of all its words, how much is shared."""


def alike(text: str, most: int, *, is_public: bool) -> list[Alike]:
    """Return the claims that share most with a text, best first. Four queries."""
    read = dict(ways_of(text))
    vocabulary = Vocabulary(way for ways in read.values() for way in ways)
    telling = _telling(read, vocabulary, is_public=is_public)
    asked = {way: place for place, word in enumerate(telling) for way in word.ways}
    weights = [rarity(word.entries, vocabulary.entries) for word in telling]
    averages = vocabulary.averages
    heads = _heads(telling, vocabulary, is_public=is_public)
    kept = ClaimEntry.objects.filter(pk__in=_most_in_common(heads, asked, weights)).order_by("pk")
    found = []
    for entry, claim, head, body in kept.values_list("pk", "claim_id", "head", "body"):
        shared = score_text(head, body, asked, weights, averages)
        found.append((shared.score, -entry, claim, shared.words))
    best = heapq.nlargest(most, found, key=lambda hit: hit[:2])
    unit, whole = rarity(1, vocabulary.entries), sum(weights)
    return [
        Alike(
            entry=-entry,
            claim=claim,
            score=round(score / unit, 4),
            words=tuple(telling[place].said for place in sorted(words)),
            share=round(sum(weights[place] for place in sorted(words)) / whole, 4),
        )
        for score, entry, claim, words in best
    ]


def _most_in_common(
    heads: list[tuple[int, str]], asked: Mapping[str, int], weights: Sequence[float]
) -> list[int]:
    """Return the entries whose first words are most of the text’s, the rare ones counting for more.

    Rationales are long, so they are read only of these.
    """
    # Whole numbers, whose sum does not depend on the order.
    counts = {word: round(weights[place] * 1e6) for word, place in asked.items()}
    words, count = counts.keys(), counts.__getitem__
    common = [(sum(map(count, words & head.split())), -entry) for entry, head in heads]
    return [-entry for _count, entry in heapq.nlargest(MOST_SCORED, common)]


def _telling(
    read: dict[str, tuple[str, ...]], vocabulary: Vocabulary, *, is_public: bool
) -> list[Telling]:
    """Return the words that tell what a text is about, the rarest first, each once.

    Of the words of claims that readers do not see nobody counts how rare they are.
    """
    merged: dict[str, list[str]] = {}
    owner: dict[str, str] = {}
    telling = {said: ways for said, ways in read.items() if ways[0] not in STOP_WORDS}
    for said, ways in (telling or read).items():
        known = [way for way in ways if vocabulary[way]] if is_public else ways
        same = next((owner[way] for way in known if way in owner), said)
        for way in known:
            if owner.setdefault(way, same) == same:
                merged.setdefault(same, []).append(way)
    words = []
    for said, known in merged.items():
        ways = tuple(dict.fromkeys(known))
        entries = min(vocabulary.entries, sum(vocabulary[way] for way in ways))
        words.append(Telling(said, ways, entries))
    return sorted(words, key=lambda word: (word.entries, word.ways))[:MOST_WORDS]


def _groups(telling: Sequence[Telling], entries: int) -> Iterator[tuple[Telling, ...]]:
    """Yield the words and the pairs of words of which an entry must have one to be read."""
    read, alone = 0, 0
    for word in telling:
        read += word.entries
        if alone and read > MOST_ENTRIES:
            break
        alone += 1
        yield (word,)
    pairs = itertools.combinations(telling[alone : alone + MOST_PAIRED], 2)
    expected = 0.0
    for one, other in sorted(pairs, key=lambda pair: pair[0].entries * pair[1].entries):
        expected += one.entries * other.entries / entries
        if expected > MOST_ENTRIES:
            break
        yield one, other


def _heads(
    telling: Sequence[Telling], vocabulary: Vocabulary, *, is_public: bool
) -> list[tuple[int, str]]:
    """Return the first words of the entries that may be alike, by their numbers."""
    groups = [[word.asked for word in group] for group in _groups(telling, vocabulary.entries)]
    if not groups:
        return []
    engine = sqlite if connection.vendor == "sqlite" else postgresql
    sql = engine.NEWEST.format(
        table=ClaimEntry._meta.db_table,
        columns="e.id, e.head",
        narrowed=" AND e.is_public" if is_public else "",
        direction="DESC",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [engine.any_of(groups), 2 * MOST_ENTRIES])
        rows: list[tuple[int, str]] = cursor.fetchall()
    return rows
