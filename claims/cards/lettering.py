"""Letters of any script that we have a font for: which font, where lines end, how they run."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import fontpkg
from django.conf import settings
from noto_cjk_sans_otc import FONT_PATH as CJK
from PIL import ImageFont

MOST_MISSING = 0.1
"""So large a part of a text may have no glyph: it is left out. Beyond, the text is not written."""
# What ends a line where it stands, spaces aside: an ideograph with the signs that belong to it.
_PIECES = re.compile(
    r"[「『（《〈【]?[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"[、。，．：；？！」』）》〉】…ー]*\s*"
    r"|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+\s*"
)
_FACES_OF_CJK = {"ja": 0, "ko": 1, "zh-hant": 3, "zh-tw": 3, "zh-hk": 4}
_SIMPLIFIED = 2

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class Lettering:
    """A text as it is written: its font, its lines, and whether it runs from right to left."""

    font: Font
    lines: list[str]
    is_rtl: bool

    @property
    def line_height(self) -> int:
        """Return the distance from one line to the next."""
        return round(self.font.size * 1.35)


def set_text(
    text: str, language: str, *, sizes: tuple[int, ...], width: int, most_lines: int, bold: bool
) -> Lettering | None:
    """Return the text in lines, in the first of the sizes in which it fits, else shortened.

    None where no font we have can write it.
    """
    text = " ".join(text.split())
    best = None
    for size in sizes:
        font, known = _font_for(text, language, size, bold)
        if not known:
            return None
        is_rtl = _is_rtl(known)
        lines = list(_lines(known, font, width, is_rtl))
        if best is None or len(lines) <= most_lines or size == sizes[-1]:
            best = Lettering(font, _shortened(lines, most_lines, font, width, is_rtl), is_rtl)
        if len(lines) <= most_lines:
            break
    return best


def options(is_rtl: bool) -> dict[str, Any]:
    """Return what Pillow is told of the direction; within it, it orders each script by itself."""
    return {"direction": "rtl" if is_rtl else "ltr"}


def _font_for(text: str, language: str, size: int, bold: bool) -> tuple[Font, str]:
    """Return the font that can write most of the text, and the text as far as it can."""
    characters = {character for character in text if not character.isspace()}
    best: tuple[int, Font, set[str]] | None = None
    for path, face in _paths(language):
        font = _font(path, face, size, bold)
        has = {each for each in characters if _has_glyph(path, face, each)}
        if best is None or len(has) > best[0]:
            best = (len(has), font, has)
        if len(has) == len(characters):
            break
    assert best  # noqa: S101 (there are fonts)
    _count, font, has = best
    known = "".join(each for each in text if each.isspace() or each in has)
    is_enough = len(known) >= len(text) * (1 - MOST_MISSING)
    return font, " ".join(known.split()) if is_enough else ""


def _paths(language: str) -> Iterator[tuple[str, int]]:
    """Return the files of our fonts, each with the number of the face in it."""
    for family in ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari"):
        yield str(fontpkg.path(family)), 0
    tag = language.lower()
    yield (
        str(CJK),
        next((face for start, face in _FACES_OF_CJK.items() if tag.startswith(start)), _SIMPLIFIED),
    )
    for path in settings.CARD_FONTS:
        yield path, 0


@lru_cache(maxsize=64)
def _font(path: str, face: int, size: int, bold: bool) -> Font:
    font = ImageFont.truetype(path, size, index=face)
    if bold:
        try:
            axes = font.get_variation_axes()
        except OSError:  # it has one weight
            return font
        font.set_variation_by_axes(
            [700 if axis["name"] == b"Weight" else axis["default"] or 0 for axis in axes]
        )
    return font


@lru_cache(maxsize=20_000)
def _has_glyph(path: str, face: int, character: str) -> bool:
    if unicodedata.category(character) == "Cf":  # joiners and marks of direction have none
        return True
    font = _font(path, face, 24, False)
    mask, none = font.getmask(character), font.getmask("\U0010fffe")
    return mask.size != none.size or bytes(mask) != bytes(none)


def _is_rtl(text: str) -> bool:
    """Tell whether the first letter of the text is of a script that runs from right to left."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def _lines(text: str, font: Font, width: int, is_rtl: bool) -> Iterator[str]:
    line = ""
    for piece in _PIECES.findall(text):
        if _fits(line + piece, font, width, is_rtl):
            line += piece
            continue
        if line:
            yield line.rstrip()
        line = piece
        while not _fits(line, font, width, is_rtl):
            cut = _cut(line, font, width, is_rtl)
            yield line[:cut]
            line = line[cut:]
    if line.strip():
        yield line.rstrip()


def _fits(text: str, font: Font, width: int, is_rtl: bool) -> bool:
    return font.getlength(text.rstrip(), **options(is_rtl)) <= width


def _cut(word: str, font: Font, width: int, is_rtl: bool) -> int:
    """Return after how many characters to cut a word that is wider than a line."""
    end = 1
    while _fits(word[: end + 1], font, width, is_rtl):
        end += 1
    while end > 1 and unicodedata.category(word[end]).startswith("M"):  # never before an accent
        end -= 1
    return end


def _shortened(
    lines: list[str], most_lines: int, font: Font, width: int, is_rtl: bool
) -> list[str]:
    if len(lines) <= most_lines:
        return lines
    last = lines[most_lines - 1]
    while last and not _fits(last + "…", font, width, is_rtl):
        last = last[:-1]
    return [*lines[: most_lines - 1], last.rstrip(" ,;:.،、，。") + "…"]
