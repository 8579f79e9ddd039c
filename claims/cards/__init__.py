"""The picture of a claim and our verdict that others show beside a link to it."""

from .content import Card, card_of, site_card
from .drawing import HEIGHT, WIDTH, picture_of

__all__ = ["HEIGHT", "WIDTH", "Card", "card_of", "picture_of", "site_card"]
