"""What we say: claims, where they appeared, our reviews of them, and who did what when."""

from .claim import Appearance, Claim, Speaker, Topic
from .history import Recusal, Transition
from .review import Correction, Evidence, Label, Rating, Review

__all__ = [
    "Appearance",
    "Claim",
    "Correction",
    "Evidence",
    "Label",
    "Rating",
    "Recusal",
    "Review",
    "Speaker",
    "Topic",
    "Transition",
]
