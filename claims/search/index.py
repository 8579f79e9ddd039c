"""Keeping the index: each claim's entry changes in the transaction that changes the claim.

`edited` hears of every edit that is remembered (the setting ROW_EDITED), `refresh` is called by
every verb. Loads that write past both, as a bulk load does, call `refresh` or `rebuild` themselves.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from sources.models import Publisher, Source

from ..models import (
    Appearance,
    Claim,
    ClaimEntry,
    ClaimMeaning,
    Review,
    SearchChange,
    SearchWord,
    SourceEntry,
    Speaker,
    Topic,
)
from .facet_values import filed_language, year_of
from .words import BREAK, words_of

MOST_WORDS = 5000
"""So many words of each field are looked for; a rationale is far shorter."""
BATCH = 500
FIELDS = (
    "head", "body", "is_public", "listed_at", "status", "rating", "speaker", "topics", "language",
    "year",
)  # fmt: skip
ONE_HOUR = 60 * 60


def edited(row: Any) -> None:
    """Take in the edit of a row, in its transaction: of a claim, or of what its entry tells.

    A draft is none of it: of a review the index knows what was published, and the verbs say when.
    """
    match row:
        case Claim():
            refresh([row.pk])
        case Appearance():
            refresh([row.claim_id])
        case Speaker():
            refresh_all(Claim.objects.filter(speaker=row))
        case Topic():
            refresh_all(Claim.objects.filter(topics=row))
        case Source():
            refresh_sources([row.pk])
        case Publisher():
            keys = Source.objects.filter(publisher=row).order_by("pk").values_list("pk", flat=True)
            for batch in _batches(keys.iterator(), BATCH):
                refresh_sources(batch)


def refresh_all(claims: QuerySet[Claim]) -> None:
    """Bring the entries of many claims up to date, a batch at a time."""
    for keys in _batches(claims.order_by("pk").values_list("pk", flat=True).iterator(), BATCH):
        refresh(keys)


@transaction.atomic
def refresh(keys: Iterable[int]) -> None:
    """Bring the entries of these claims up to date, in the caller's transaction.

    A claim that is listed anew gets a new entry, the newest of all.
    """
    keys = list(keys)
    known = ClaimEntry.objects.in_bulk(keys, field_name="claim_id")
    counts: Counter[str] = Counter()
    added, changed, reworded = [], [], []
    for entry in entries_of(Claim.objects.filter(pk__in=keys)):
        old = known.pop(entry.claim_id, None)
        if old is not None and _same(old, entry):
            continue
        if old is not None:
            _count(counts, old, -1)
        _count(counts, entry, 1)
        if old is None or old.head != entry.head:
            reworded.append(entry.claim_id)
        if old is not None and old.listed_at == entry.listed_at:
            entry.pk = old.pk
            changed.append(entry)
        else:
            if old is not None:
                old.delete()
            added.append(entry)
    for gone in known.values():
        _count(counts, gone, -1)
        gone.delete()
    added.sort(key=lambda entry: (entry.listed_at, entry.claim_id))
    ClaimEntry.objects.bulk_create(added)
    ClaimMeaning.objects.ask_for(reworded)
    for entry in changed:
        entry.save(update_fields=FIELDS)
    if counts := Counter({word: count for word, count in counts.items() if count}):
        SearchChange.objects.create(counts=counts)


def refresh_sources(keys: Iterable[int]) -> None:
    """Bring the entries of these sources up to date, in the caller's transaction."""
    keys = list(keys)
    known = SourceEntry.objects.in_bulk(keys, field_name="source_id")
    added = []
    for entry in source_entries_of(Source.objects.filter(pk__in=keys).order_by("pk")):
        old = known.get(entry.source_id)
        if old is None:
            added.append(entry)
        elif old.head != entry.head:
            entry.pk = old.pk
            entry.save(update_fields=["head"])
    SourceEntry.objects.bulk_create(added)


def source_entries_of(sources: QuerySet[Source]) -> Iterator[SourceEntry]:
    """Yield what the index should hold of these sources, unsaved. One query."""
    rows = sources.values_list("pk", "title", "author", "publisher__name", "url", "language")
    for pk, title, author, publisher, url, language in rows:
        told = [title, author, publisher or "", urlsplit(url).hostname or ""]
        yield SourceEntry(source_id=pk, head=_joined(dict.fromkeys(told), language or "en"))


