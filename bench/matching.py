"""Measure whether claims that were checked before are found again.

    python -m bench.matching FOLDER --json matching.json

PostgreSQL: .ci/postgresql .venv/bin/python -m bench.matching FOLDER --database postgresql

The folder holds claims, posts, and which claims answer each post, as the CheckThat! lab's tasks of
2020 or of 2022 have them; bench/README.md says what is in it.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .matching_files import Collection, read

FIRST = 5
AMONG = 10


@dataclass
class Result:
    """How well the posts of one set were answered."""

    queries: str
    count: int
    method: str
    mean_average_precision: float
    """Of the first five (MAP@5), the measure of the lab."""
    reciprocal_rank: float
    first_is_right: float
    found_among_ten: float
    cpu_ms: float
    """Median of the processor time of a query, that of the database server included."""


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--language", default="en", help="of the claims, en by default")
    parser.add_argument("--only", help="one set of queries, such as dev")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    """Load the claims into an empty database, ask every post, and print a table."""
    asked = arguments()
    collection = read(asked.folder)
    with tempfile.TemporaryDirectory() as folder:
        if asked.database == "sqlite":
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/matching.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.testing")
        import django

        django.setup()
        keys = load(collection, asked.language)
        results = list(measure(collection, keys, asked.only))
    print(table(results))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(result) for result in results], indent=1))


def load(collection: Collection, language: str) -> dict[int, str]:
    """Store the claims with their verdicts, and return the name of each by its key."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import User
    from claims.matching import by_meaning
    from claims.models import Claim, Rating, Review
    from claims.search import index
    from claims.seeding.loading import load as load_seed

    call_command("migrate", verbosity=0)
    if Claim.objects.exists():
        sys.exit("This database is not empty. Name a new one: rows are never mixed with yours.")
    load_seed(settings.BASE_DIR / "seeds", ("ratings",))
    author, approver = (
        User.objects.create_user(username=name, email=f"{name}@example.org")
        for name in ("bench-author", "bench-approver")
    )
    now = timezone.now()
    claims = Claim.objects.bulk_create(
        Claim(text=told.claim[:1000], language=language, status="published", listed_at=now)
        for told in collection.claims.values()
    )
    Review.objects.bulk_create(
        Review(
            claim=claim,
            number=1,
            status="published",
            rating=Rating.objects.first(),
            finding=told.title[:200] or "Checked.",
            rationale=told.subtitle,
            author=author,
            approver=approver,
            published_at=now,
        )
        for claim, told in zip(claims, collection.claims.values(), strict=True)
    )
    index.rebuild()
    if _has_embedding():
        done = 0
        while computed := by_meaning.compute_some(200):
            done += computed
            print(f"\r{done:,} of {len(claims):,} vectors", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return {claim.pk: name for claim, name in zip(claims, collection.claims, strict=True)}


def _has_embedding() -> bool:
    from claims import embedding

    return embedding.is_available()


def measure(collection: Collection, keys: dict[int, str], only: str | None) -> Iterator[Result]:
    """Yield how well each set is answered by words alone, and by meaning too."""
    from django.conf import settings

    methods = ["words", "words and meaning"] if _has_embedding() else ["words"]
    for queries in collection.queries:
        if only and queries.name != only:
            continue
        for method in methods:
            settings.MATCH_BY_MEANING = method != "words"
            ranked = {}
            times = []
            for name in queries.right:
                ranked[name], seconds = _asked(queries.texts[name], keys)
                times.append(seconds)
            yield _result(queries.name, method, queries.right, ranked, times)


def _asked(text: str, keys: dict[int, str]) -> tuple[list[str], float]:
    """Return the names of the claims that a text is matched with, and the CPU it took."""
    from claims.matching import similar_claims

    from . import cpu

    begun = cpu.with_database()
    found = similar_claims(text, AMONG)
    return [keys[match.claim.pk] for match in found], cpu.with_database() - begun


def _result(
    name: str,
    method: str,
    right: dict[str, set[str]],
    ranked: dict[str, list[str]],
    times: list[float],
) -> Result:
    def mean(figures: Iterator[float]) -> float:
        return round(statistics.fmean(figures), 4)

    pairs = [(ranked[query], names) for query, names in right.items()]
    return Result(
        queries=name,
        count=len(pairs),
        method=method,
        mean_average_precision=mean(average_precision(*pair) for pair in pairs),
        reciprocal_rank=mean(
            next((1 / place for place, name in enumerate(found, 1) if name in names), 0.0)
            for found, names in pairs
        ),
        first_is_right=mean(float(bool(found) and found[0] in names) for found, names in pairs),
        found_among_ten=mean(len(names & {*found}) / len(names) for found, names in pairs),
        cpu_ms=round(statistics.median(times) * 1000, 1),
    )


def average_precision(found: list[str], right: set[str]) -> float:
    """Return the average precision of the first five: the mean of the precision at each hit."""
    hits, total = 0, 0.0
    for place, name in enumerate(found[:FIRST], 1):
        if name in right:
            hits += 1
            total += hits / place
    return total / min(len(right), FIRST)


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| queries | number | method | MAP@5 | MRR | P@1 | R@10 | CPU ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        figures = (
            result.mean_average_precision,
            result.reciprocal_rank,
            result.first_is_right,
            result.found_among_ten,
        )
        shown = " | ".join(f"{figure:.4f}" for figure in figures)
        about = f"{result.queries} | {result.count} | {result.method}"
        lines.append(f"| {about} | {shown} | {result.cpu_ms} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
