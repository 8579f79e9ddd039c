"""Has this been checked before? The claims that say what a text says.

Candidates share rare words with the text (`by_words`); where a model of meaning is installed, the
claims nearest to it join them, and all are ranked by both (`by_meaning`). The same on SQLite and
PostgreSQL. Measured in docs/decisions/0015-matching.md.
"""

from .related import related_to
from .similar import Certainty, Match, is_by_meaning, similar_claims

__all__ = ["Certainty", "Match", "is_by_meaning", "related_to", "similar_claims"]