def entries_of(claims: QuerySet[Claim]) -> Iterator[ClaimEntry]:
    """Yield what the index should hold of these claims, unsaved. Four queries."""
    rows = list(
        claims.values_list(
            "pk", "text", "language", "status", "listed_at", "stated_on", "speaker", "speaker__name"
        )
    )
    keys = [row[0] for row in rows]
    topics = _grouped(
        Claim.topics.through.objects.filter(claim__in=keys).order_by("topic"),
        ("claim_id", "topic_id", "topic__name"),
    )
    passages = _grouped(
        Appearance.objects.not_confidential().filter(claim__in=keys).order_by("pk"),
        ("claim_id", "exact"),
    )
    verdicts = _grouped(
        Review.objects.published().filter(claim__in=keys, claim__status=Claim.Status.PUBLISHED),
        ("claim_id", "rating_id", "finding", "rationale"),
    )
    for pk, text, language, status, listed_at, stated_on, speaker, name in rows:
        rating, finding, rationale = verdicts.get(pk, [(None, "", "")])[0]
        filed = topics.get(pk, [])
        heads = [text, finding, name or "", *(said for (said,) in passages.get(pk, []))]
        entry = ClaimEntry(
            claim_id=pk,
            head=_joined([*dict.fromkeys(heads), *(topic for _key, topic in filed)], language),
            body=_joined([rationale], language),
            is_public=status in Claim.VISIBLE,
            listed_at=listed_at,
            status=status,
            rating=rating,
            speaker=speaker,
            topics=[key for key, _name in filed],
            language=filed_language(language),
            year=year_of(stated_on[:4]) if stated_on else None,
        )
        entry.body = f"{entry.body} {' '.join(marks_of(entry))}".strip()
        yield entry


def marks_of(entry: ClaimEntry) -> list[str]:
    """Return words that nobody can ask for, by which the index narrows hits to what is chosen."""
    marks = [mark("status", entry.status), mark("language", entry.language)]
    marks += [mark("topic", key) for key in entry.topics]
    for name in ("rating", "speaker", "year"):
        if (value := getattr(entry, name)) is not None:
            marks.append(mark(name, value))
    return marks


def mark(name: str, value: object) -> str:
    """Return the word of the index for what a claim is filed under, such as “§topic7”."""
    return f"{BREAK}{name}{str(value).replace('_', '')}"


def rebuild(tell: Any = None) -> tuple[int, int]:
    """Make the whole index anew, oldest first, and return how many claims and sources it holds.

    `tell` is called with the number so far after each batch. One transaction: readers find with the
    old index until it ends.
    """
    done = 0
    with transaction.atomic():
        SearchChange.objects.all().delete()
        SearchWord.objects.all().delete()
        ClaimEntry.objects.all().delete()
        counts: Counter[str] = Counter()
        keys = Claim.objects.order_by("listed_at", "pk").values_list("pk", flat=True)
        for batch in _batches(list(keys), BATCH):
            entries = sorted(
                entries_of(Claim.objects.filter(pk__in=batch)),
                key=lambda entry: (entry.listed_at, entry.claim_id),
            )
            for entry in entries:
                _count(counts, entry, 1)
            ClaimEntry.objects.bulk_create(entries)
            known = ClaimMeaning.objects.filter(claim__in=batch).values_list("claim", flat=True)
            ClaimMeaning.objects.ask_for({*batch}.difference(known))
            done += len(entries)
            if tell:
                tell(done)
        SearchWord.objects.bulk_create(
            [_word(word, count) for word, count in sorted(counts.items())], batch_size=5000
        )
        return done, _rebuild_sources()


def _rebuild_sources() -> int:
    SourceEntry.objects.all().delete()
    entries = source_entries_of(Source.objects.order_by("pk"))
    return sum(len(SourceEntry.objects.bulk_create(batch)) for batch in _batches(entries, BATCH))


def differing() -> Iterator[int]:
    """Yield the keys of the claims whose entry is missing or not what it should be."""
    keys = Claim.objects.order_by("pk").values_list("pk", flat=True)
    for batch in _batches(list(keys), BATCH):
        known = ClaimEntry.objects.in_bulk(batch, field_name="claim_id")
        for entry in entries_of(Claim.objects.filter(pk__in=batch).order_by("pk")):
            old = known.get(entry.claim_id)
            if old is None or not _same(old, entry):
                yield entry.claim_id


def miscounted() -> list[str]:
    """Return the words and marks of which the index counts another number of entries than it has.

    Reads every entry.
    """
    counts: Counter[str] = Counter()
    for entry in ClaimEntry.objects.filter(is_public=True).order_by("pk").iterator(BATCH):
        _count(counts, entry, 1)
    for word, entries in SearchWord.objects.values_list("word", "entries").iterator(BATCH):
        counts[word] -= entries
    for change in SearchChange.objects.values_list("counts", flat=True).iterator(BATCH):
        for word, count in change.items():
            counts[word] -= count
    return sorted(word for word, count in counts.items() if count)


