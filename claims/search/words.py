"""Words as the index has them: one reading of a text, for both databases and for queries.

A word is folded (NFKC, case, accents), then reduced to its stem in the language of the text
(Snowball). Scripts that set no spaces, and Hangul, whose particles cling to their words, are read
as overlapping pairs of signs. Each word is letters and digits only, so neither database reads
anything else out of it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

LONGEST_WORD = 40
"""Code points of a word that count; what two words share up to here is the same."""
BREAK = "§"
"""Stands between two texts that no phrase may bridge. No text can say it: it is no letter."""
STEMMED = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
"""Snowball’s stemmers by language tag. A text in another language keeps its words whole."""
ASKED = ("en", "es", "fr", "de", "pt", "it", "nl", "ru", "ar", "hi")
"""Nobody says in which language they ask: the stems of these are looked for together."""

_SPACELESS = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3130-\u318f"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    r"\U00020000-\U0003ffff"
)
# Signs that belong to the letter before them, and what is not seen at all.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    r"\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
)
# Letters of Indian scripts with the vowel signs that Python’s \w leaves out, without dandas.
_INDIC = (
    r"\u0900-\u0963\u0971-\u09e5\u09f0-\u0a65\u0a70-\u0ae5\u0af0-\u0b65\u0b70-\u0be5\u0bf0-\u0c65"
    r"\u0c70-\u0ce5\u0cf0-\u0d65\u0d70-\u0de5\u0df0-\u0dff"
)
_RUNS = re.compile(
    r"(?P<number>(?<![^\W_])\d[\d" + _MARKS + r"]*(?:[.,٫٬’'\u00a0\u202f]\d+)*)"
    rf"|(?P<spaceless>[{_SPACELESS}][{_SPACELESS}{_MARKS}]*)"
    rf"|(?P<word>(?:[^\W\d_{_SPACELESS}]|[{_INDIC}])(?:[^\W\d_{_SPACELESS}]|[{_INDIC}{_MARKS}])*)"
    r"|(?P<digits>\d+)"
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:([.,٬’'\u00a0\u202f])\d{3})(?:\1\d{3})*")
_NOT_A_SIGN = re.compile(rf"[^\w{_INDIC}{_SPACELESS}]|_")
_STRIPPED = re.compile(f"[{_MARKS}]")
_INVISIBLE = re.compile(r"[\u00ad\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the index, and where it stands in the text, in code points, end excluded."""

    stem: str
    start: int
    end: int


def words_of(text: str, language: str) -> list[str]:
    """Return the words of a text in its language (a tag such as “en” or “pt-BR”), in order."""
    return [word.stem for word in placed_words(text, language)]


def placed_words(text: str, language: str) -> Iterator[Word]:
    """Yield the words of a text with their places, in order."""
    stemmer = STEMMED.get(language.lower().partition("-")[0], "")
    for run in _RUNS.finditer(text):
        kind = run.lastgroup
        if kind == "spaceless":
            yield from _pairs(run.group(), run.start())
        elif kind == "word":
            if stem := stem_of(run.group(), stemmer):
                yield Word(stem, run.start(), run.end())
        elif number := _number(run.group()):
            yield Word(number, run.start(), run.end())


def asked_words(text: str) -> list[tuple[str, ...]]:
    """Return each reading of what somebody asks for: its words, by the languages of `ASKED`.

    The first is the text unstemmed; the last sign of a run without spaces is no word by itself.
    """
    readings: dict[tuple[str, ...], None] = {}
    for language in ("", *ASKED):
        readings.setdefault(tuple(_asked(text, language)))
    return list(readings)


def _asked(text: str, language: str) -> Iterator[str]:
    stemmer = STEMMED.get(language, "")
    for run in _RUNS.finditer(text):
        kind = run.lastgroup
        if kind == "spaceless":
            stems = [pair.stem for pair in _pairs(run.group(), 0)]
            yield from stems[:-1] or stems
        elif kind == "word":
            if stem := stem_of(run.group(), stemmer):
                yield stem
        elif number := _number(run.group()):
            yield number


def ways_of(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each word of a text of which nobody says the language, and how it may be indexed.

    That is unstemmed first, then by its stems in the languages of `ASKED`.
    """
    for run in _RUNS.finditer(text):
        if run.lastgroup == "word":
            word = run.group()
            ways = dict.fromkeys([stem_of(word, "")])
            for language in ASKED:
                ways[stem_of(word, _fitting(word.casefold(), STEMMED[language]))] = None
            if "" not in ways:
                yield word, tuple(ways)
        else:
            yield from ((run.group(), (word,)) for word in _asked(run.group(), ""))


def is_one_sign(word: str) -> bool:
    """Tell whether a word is a single sign of a script without spaces, which begins pairs."""
    return len(word) == 1 and re.match(f"[{_SPACELESS}]", word) is not None


def _pairs(run: str, start: int) -> Iterator[Word]:
    """Yield each sign with the next, and the last alone, so that each sign begins a word."""
    signs = [
        (sign, start + offset) for offset, sign in enumerate(run) if not _INVISIBLE.match(sign)
    ]
    for number, (sign, place) in enumerate(signs):
        pair = sign
        end = place + 1
        if number + 1 < len(signs):
            pair += signs[number + 1][0]
            end = signs[number + 1][1] + 1
        folded = _NOT_A_SIGN.sub("", unicodedata.normalize("NFKC", pair).casefold())
        if folded:
            yield Word(folded, place, end)


@lru_cache(maxsize=200_000)
def stem_of(word: str, stemmer: str) -> str:
    """Return a word folded and reduced to its stem by one of Snowball’s stemmers, if given.

    Latin, Greek, Arabic and Hebrew lose their accents first, since people type without them; in
    Cyrillic only ё does, and Indian vowel signs stay: there they make other letters.
    """
    folded = unicodedata.normalize("NFKC", word).casefold()
    if _CYRILLIC.search(folded):
        folded = _INVISIBLE.sub("", folded).replace("ё", "е")
    else:
        folded = unicodedata.normalize("NFD", folded)
        folded = unicodedata.normalize("NFC", _STRIPPED.sub("", folded))
    folded = _NOT_A_SIGN.sub("", folded)
    if not stemmer:
        return folded[:LONGEST_WORD]
    return str(_stemmer(_fitting(folded, stemmer)).stemWord(folded))[:LONGEST_WORD] or folded


def _fitting(word: str, stemmer: str) -> str:
    """Return the stemmer, or English where a word of Latin letters stands in another script’s."""
    others = ("arabic", "armenian", "greek", "hindi", "nepali", "russian", "tamil", "yiddish")
    return "english" if stemmer in others and _LATIN.search(word) else stemmer


@cache
def _stemmer(name: str) -> Any:
    return snowballstemmer.stemmer(name)


def _number(text: str) -> str:
    """Return a number without its thousands separators, with “٫” for a decimal point or comma.

    “1,500” and “1.500” are the same, as are “2.1” and “2,1”; digits of any script are ours.
    """
    digits = "".join(
        str(unicodedata.digit(sign)) if sign.isdecimal() else sign
        for sign in _STRIPPED.sub("", unicodedata.normalize("NFKC", text))
    ).replace(" ", "\u00a0")
    if _THOUSANDS.fullmatch(digits):
        digits = re.sub(r"\D", "", digits)
    return re.sub(r"[^\w]", "٫", digits)[:LONGEST_WORD]
