"""What a card says: nothing but what stands on the page of its claim."""

import hashlib
import json
from dataclasses import astuple, dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from ..models import Claim, Rating

LAYOUT = 1
"""Raise it when cards are drawn in another way, so that each gets a new address."""


@dataclass(frozen=True)
class Card:
    """All that a card says. Two that say the same are one picture."""

    site: str
    text: str
    name: str = ""
    """Stands for the text where we have no font for it."""
    language: str = ""
    said_by: str = ""
    mark: str = ""
    word: str = ""
    finding: str = ""

    @property
    def key(self) -> str:
        """Return what stands in its address: another as soon as it says anything else."""
        said = json.dumps([LAYOUT, *astuple(self)])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def site_card() -> Card:
    """Return the card of what is no claim with a verdict."""
    return Card(settings.SITE_NAME, _("Was it true? Checked claims, with sources"))


def card_of(claim: Claim) -> Card:
    """Return the card of a visible claim: the site's while nothing is published of it.

    Takes a claim that was loaded with `.for_card()`, `.for_list()` or `.for_display()`.
    """
    review = claim.current_review
    if claim.status == Claim.Status.PUBLISHED and review:
        mark, word, finding = review.rating.mark, review.rating.alternate_name, review.finding
    elif claim.status == Claim.Status.RETRACTED:
        mark, word, finding = Rating.Mark.NONE.value, _("We withdrew our verdict"), ""
    else:
        return site_card()
    return Card(
        settings.SITE_NAME,
        claim.text,
        _("Claim %(number)d") % {"number": claim.pk},
        claim.language,
        _("Said by %(speaker)s") % {"speaker": claim.speaker.name} if claim.speaker else "",
        mark,
        word,
        finding,
    )
