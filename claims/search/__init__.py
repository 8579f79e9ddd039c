"""Finding claims by their words, on one machine and the same on SQLite and PostgreSQL."""

from .counting import counted, counts_of
from .finding import (
    FACETS,
    MOST_RANKED,
    NEWEST,
    ORDERS,
    RATING,
    RELEVANCE,
    Found,
    Hit,
    find,
    keys_of_newest,
    nothing,
    sources_of_newest,
)
from .query import LONGEST_QUERY, NOTHING_ASKED, Query, parse
from .suggesting import Suggestions, suggest

__all__ = [
    "FACETS",
    "LONGEST_QUERY",
    "MOST_RANKED",
    "NEWEST",
    "NOTHING_ASKED",
    "ORDERS",
    "RATING",
    "RELEVANCE",
    "Found",
    "Hit",
    "Query",
    "Suggestions",
    "counted",
    "counts_of",
    "find",
    "keys_of_newest",
    "nothing",
    "parse",
    "sources_of_newest",
    "suggest",
]
