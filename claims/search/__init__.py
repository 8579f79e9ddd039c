"""Finding claims by their words, on one machine and the same on SQLite and PostgreSQL."""

from .finding import (
    MOST_RANKED,
    NEWEST,
    ORDERS,
    RELEVANCE,
    Found,
    Hit,
    find,
    keys_of_newest,
    nothing,
    sources_of_newest,
)
from .query import LONGEST_QUERY, Query, parse
from .suggesting import Suggestions, suggest

__all__ = [
    "LONGEST_QUERY",
    "MOST_RANKED",
    "NEWEST",
    "ORDERS",
    "RELEVANCE",
    "Found",
    "Hit",
    "Query",
    "Suggestions",
    "find",
    "keys_of_newest",
    "nothing",
    "parse",
    "sources_of_newest",
    "suggest",
]
