"""The index in PostgreSQL: a tsvector of the words of the entries, with GIN, kept up by a trigger.

Nothing is parsed by PostgreSQL: words and queries are given as it stores them.
"""

from collections.abc import Sequence

from .query import Asked, Phrase

NEWEST = """
SELECT {columns} FROM {table} e
WHERE e.vector @@ %s::tsquery {narrowed}
ORDER BY e.id {direction} LIMIT %s
"""


def expression(wanted: Sequence[Asked], unwanted: Sequence[Asked] = ()) -> str:
    """Return the query as a tsquery (PostgreSQL’s manual, section 8.11.2)."""
    return " & ".join([*map(_any_of, wanted), *(f"!{_any_of(asked)}" for asked in unwanted)])


def any_of(groups: Sequence[Sequence[Asked]]) -> str:
    """Return the query for entries that hold all of at least one group."""
    return " | ".join(f"({expression(group)})" for group in groups)


def _any_of(asked: Asked) -> str:
    return f"({' | '.join(map(_phrase, asked.any_of))})"


def _phrase(phrase: Phrase) -> str:
    *others, last = phrase.words
    words = [f"'{word}'" for word in others] + [f"'{last}'{':*' if phrase.is_beginning else ''}"]
    return f"({' <-> '.join(words)})"
