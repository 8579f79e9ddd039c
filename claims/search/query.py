"""What somebody asks for: words, "phrases", begin*nings and -exclusions."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .stop_words import STOP_WORDS
from .words import asked_words, is_one_sign

LONGEST_QUERY = 1000
"""Code points. Longer texts are for `claims.matching`."""
MOST_ASKED = 32
"""Words and phrases of one query that are looked for."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_CHUNKS = re.compile(r'(?<!\S)-?"[^"]*"?|[^\s"]+')
_SHORTEST_BEGINNING = 4
_LONGEST_ENDING = 3


@dataclass(frozen=True)
class Phrase:
    """Words that stand one after the other; of the last, only its beginning if so said."""

    words: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True)
class Asked:
    """One thing asked for: any of these, which are the same in different languages."""

    any_of: tuple[Phrase, ...]
    said: str
    is_quoted: bool = False


@dataclass(frozen=True)
class Query:
    """All of `wanted` and none of `unwanted`."""

    wanted: tuple[Asked, ...]
    unwanted: tuple[Asked, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.wanted


NOTHING_ASKED = Query(())
"""For a list that is narrowed by what claims are filed under alone."""


def parse(text: str, *, is_typing: bool = False) -> Query:
    """Return what a text asks for. Words that say nothing, such as “the”, are left out when others
    remain, unless they are quoted. Of a text that is being typed the last word is a beginning.

    Whatever does not hold a letter or a digit asks for nothing. Raises ValidationError for a text
    that is too long, with the limit.
    """
    if len(text) > LONGEST_QUERY:
        raise ValidationError(
            _("Search for at most %(most)d characters; this has %(has)d."),
            code="query_too_long",
            params={"most": LONGEST_QUERY, "has": len(text)},
        )
    if is_typing and text[-1:].isalnum():
        text += "*"
    wanted: list[Asked] = []
    unwanted: list[Asked] = []
    for chunk in _CHUNKS.findall(text.translate(_QUOTES)):
        is_unwanted = len(chunk) > 1 and chunk.startswith("-")
        asked = _asked(chunk.removeprefix("-") if is_unwanted else chunk)
        if asked is not None:
            (unwanted if is_unwanted else wanted).append(asked)
    if len(wanted) + len(unwanted) > MOST_ASKED:
        raise ValidationError(
            _("Search for at most %(most)d words; this has %(has)d."),
            code="query_too_long",
            params={"most": MOST_ASKED, "has": len(wanted) + len(unwanted)},
        )
    telling = [asked for asked in wanted if asked.is_quoted or not _is_stop_word(asked)]
    return Query(tuple(dict.fromkeys(telling or wanted)), tuple(dict.fromkeys(unwanted)))


def _asked(chunk: str) -> Asked | None:
    is_quoted = chunk.startswith('"')
    is_beginning = not is_quoted and chunk.endswith("*")
    phrases: dict[Phrase, None] = {}
    for words in asked_words(chunk):
        if not words:
            return None
        phrases[Phrase(words, is_beginning or is_one_sign(words[-1]))] = None
    if is_beginning:
        phrases |= dict.fromkeys(_shortened(next(iter(phrases)).words))
    return Asked(tuple(phrases), chunk.strip('"'), is_quoted)


def _shortened(words: tuple[str, ...]) -> list[Phrase]:
    """Return the stems that a beginning reaches beyond: “vaccina*” is for “vaccin” too."""
    last = words[-1]
    shortest = max(_SHORTEST_BEGINNING, len(last) - _LONGEST_ENDING)
    return [Phrase((*words[:-1], last[:end])) for end in range(shortest, len(last))]


def _is_stop_word(asked: Asked) -> bool:
    first = asked.any_of[0]
    return not first.is_beginning and all(word in STOP_WORDS for word in first.words)
