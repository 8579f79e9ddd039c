"""Filling what sources are compared by, for rows that no `save` wrote: old ones, bulk loads."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from .canonical import address_key
from .titles import title_key

BATCH = 1000


def fill_keys(model: Any, database: str = "default") -> Iterator[tuple[int, int]]:
    """Fill `canonical_url` and `title_key` of every source, a batch at a time.

    Takes the model, which in a migration is that of its day. Yields the keys of each source that is
    a second one of its document, and of the first: the second has no canonical address until one of
    them goes. Run again it changes nothing.
    """
    rows = model._base_manager.using(database).order_by("pk")
    rows = rows.only("pk", "url", "title", "canonical_url", "title_key")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        with transaction.atomic(using=database):
            seconds = _fill(model, database, batch)
        yield from seconds
        last = batch[-1].pk


def _fill(model: Any, database: str, batch: list[Any]) -> list[tuple[int, int]]:
    keys = {row.pk: address_key(row.url) for row in batch}
    found = model._base_manager.using(database).filter(canonical_url__in={*keys.values()} - {""})
    firsts = dict(found.values_list("canonical_url", "pk"))
    changed, seconds = [], []
    for row in batch:
        key = keys[row.pk] or None
        first = firsts.setdefault(key, row.pk)
        if key and first != row.pk:
            seconds.append((row.pk, first))
            key = None
        wanted = (key, title_key(row.title))
        if (row.canonical_url, row.title_key) != wanted:
            row.canonical_url, row.title_key = wanted
            changed.append(row)
    model._base_manager.using(database).bulk_update(changed, ["canonical_url", "title_key"], 100)
    return seconds
