"""How well an entry answers: BM25F over two fields, in Python, so that both databases agree.

Robertson and Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond” (2009), section
3.4 on fields and 3.1 on the weight of a word.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

K1 = 1.2
"""How fast more of the same word stops counting."""
B = 0.5
"""How much a long entry is held back."""
BODY_WEIGHT = 0.5
"""A word of the rationale counts as this much of one in the claim, its finding or its passages."""


@dataclass(frozen=True)
class Weighed:
    """One thing asked for: the ways in which it may stand in an entry, and how rare it is."""

    ways: tuple[str, ...]
    """Strings to count in an entry’s words: “ tax ”, “ tax rise ”, or “ tax” for a beginning."""
    weight: float


@dataclass(frozen=True)
class Averages:
    """Mean number of words in the fields of an entry."""

    head: float
    body: float


def rarity(entries: int, all_entries: int) -> float:
    """Return the weight of a word that stands in `entries` of `all_entries`, never below 0."""
    return math.log(1 + (all_entries - entries + 0.5) / (entries + 0.5))


def score(head: str, body: str, asked: Sequence[Weighed], averages: Averages) -> float:
    """Return how well an entry’s words answer what is asked; 0 when nothing of it is there."""
    head, body = f" {head} ", f" {body} "
    head_length = B * head.count(" ") / averages.head + 1 - B
    body_length = B * body.count(" ") / averages.body + 1 - B
    total = 0.0
    for each in asked:
        found = 0.0
        for way in each.ways:
            found += head.count(way) / head_length + BODY_WEIGHT * body.count(way) / body_length
        if found:
            total += each.weight * found / (K1 + found)
    return total


@dataclass(frozen=True)
class Shared:
    """How well an entry’s words are those of a whole text, and which of the text’s they are."""

    score: float
    words: frozenset[int]


def score_text(
    head: str, body: str, asked: Mapping[str, int], weights: Sequence[float], averages: Averages
) -> Shared:
    """Return how much an entry shares with a whole text: see docs/decisions/0014-matching.md.

    `asked` names for each word, in each of its stems, its place in `weights`. That a text says a
    word more than once counts for nothing.
    """
    found: dict[int, float] = {}
    for said, average, weight in ((head, averages.head, 1.0), (body, averages.body, BODY_WEIGHT)):
        words = said.split()
        each = weight / (B * len(words) / average + 1 - B)
        # A fixed order, so that sums are the same to the last digit.
        for word in sorted(asked.keys() & words):
            found[asked[word]] = found.get(asked[word], 0.0) + each * words.count(word)
    total = sum(weights[place] * found[place] / (K1 + found[place]) for place in sorted(found))
    return Shared(round(total, 6), frozenset(found))
