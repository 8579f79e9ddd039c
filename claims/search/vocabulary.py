"""How common words are, and which known words a mistyped one may stand for."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db.models import Q

from ..models import SearchChange, SearchWord
from .query import Asked, Phrase
from .scoring import Averages

MOST_CHANGES = 200
"""So many edits are counted in that `index.add_up` has not added up yet; a worker does it."""
MOST_LIKE_IT = 3
SHORTEST_MISTYPED = 4
SHORTEST_STEM, LONGEST_ENDING = 5, 4
"""A mistyped ending keeps a word from its stem: “inflatoin” is for “inflat”."""
TWO_MISTAKES_FROM = 8
"""Letters from which a word may hold two mistakes; a shorter one may hold one."""


class Vocabulary:
    """In how many public entries some words stand, and how many entries there are. Two queries."""

    def __init__(self, words: Iterable[str]) -> None:
        named = {*words, SearchWord.ENTRIES, SearchWord.HEAD_WORDS, SearchWord.BODY_WORDS}
        rows = SearchWord.objects.filter(pk__in=named).values_list("word", "entries")
        self._entries = Counter(dict(rows))
        self._fresh = fresh_changes()
        for word in named & self._fresh.keys():
            self._entries[word] += self._fresh[word]

    def __getitem__(self, word: str) -> int:
        return max(0, self._entries[word])

    @property
    def entries(self) -> int:
        """How many public entries there are, at least 1."""
        return max(1, self._entries[SearchWord.ENTRIES])

    @property
    def averages(self) -> Averages:
        """The mean length of an entry’s fields, in words, at least 1."""
        head, body = self._entries[SearchWord.HEAD_WORDS], self._entries[SearchWord.BODY_WORDS]
        return Averages(max(1.0, head / self.entries), max(1.0, body / self.entries))

    def of(self, asked: Asked) -> int:
        """Return at most how many entries have one of the phrases; a beginning has a hundredth."""
        found = 0
        for phrase in asked.any_of:
            if phrase.is_beginning:
                found += self.entries // 100 + 1
            else:
                found += min(self[word] for word in phrase.words)
        return min(found, self.entries)

    def corrected(self, asked: Asked) -> Asked | None:
        """Return the known words that differ least from a single unknown one, or None.

        They differ by a slip, or by two in a long word, which may lie anywhere but in both its
        first and its last three letters. Of many the commonest. One query.
        """
        word = asked.any_of[0].words[0]
        is_single = all(len(phrase.words) == 1 for phrase in asked.any_of)
        if asked.is_quoted or not is_single or len(word) < SHORTEST_MISTYPED or not word.isalpha():
            return None
        most = 2 if len(word) >= TWO_MISTAKES_FROM else 1
        typed = {phrase.words[0] for phrase in asked.any_of}
        near = []
        for known, entries in self._alike(typed):
            slips = min(_slips(word, known, most) for word in typed)
            if slips <= most:
                near.append((slips, -entries, known))
        if not near:
            return None
        fewest = min(near)[0]
        words = [known for slips, _entries, known in sorted(near) if slips == fewest]
        return Asked(tuple(Phrase((known,)) for known in words[:MOST_LIKE_IT]), asked.said)

    def _alike(self, typed: set[str]) -> Iterator[tuple[str, int]]:
        """Yield the words that begin or end like one of those typed, with their entries."""
        beginnings, endings = {word[:3] for word in typed}, {word[-3:] for word in typed}
        rows = SearchWord.objects.filter(Q(beginning__in=beginnings) | Q(ending__in=endings))
        counts = Counter(dict(rows.values_list("word", "entries")))
        for word, count in self._fresh.items():
            if word[:3] in beginnings or word[-3:] in endings:
                counts[word] += count
        return ((word, count) for word, count in counts.items() if count > 0)


def fresh_changes() -> Counter[str]:
    """Return how edits changed the counts of words since they were added up. One query."""
    fresh: Counter[str] = Counter()
    changes = SearchChange.objects.order_by("pk").values_list("counts", flat=True)
    for counts in changes[:MOST_CHANGES]:
        fresh.update(counts)
    return fresh


def words_in(asked: Iterable[Asked]) -> set[str]:
    """Return every word of what is asked for."""
    return {word for each in asked for phrase in each.any_of for word in phrase.words}


def _slips(typed: str, stem: str, most: int) -> int:
    """Return how many slips a typed word is from a stem; an ending that hides it counts as one."""
    found = mistakes(typed, stem, most)
    if len(stem) < SHORTEST_STEM:
        return found
    endings = range(1, LONGEST_ENDING + 1)
    return min(found, *(1 + mistakes(typed[:-cut], stem, most - 1) for cut in endings))


def mistakes(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, added or swapped between two words.

    That is the optimal string alignment distance (Damerau, 1964); more than `most` is `most` + 1.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != against))
            if before and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)
