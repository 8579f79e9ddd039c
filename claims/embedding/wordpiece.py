"""BERT’s reading of a text: words cut into the pieces that its vocabulary has.

Schuster and Nakajima, “Japanese and Korean Voice Search” (2012); uncased, as the model was taught.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

UNKNOWN, START, END = 100, 101, 102
LONGEST_WORD = 100
"""Code points of a word that is looked up; a longer one is unknown."""
_IDEOGRAPHS = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF), (0x2F800, 0x2FA1F),
)  # fmt: skip


@cache
def vocabulary() -> dict[str, int]:
    """Return the pieces with their numbers. Those that go on a word begin with “##”."""
    text = Path(__file__).with_name("vocabulary.txt").read_text(encoding="utf-8")
    return {piece: number for number, piece in enumerate(text.removesuffix("\n").split("\n"))}


def numbers_of(text: str, most: int) -> list[int]:
    """Return the numbers of a text’s pieces between those of its start and its end, `most` in all.

    What is beyond is cut off.
    """
    numbers = [START]
    for word in _words(text):
        if len(numbers) >= most:
            break
        numbers += _pieces(word)
    return [*numbers[: most - 1], END]


def _words(text: str) -> Iterator[str]:
    spaced = "".join(map(_spaced, text)).lower()
    folded = unicodedata.normalize("NFD", spaced)
    kept = "".join(sign for sign in folded if unicodedata.category(sign) != "Mn")
    return iter("".join(f" {sign} " if _is_mark(sign) else sign for sign in kept).split())


@cache
def _spaced(sign: str) -> str:
    """Return a sign as it is, between spaces where it is a word, and nothing for what is unseen."""
    if sign in "\t\n\r":
        return " "
    kind = unicodedata.category(sign)
    if kind == "Zs":
        return " "
    if kind.startswith("C") or sign == "\ufffd":
        return ""
    code = ord(sign)
    is_ideograph = any(first <= code <= last for first, last in _IDEOGRAPHS)
    return f" {sign} " if is_ideograph else sign


@cache
def _is_mark(sign: str) -> bool:
    """Tell whether a sign is punctuation, among which the model counts every mark of ASCII."""
    is_ascii_mark = "!" <= sign <= "~" and not sign.isalnum()
    return is_ascii_mark or unicodedata.category(sign).startswith("P")


def _pieces(word: str) -> list[int]:
    """Return the numbers of the longest pieces from left to right, or that of an unknown word."""
    if len(word) > LONGEST_WORD:
        return [UNKNOWN]
    known, numbers, start = vocabulary(), [], 0
    while start < len(word):
        beginning = "##" if start else ""
        for end in range(len(word), start, -1):
            number = known.get(beginning + word[start:end])
            if number is not None:
                break
        else:
            return [UNKNOWN]
        numbers.append(number)
        start = end
    return numbers
