"""Finding claims by their words, on one machine and the same on SQLite and PostgreSQL."""

from .finding import NEWEST, ORDERS, RELEVANCE, Found, Hit, find, nothing
from .query import Query, parse

__all__ = ["NEWEST", "ORDERS", "RELEVANCE", "Found", "Hit", "Query", "find", "nothing", "parse"]
