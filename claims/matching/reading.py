"""What of a text may tell which claim it is about."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 5000
"""Code points of a text that are read; what a claim is said in is far shorter."""
_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S*", re.IGNORECASE)
_TAG = re.compile(r"[#@]\w+")
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")


def refuse_too_long(text: str) -> None:
    """Raise ValidationError for a text of which not all would be read, with the limit."""
    if len(text) > LONGEST:
        raise ValidationError(
            _("Give at most %(most)d characters; this has %(has)d. One claim says less."),
            code="text_too_long",
            params={"most": LONGEST, "has": len(text)},
        )


def readable(text: str) -> str:
    """Return a text without addresses, “#TaxRise” as “Tax Rise”, and no longer than is read.

    Who posted it and when stays: claims are often about that.
    """
    text = "".join(sign if _is_text(sign) else " " for sign in text[: 2 * LONGEST])
    text = _TAG.sub(lambda tag: _SEAM.sub(" ", tag.group()[1:]), _LINK.sub(" ", text))
    return " ".join(text.split())[:LONGEST]


def _is_text(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cs"}


def is_in_latin_letters(text: str) -> bool:
    """Tell whether most letters of a text are Latin: the model of meaning reads English."""
    letters = [sign for sign in text if sign.isalpha()]
    latin = sum(sign < "\u0250" for sign in letters)
    return bool(letters) and 2 * latin > len(letters)
