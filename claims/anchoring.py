"""Finding a passage in a text, by its exact words and its position.

Positions are Unicode code points, 0-based, end excluded, as in the W3C Web Annotation model
(TextPositionSelector); context is that of a TextQuoteSelector.
"""

import itertools
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

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


def find_alike(text: str, words: str) -> list[Passage]:
    """Return where words stand in a text, whatever their case, white space, quotes and dashes.

    The passages hold the words of the text, not those that were asked for; at most 50.
    """
    for mark, kinds in ALIKE.items():
        words = re.sub(kinds, mark, words)
    pattern = r"\s+".join(
        "".join(ALIKE.get(letter, re.escape(letter)) for letter in word) for word in words.split()
    )
    if not pattern:
        return []
    found = itertools.islice(re.finditer(pattern, text, re.IGNORECASE), MOST_FOUND)
    return [anchor(text, match.group(), match.start()) for match in found]


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
