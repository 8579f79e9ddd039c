"""Has this been checked before? The claims that say what a text says.

Candidates share rare words with the text (`by_words`); where a model of meaning is installed, the
claims nearest to it join them, and all are ranked by both (`by_meaning`). The same on SQLite and
PostgreSQL. Measured in docs/decisions/0015-matching.md.
"""

from .similar import Certainty, Match, similar_claims

__all__ = ["Certainty", "Match", "similar_claims"]
