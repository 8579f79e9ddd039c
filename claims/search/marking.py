"""Which words of a claim answer a query: its sentence, its finding and a snippet, in pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .query import Asked, Phrase, Query
from .words import Word, placed_words

SNIPPET = 220
"""Code points of a snippet, about two lines."""
BEFORE = 60
"""Code points of a snippet before its first marked words."""
MOST_READ = 50_000
"""Code points of a text in which words are looked for."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, marked or not."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True)
class Shown:
    """What a list shows of a hit: its sentence and finding with the words marked, and where else
    the words stand when they stand in neither.
    """

    text: list[Piece]
    finding: list[Piece]
    snippet: list[Piece]


def hit_of(claim: Any, query: Query) -> Shown:
    """Return what to show of a claim that was loaded `.for_list()`."""
    review = claim.current_review if claim.status == "published" else None
    text = pieces(claim.text, claim.language, query.wanted)
    finding = pieces(review.finding, claim.language, query.wanted) if review else []
    is_shown = any(piece.is_marked for piece in (*text, *finding))
    others = [appearance.exact for appearance in claim.appearances.all()]
    if review:
        others.append(review.rationale)
    snippet: list[Piece] = []
    for other in [] if is_shown else others:
        if snippet := snippet_of(other, claim.language, query.wanted):
            break
    return Shown(text, finding, snippet)


def pieces(text: str, language: str, wanted: Sequence[Asked]) -> list[Piece]:
    """Return a text in pieces, of which those that answer what is wanted are marked."""
    found, place = [], 0
    for start, end in marked_places(text, language, wanted):
        if start > place:
            found.append(Piece(text[place:start]))
        found.append(Piece(text[start:end], is_marked=True))
        place = end
    if place < len(text):
        found.append(Piece(text[place:]))
    return found


def snippet_of(text: str, language: str, wanted: Sequence[Asked]) -> list[Piece]:
    """Return the stretch of a text around the first words that answer, or nothing."""
    places = marked_places(text, language, wanted)
    if not places:
        return []
    start = max(0, places[0][0] - BEFORE)
    if start:
        start = max(start, text.find(" ", start, places[0][0]) + 1)
    end = min(len(text), start + SNIPPET)
    if end < len(text) and (space := text.rfind(" ", places[0][1], end)) > 0:
        end = space
    shown = pieces(text[start:end], language, wanted)
    return [
        *([Piece("… ")] if start else []),
        *shown,
        *([Piece(" …")] if end < len(text) else []),
    ]


def marked_places(text: str, language: str, wanted: Sequence[Asked]) -> list[tuple[int, int]]:
    """Return where the words that answer stand, in code points, in order, none in another."""
    words = list(placed_words(text[:MOST_READ], language))
    phrases = [phrase for asked in wanted for phrase in asked.any_of]
    found = sorted(place for phrase in phrases for place in _places(phrase, words))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _places(phrase: Phrase, words: list[Word]) -> Iterator[tuple[int, int]]:
    length = len(phrase.words)
    for number in range(len(words) - length + 1):
        run = words[number : number + length]
        if all(map(_is, run, phrase.words)) or (
            phrase.is_beginning
            and all(map(_is, run[:-1], phrase.words[:-1]))
            and run[-1].stem.startswith(phrase.words[-1])
        ):
            yield run[0].start, run[-1].end


def _is(word: Word, stem: str) -> bool:
    return word.stem == stem
