"""Finding a passage in a text, by its exact words and its position.

Positions are Unicode code points, 0-based, end excluded, as in the W3C Web Annotation model
(TextPositionSelector); context is that of a TextQuoteSelector.
"""

import heapq
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import Enum

from django.utils.translation import gettext as _

from sources.languages import WORDS

CONTEXT_LENGTH = 32
"""Code points of context kept on either side of a passage, as Hypothesis does."""


class AnchoringError(ValueError):
    """The passage cannot be placed. `field` names what to mend: "exact" or "start"."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Passage:
    """A stretch of a text: its words, where they stand, and the words around them."""

    exact: str
    start: int
    end: int
    prefix: str
    suffix: str


def anchor(text: str, exact: str, start: int | None = None) -> Passage:
    """Return the passage of `text` whose words are `exact`.

    `start` is needed only where the words occur more than once.
    Raises AnchoringError when they do not occur, not at `start`, or more than once without it.
    """
    if start is None:
        start = _only_occurrence(text, exact)
    elif text[start : start + len(exact)] != exact:
        raise AnchoringError(
            _(
                "The exact words do not stand at position %(start)d. Leave the start empty to have "
                "them found."
            )
            % {"start": start},
            "start",
        )
    end = start + len(exact)
    return Passage(
        exact=exact,
        start=start,
        end=end,
        prefix=text[max(0, start - CONTEXT_LENGTH) : start],
        suffix=text[end : end + CONTEXT_LENGTH],
    )


ALIKE = {"'": "['‘’‚‛]", '"': '["“”„‟]', "-": "[-‐‑‒–—]"}
"""Quotation marks and dashes that people type for each other."""
MOST_FOUND = 50


def find_alike(text: str, words: str, *, matches_case: bool = False) -> list[Passage]:
    """Return where words stand in a text, whatever their case, white space, quotes and dashes.

    The passages hold the words of the text, not those that were asked for; at most 50. With
    `matches_case`, capitals count.
    """
    for mark, kinds in ALIKE.items():
        words = re.sub(kinds, mark, words)
    pattern = r"\s+".join(
        "".join(ALIKE.get(letter, re.escape(letter)) for letter in word) for word in words.split()
    )
    if not pattern:
        return []
    flags = re.NOFLAG if matches_case else re.IGNORECASE
    found = itertools.islice(re.finditer(pattern, text, flags), MOST_FOUND)
    return [anchor(text, match.group(), match.start()) for match in found]


LEAST_ALIKE = 0.6
"""The share of words in common under which two passages say different things."""
MOST_PUT_IN = 5
"""Words that may have been put in at one place."""
MOST_TRIED = 50
"""Stretches that share most words with a passage, in any order, and are compared in order."""
MOST_COMPARED = 500
"""Words of a passage that is looked for by likeness; a longer one is compared by its beginning."""


def find_nearest(text: str, words: str) -> Passage | None:
    """Return the passage of a text that is most like `words`, in words and their order.

    To be shown with its difference, never taken for the words themselves: a text that was altered
    says something else. None where less than six of ten words are shared. Takes time in proportion
    to the text: the stretches as long as `words` that share most of them are found first, and only
    those are compared in order.
    """
    wanted = [word.casefold() for word in WORDS.findall(words)][:MOST_COMPARED]
    matches = list(WORDS.finditer(text))
    if not wanted or not matches:
        return None
    known = [match.group().casefold() for match in matches]
    first, blocks = max(
        ((start, _shared_words(known, start, wanted)) for start in _richest(known, wanted)),
        key=lambda found: sum(block.size for block in found[1]),
    )
    if not blocks:
        return None
    # Words that were altered at either end stand before and after what the two share.
    begin = max(0, first + blocks[0].a - blocks[0].b)
    last = blocks[-1]
    end = min(len(known), first + last.a + len(wanted) - last.b)
    shared = sum(block.size for block in blocks)
    if 2 * shared / (end - begin + len(wanted)) < LEAST_ALIKE:
        return None
    start = matches[begin].start()
    return anchor(text, text[start : matches[end - 1].end()], start)


def _one_stretch(matcher: SequenceMatcher[str]) -> list[Match]:
    """Return what two lists of words share, without words that stand apart from the rest by chance.

    From the longest stretch outwards, as long as not many more words lie between in the one list
    than in the other.
    """
    blocks = matcher.get_matching_blocks()[:-1]
    if not blocks:
        return []
    longest = max(range(len(blocks)), key=lambda place: blocks[place].size)
    first = last = longest
    while first > 0 and _is_near(blocks[first - 1], blocks[first]):
        first -= 1
    while last + 1 < len(blocks) and _is_near(blocks[last], blocks[last + 1]):
        last += 1
    return blocks[first : last + 1]


def _is_near(one: Match, following: Match) -> bool:
    apart = following.a - one.a - one.size
    return apart <= following.b - one.b - one.size + MOST_PUT_IN


def _richest(known: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return where the stretches as long as `wanted` begin that share most words with it.

    In whatever order the words stand there: a heading before a passage may share as many.
    """
    missing = Counter(wanted)
    shared = 0
    richest = []
    for place, word in enumerate(known):
        if word in missing:
            shared += missing[word] > 0
            missing[word] -= 1
        if place >= len(wanted) and (gone := known[place - len(wanted)]) in missing:
            missing[gone] += 1
            shared -= missing[gone] > 0
        richest.append((-shared, max(0, place - len(wanted) + 1)))
    return [start for _shared, start in heapq.nsmallest(MOST_TRIED, richest)]