def differing_sources() -> Iterator[int]:
    """Yield the keys of the sources whose entry is missing or not what it should be."""
    known = SourceEntry.objects.values_list("source_id", "head")
    for batch in _batches(source_entries_of(Source.objects.order_by("pk")), BATCH):
        heads = dict(known.filter(source__in=[entry.source_id for entry in batch]))
        for entry in batch:
            if heads.get(entry.source_id) != entry.head:
                yield entry.source_id


def add_missing(now: datetime) -> str:
    """Index what has no entry, as after an upgrade, once an hour. Returns what it did."""
    if not cache.add("search:missing", True, timeout=ONE_HOUR):
        return ""
    missing = Claim.objects.exclude(Exists(ClaimEntry.objects.filter(claim=OuterRef("pk"))))
    claims = list(missing.order_by("listed_at", "pk").values_list("pk", flat=True))
    for batch in _batches(claims, BATCH):
        refresh(batch)
    unknown = Source.objects.exclude(Exists(SourceEntry.objects.filter(source=OuterRef("pk"))))
    sources = list(unknown.order_by("pk").values_list("pk", flat=True))
    for batch in _batches(sources, BATCH):
        refresh_sources(batch)
    if not claims and not sources:
        return ""
    return f"Taken into the search index: {len(claims)} claims and {len(sources)} sources"


def add_up(now: datetime | None = None) -> str:
    """Add up how edits changed the counts of words. Returns nothing to tell.

    One at a time does it; a second waits on the first row and then finds less to add.
    """
    while SearchChange.objects.exists():
        with transaction.atomic():
            SearchWord.objects.get_or_create(
                word=SearchWord.ENTRIES, defaults={"beginning": "", "ending": "", "entries": 0}
            )
            SearchWord.objects.select_for_update().get(word=SearchWord.ENTRIES)
            changes = list(SearchChange.objects.order_by("pk")[:BATCH])
            total: Counter[str] = Counter()
            for change in changes:
                total.update(change.counts)
            _add(total)
            SearchChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return ""


def _add(total: Counter[str]) -> None:
    for words in _batches(sorted(word for word, count in total.items() if count), BATCH):
        known = SearchWord.objects.in_bulk(words)
        for word, row in known.items():
            row.entries = max(0, row.entries + total[word])
        SearchWord.objects.bulk_update(known.values(), ["entries"])
        SearchWord.objects.bulk_create(
            [_word(word, total[word]) for word in words if word not in known and total[word] > 0]
        )


def _word(word: str, entries: int) -> SearchWord:
    ending = "" if word.startswith(BREAK) else word[-3:]
    return SearchWord(word=word, beginning=word[:3], ending=ending, entries=entries)


def _count(counts: Counter[str], entry: ClaimEntry, sign: int) -> None:
    """Count a public entry in, or out, by its words and by the marks of what it is filed under.

    What readers do not see must not show in what is rare, nor in how many there are.
    """
    if not entry.is_public:
        return
    head, body = entry.head.split(), entry.body.split()
    for word in {*head, *body} - {BREAK}:
        counts[word] += sign
    counts[SearchWord.ENTRIES] += sign
    counts[SearchWord.HEAD_WORDS] += sign * len(head)
    counts[SearchWord.BODY_WORDS] += sign * len(body)


def _same(old: ClaimEntry, new: ClaimEntry) -> bool:
    return all(getattr(old, name) == getattr(new, name) for name in FIELDS)


def _joined(texts: Iterable[str], language: str) -> str:
    """Return the words of texts, with a sign between two that no phrase can bridge."""
    read = [" ".join(words_of(text, language)) for text in texts]
    words = f" {BREAK} ".join(filter(None, read)).split(" ")
    return " ".join(words[:MOST_WORDS])


def _grouped(rows: QuerySet[Any], fields: tuple[str, ...]) -> dict[int, list[tuple[Any, ...]]]:
    grouped: dict[int, list[tuple[Any, ...]]] = {}
    for key, *values in rows.values_list(*fields):
        grouped.setdefault(key, []).append(tuple(values))
    return grouped


def _batches(keys: Iterable[Any], size: int) -> Iterator[list[Any]]:
    keys = iter(keys)
    while batch := list(itertools.islice(keys, size)):
        yield batch
