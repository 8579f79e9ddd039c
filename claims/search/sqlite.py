"""The index in SQLite: FTS5 over the words of the entries, kept up by triggers."""

from collections.abc import Sequence

from .query import Asked, Phrase

NEWEST = """
SELECT {columns} FROM {table}_words w
CROSS JOIN {table} e ON e.id = w.rowid
WHERE w.{table}_words MATCH %s {narrowed}
ORDER BY w.rowid {direction} LIMIT %s
"""
"""CROSS JOIN holds SQLite to this order: hits come newest first, and it stops at the limit."""


def expression(wanted: Sequence[Asked], unwanted: Sequence[Asked] = ()) -> str:
    """Return the query in the language of FTS5 (sqlite.org/fts5.html, section 3)."""
    found = " AND ".join(map(_any_of, wanted))
    return found + "".join(f" NOT {_any_of(asked)}" for asked in unwanted)


def any_of(groups: Sequence[Sequence[Asked]]) -> str:
    """Return the query for entries that hold all of at least one group."""
    return " OR ".join(f"({expression(group)})" for group in groups)


def _any_of(asked: Asked) -> str:
    return f"({' OR '.join(map(_phrase, asked.any_of))})"


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.is_beginning else ""}'