def _shared_words(known: Sequence[str], start: int, wanted: Sequence[str]) -> list[Match]:
    """Return what the words from `start` on share with `wanted` in the same order."""
    stretch = known[start : start + len(wanted) + MOST_PUT_IN]
    return _one_stretch(SequenceMatcher(a=stretch, b=wanted, autojunk=False))


class Standing(Enum):
    """How a passage stands in another text than the one that it was taken from."""

    SAME = "same"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"


def find_again(
    text: str, exact: str, *, start: int | None = None, prefix: str = "", suffix: str = ""
) -> tuple[Standing, Passage | None]:
    """Return how a passage stands in a later text, and where.

    At the same place; moved, with the same words, where white space, quotation marks and dashes may
    differ; altered, with the passage that is most like it; or gone. Of words that stand there more
    than once, those are taken whose surroundings are most like `prefix` and `suffix`, then those
    nearest to where they stood.
    """
    if start is not None and text[start : start + len(exact)] == exact:
        return Standing.SAME, anchor(text, exact, start)
    places = itertools.islice(re.finditer(re.escape(exact), text), MOST_FOUND) if exact else ()
    found = [anchor(text, exact, place.start()) for place in places]
    found = found or find_alike(text, exact, matches_case=True)
    if found:
        return Standing.MOVED, max(
            found,
            key=lambda place: (
                _shared(place.prefix[::-1], prefix[::-1]) + _shared(place.suffix, suffix),
                -abs(place.start - (start or 0)),
            ),
        )
    nearest = find_nearest(text, exact)
    return (Standing.ALTERED, nearest) if nearest else (Standing.GONE, None)


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts share from their beginning."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _same in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _only_occurrence(text: str, exact: str) -> int:
    first = text.find(exact) if exact else -1
    if first < 0:
        raise AnchoringError(
            _(
                "These words do not occur in the snapshot. Copy them from it, character for "
                "character."
            ),
            "exact",
        )
    places = [first]
    while (following := text.find(exact, places[-1] + 1)) >= 0:
        places.append(following)
    if len(places) > 1:
        raise AnchoringError(
            _(
                "These words occur more than once, at positions %(places)s. Write the one you mean "
                "as the start."
            )
            % {"places": ", ".join(map(str, places))},
            "start",
        )
    return first
