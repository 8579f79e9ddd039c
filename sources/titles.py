"""Telling whether two titles are much alike."""

import re
import unicodedata
from difflib import SequenceMatcher

ALIKE = 0.85
"""How far two titles must agree, from 0 to 1: a word more in a dozen, or a few letters."""
_WORDS_IN_KEY = 3
_LETTERS_IN_WORD = 12
_ARTICLES = frozenset(
    {"a", "an", "the", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une"}
    | {"el", "los", "las", "il", "lo", "gli"}
)


def words_of(title: str) -> list[str]:
    """Return the words of a title without case, accents, punctuation and leading articles."""
    spread = unicodedata.normalize("NFKD", title.casefold())
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", plain))
    return words[1:] if words[:1] and words[0] in _ARTICLES and len(words) > 1 else words


def title_key(title: str) -> str:
    """Return the first words of a title, by which an index finds those that may be alike.

    Long words are cut: in scripts without spaces a whole title is one word. Empty for a title
    without a letter.
    """
    return " ".join(word[:_LETTERS_IN_WORD] for word in words_of(title)[:_WORDS_IN_KEY])


def are_alike(one: str, other: str) -> bool:
    """Say whether two titles are so alike that they may be of one document.

    Never where their numbers differ: the reports of two years are two documents.
    """
    mine, theirs = words_of(one), words_of(other)
    if [word for word in mine if word.isdigit()] != [word for word in theirs if word.isdigit()]:
        return False
    return SequenceMatcher(None, " ".join(mine), " ".join(theirs), autojunk=False).ratio() >= ALIKE
