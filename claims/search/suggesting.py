"""What may be meant while somebody types: claims, and the speakers and topics they have."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..models import Claim, Speaker, Topic
from .finding import RELEVANCE, find
from .marking import marked_places
from .query import Asked, Query, parse

MOST_CLAIMS = 6
MOST_NAMES = 3
SHORTEST = 2
"""Letters from which suggestions are made; a single sign of Chinese is a word."""


@dataclass(frozen=True)
class Suggestions:
    """A few of each, best first."""

    claims: list[Claim]
    speakers: list[Speaker]
    topics: list[Topic]


def suggest(typed: str) -> Suggestions:
    """Return what readers see that answers what was typed so far.

    Raises ValidationError for a text that is too long. At most six queries.
    """
    query = parse(typed, is_typing=True)
    if query.is_empty or (typed.isascii() and len(typed) < SHORTEST):
        return Suggestions([], [], [])
    found = find(query, order=RELEVANCE, size=MOST_CLAIMS)
    return Suggestions(
        claims=found.rows(Claim.objects.visible()),
        speakers=_named(Speaker, found.facets["speaker"], found.query),
        topics=_named(Topic, found.facets["topic"], found.query),
    )


def _named(model: Any, counts: Any, query: Query) -> list[Any]:
    """Return those of the commonest whose name itself answers."""
    rows = model.objects.in_bulk([key for key, _count in counts.most_common(50)])
    named = [row for key, row in _by_count(rows, counts) if _answers(row.name, query.wanted)]
    return named[:MOST_NAMES]


def _by_count(rows: dict[int, Any], counts: Any) -> Iterable[tuple[int, Any]]:
    return sorted(rows.items(), key=lambda pair: (-counts[pair[0]], pair[0]))


def _answers(name: str, wanted: Iterable[Asked]) -> bool:
    return all(marked_places(name, "", [asked]) for asked in wanted)
