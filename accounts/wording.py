"""What was changed between two wordings, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
LONG = 250_000
"""Words of one wording times words of the other, spaces included."""
LEAST_IN_COMMON = 0.4
"""Below it a stretch reads better struck out whole than word by word: it was written anew."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text. `change` is "same", "removed" or "added"."""

    change: str
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """Return the pieces that make `old` into `new`, in reading order.

    The pieces that are not "added" make up `old`; those that are not "removed" make up `new`.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    start = _length_in_common(before, after)
    end = _length_in_common(before[start:][::-1], after[start:][::-1])
    head, tail = before[:start], before[len(before) - end :]
    pieces = _compare(before[start : len(before) - end], after[start : len(after) - end])
    return [*_pieces("same", head), *pieces, *_pieces("same", tail)]


def _compare(before: list[str], after: list[str]) -> Iterator[Piece]:
    # Spaces and small words, which stand everywhere, make a long comparison take seconds.
    is_long = len(before) * len(after) > LONG
    matcher = SequenceMatcher(a=before, b=after, autojunk=is_long)
    if _share_of_words(matcher, before, after) < LEAST_IN_COMMON:
        yield from _pieces("removed", before)
        yield from _pieces("added", after)
        return
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from _pieces("same", before[a:b])
        else:
            yield from _pieces("removed", before[a:b])
            yield from _pieces("added", after[c:d])


def _share_of_words(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> float:
    """Return the share of the words of both wordings that stand in both, in their order."""
    same = [word for a, _, size in matcher.get_matching_blocks() for word in before[a : a + size]]
    return 2 * _count(same) / max(1, _count(before) + _count(after))


def _count(words: list[str]) -> int:
    return sum(word[0].isalnum() for word in words)


def _length_in_common(one: list[str], other: list[str]) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _pieces(change: str, words: list[str]) -> Iterator[Piece]:
    if words:
        yield Piece(change, "".join(words))
