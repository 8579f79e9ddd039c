"""Languages and years as claims are filed under them."""

import re

from sources.languages import LANGUAGE_TAG


def language_of(tag: str) -> str:
    """Return the language that a tag names, without script or region. Raises ValueError."""
    if not re.fullmatch(LANGUAGE_TAG, tag):
        raise ValueError(tag)
    return tag.lower().partition("-")[0]


def filed_language(tag: str) -> str:
    """Return the language that a claim is filed under; "" for a tag that is none."""
    try:
        return language_of(tag)
    except ValueError:
        return ""


def year_of(text: str) -> int:
    """Return a year of four digits. Raises ValueError."""
    if not re.fullmatch("[0-9]{4}", text):
        raise ValueError(text)
    return int(text)
