"""What we say: claims, where they appeared, our reviews of them, and who did what when."""

from .claim import Appearance, Claim, Speaker, Topic
from .history import Transition
from .review import Evidence, Label, Rating, Review

__all__ = [
    "Appearance",
    "Claim",
    "Evidence",
    "Label",
    "Rating",
    "Review",
    "Speaker",
    "Topic",
    "Transition",
]
