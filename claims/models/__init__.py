"""What we say: claims, where they appeared, our reviews of them, and who did what when."""

from .about import AboutPage
from .appearance import Appearance
from .blind import BlindRating, Resolution
from .claim import Claim
from .correction import Correction
from .evidence import Evidence
from .gate import ContactAttempt, Override
from .history import Recusal, Submission, Transition
from .meaning import ClaimMeaning
from .note import Note
from .rating import Label, Rating
from .review import Review
from .risk import Risk
from .search import ClaimEntry, SearchChange, SearchWord, SourceEntry
from .speaker import Speaker, Topic

__all__ = [
    "AboutPage",
    "Appearance",
    "BlindRating",
    "Claim",
    "ClaimEntry",
    "ClaimMeaning",
    "ContactAttempt",
    "Correction",
    "Evidence",
    "Label",
    "Note",
    "Override",
    "Rating",
    "Recusal",
    "Resolution",
    "Review",
    "Risk",
    "SearchChange",
    "SearchWord",
    "SourceEntry",
    "Speaker",
    "Submission",
    "Topic",
    "Transition",
]
