"""The claims that mean what a text means, by the vectors of `claims.embedding`.

A million vectors are too many to read for each text. One bit of each number is kept in memory, 48
bytes for a vector (Charikar, “Similarity Estimation Techniques from Rounding Algorithms”, 2002);
the nearest by those are read and compared exactly. So what is in memory decides only what is
read: a claim that changed or was hidden since is not found by what it was.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet

from .. import embedding
from ..models import Claim, ClaimMeaning, Review
from .reading import readable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_READ = 300
"""The nearest by one bit of each number that are compared exactly."""
MOST_COMPUTED_AT_ONCE = 4
"""So many of the likeliest claims that were recorded just now are compared at once."""
AT_ONCE = 200
COMPUTING = "matching:computing"
MOST_SECONDS = 20
"""So long vectors are computed by each `tick`; a claim takes some hundredths of a second."""


class _Bits:
    """One bit of each number of all vectors, kept in memory as they are added to the table."""

    def __init__(self) -> None:
        import numpy as np

        self.newest = 0
        self.rows: NDArray[np.int64] = np.empty(0, np.int64)
        self.bits: NDArray[np.uint64] = np.empty((embedding.DIMENSIONS // 64, 0), np.uint64)

    def catch_up(self) -> None:
        """Read what was computed since."""
        import numpy as np

        added = ClaimMeaning.objects.of(embedding.MODEL).filter(pk__gt=self.newest).order_by("pk")
        rows, bits = [self.rows], [self.bits]
        for row, vectors in added.values_list("pk", "vectors").iterator(chunk_size=5000):
            read = _vectors(vectors)
            rows.append(np.full(len(read), row))
            bits.append(_signs(read))
            self.newest = row
        if len(rows) > 1:
            self.rows, self.bits = np.concatenate(rows), np.concatenate(bits, axis=1)

    def nearest(self, vector: "NDArray[np.float32]", most: int) -> list[int]:
        """Return the rows whose bits differ least from those of a vector, each once."""
        import numpy as np

        differing = np.zeros(len(self.rows), np.uint16)
        for column, asked in zip(self.bits, _signs(vector[None]), strict=True):
            differing += np.bitwise_count(column ^ asked)
        if len(differing) > 2 * most:
            # All that differ as much as the last one, so that the order of reading does not count.
            limit = np.partition(differing, 2 * most)[2 * most]
            kept = self.rows[differing <= limit][: 10 * most]
        else:
            kept = self.rows
        return list(dict.fromkeys(kept.tolist()))


_kept: dict[str, _Bits] = {}
_reading = threading.Lock()


def cosines(text: str, claims: Sequence[int], *, is_public: bool) -> dict[int, float]:
    """Return how near to a text these claims are, and those nearest of all: 1 is the same.

    `claims` come best first: of those whose vectors are due, the first few are computed for this,
    the others left out. At most four queries.
    """
    vector = embedding.encode([readable(text)])[0]
    with _reading:
        bits = _kept.setdefault(_database(), _Bits())
        bits.catch_up()
    meanings = ClaimMeaning.objects.of(embedding.MODEL)
    if is_public:
        meanings = meanings.filter(claim__entry__is_public=True)
    known = dict(_compared(meanings.filter(claim__in=claims), vector))
    due = [claim for claim in claims if claim not in known][:MOST_COMPUTED_AT_ONCE]
    for claim, vectors in _computed(due) if due else ():
        known[claim] = _cosine(vectors, vector)
    nearest = bits.nearest(vector, MOST_READ)
    return known | dict(_compared(meanings.filter(pk__in=nearest), vector))


def forget() -> None:
    """Keep no vector in memory; the next text reads them again."""
    _kept.clear()


def _compared(
    meanings: QuerySet[ClaimMeaning], vector: "NDArray[np.float32]"
) -> Iterator[tuple[int, float]]:
    for claim, vectors in meanings.values_list("claim_id", "vectors"):
        yield claim, _cosine(vectors, vector)


def _cosine(vectors: Any, vector: "NDArray[np.float32]") -> float:
    return round(float((_vectors(vectors) @ vector).max()), 6)


def compute_due(now: datetime | None = None) -> str:
    """Compute the vectors of new and changed claims. Returns what it did.

    One worker at a time: rows that two commit out of the order of their numbers would be passed
    over by who keeps them in memory.
    """
    # The model takes memory for good: it is opened only when something is due.
    if not ClaimMeaning.objects.due(embedding.MODEL).exists() or not embedding.is_available():
        return ""
    if not cache.add(COMPUTING, True, timeout=10 * MOST_SECONDS):
        return ""
    try:
        done, until = 0, time.monotonic() + MOST_SECONDS
        while time.monotonic() < until and (computed := compute_some(AT_ONCE)):
            done += computed
    finally:
        cache.delete(COMPUTING)
    return f"Computed what {done} claims mean." if done else ""


def compute_some(most: int) -> int:
    """Compute the vectors of so many claims that are due. Returns of how many."""
    due = ClaimMeaning.objects.due(embedding.MODEL).order_by("pk")
    rows = dict(due.values_list("pk", "claim")[:most])
    computed = [
        ClaimMeaning(claim_id=claim, model=embedding.MODEL, vectors=vectors)
        for claim, vectors in _computed(list(rows.values()))
    ]
    with transaction.atomic():
        # A claim that changed meanwhile has another row, which stays due.
        still = set(
            ClaimMeaning.objects.select_for_update()
            .filter(pk__in=rows)
            .values_list("claim", flat=True)
        )
        ClaimMeaning.objects.filter(pk__in=rows).delete()
        ClaimMeaning.objects.bulk_create(row for row in computed if row.claim_id in still)
    return len(rows)


def _computed(claims: list[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the vectors of each claim: of its sentence, and of the finding that stands."""
    import numpy as np

    findings = dict(
        Review.objects.published(of_some=True)
        .filter(claim__in=claims)
        .values_list("claim_id", "finding")
    )
    texts = Claim.objects.filter(pk__in=claims).order_by("pk").values_list("pk", "text")
    for claim, text in texts:
        said = dict.fromkeys(filter(None, [text, findings.get(claim)]))
        yield claim, embedding.encode([*said]).astype(np.float16).tobytes()


def _vectors(stored: Any) -> "NDArray[np.float32]":
    import numpy as np

    read = np.frombuffer(stored, np.float16).astype(np.float32)
    return read.reshape(-1, embedding.DIMENSIONS)


def _signs(vectors: "NDArray[np.float32]") -> "NDArray[np.uint64]":
    """Return which numbers of each vector are above 0, a column for a vector, 64 to a number."""
    import numpy as np

    return np.packbits(vectors > 0, axis=1).view(np.uint64).T


def _database() -> str:
    return str(connection.settings_dict["NAME"])
