"""How many independent origins sources have: reports of one report are one origin (EFCSN)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from sources.models import Publisher, Source

DEEPEST = 10
"""Steps that are followed from a document to what it rests on, each with one query for all."""

Above = dict[int, int | None]
"""By the key of a row, the key of the row that it rests on or belongs to, if any."""


def origins(sources: Iterable[Source]) -> set[tuple[str, int]]:
    """Return the independent origins of sources, in as many queries for many as for few.

    A source that rests on another is as that one is, and publishers that are part of one
    organization are that organization: two reports of one wire story are one origin.
    """
    keys = {source.pk: source.based_on_id for source in sources}
    documents = _followed(Source, "based_on", keys)
    originals = Source.objects.filter(pk__in={_top(key, documents) for key in keys})
    rows = list(originals.values_list("pk", "publisher", "publisher__part_of"))
    organizations = _followed(
        Publisher, "part_of", {publisher: part_of for _key, publisher, part_of in rows if publisher}
    )
    return {
        ("publisher", _top(publisher, organizations)) if publisher else ("source", key)
        for key, publisher, _part_of in rows
    }


def _followed(model: type[Model], field: str, known: Above) -> Above:
    """Return what is known with what the rows above rest on, level by level."""
    above: Any = dict(known)
    for _level in range(DEEPEST):
        unknown = {*above.values()} - {None, *above}
        if not unknown:
            break
        rows = model._base_manager.filter(pk__in=unknown)
        above |= dict(rows.values_list("pk", field))
    return above  # type: ignore[no-any-return]


def _top(key: int, above: Above) -> int:
    """Return the last row above one; of rows that rest on each other in a circle, the first."""
    path = [key]
    while (step := above.get(path[-1])) is not None and step not in path:
        path.append(step)
    return path[-1] if step is None else min(path[path.index(step) :])
