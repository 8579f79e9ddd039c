"""Finding claims by their words, on one machine and the same on SQLite and PostgreSQL."""

from .finding import NEWEST, ORDERS, RELEVANCE, Found, Hit, find, keys_of_newest, nothing
from .query import Query, parse
from .suggesting import Suggestions, suggest

__all__ = [
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
    "suggest",
]
