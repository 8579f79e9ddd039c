"""How many claims readers see of each status, rating, speaker, topic, language and year.

`index` counts the marks of public entries as it counts words, so a count of a million is one row.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..models import Claim, SearchWord
from .index import mark
from .vocabulary import fresh_changes

MOST_COUNTED = 50
"""So many values of each facet are told, those with the most claims."""
_STATUSES = {mark("status", status): status.value for status in Claim.Status}
_VALUE_OF: Mapping[str, Callable[[str], Any]] = {
    "status": lambda word: _STATUSES[word],
    "rating": lambda word: int(word.removeprefix(mark("rating", ""))),
    "speaker": lambda word: int(word.removeprefix(mark("speaker", ""))),
    "topic": lambda word: int(word.removeprefix(mark("topic", ""))),
    "language": lambda word: word.removeprefix(mark("language", "")),
    "year": lambda word: int(word.removeprefix(mark("year", ""))),
}


def counted(*facets: str) -> dict[str, Counter[Any]]:
    """Return of each facet how many public claims have which value, exactly.

    Two queries and one for each facet, whatever the number of claims.
    """
    beginnings = tuple(mark(facet, "") for facet in facets)
    fresh = {word: count for word, count in fresh_changes().items() if word.startswith(beginnings)}
    # Asked even when nothing is fresh, so that a page takes the same queries at any time.
    named = SearchWord.objects.filter(pk__in={SearchWord.ENTRIES, *fresh})
    changed = dict(named.values_list("word", "entries"))
    return {
        facet: Counter(
            {
                _VALUE_OF[facet](word): count
                for word, count in _commonest(facet, changed, fresh).items()
                if count > 0
            }
        )
        for facet in facets
    }


def counts_of(facet: str, values: Iterable[Any]) -> Counter[Any]:
    """Return how many public claims have each of these values of a facet, exactly. Two queries."""
    marks = {mark(facet, value): value for value in values}
    rows = SearchWord.objects.filter(pk__in=marks)
    counts = Counter(dict(rows.values_list("word", "entries")))
    counts.update({word: count for word, count in fresh_changes().items() if word in marks})
    return Counter({value: max(0, counts[word]) for word, value in marks.items()})


def _commonest(
    facet: str, changed: Mapping[str, int], fresh: Mapping[str, int]
) -> Mapping[str, int]:
    beginning = mark(facet, "")
    rows = SearchWord.objects.filter(beginning=beginning[:3]).order_by("-entries", "word")
    counts = Counter(dict(rows.values_list("word", "entries")[:MOST_COUNTED]))
    for word, count in fresh.items():
        if word.startswith(beginning):
            counts[word] = changed.get(word, 0) + count
    return counts
