"""Claims, posts and what answers them, from the files of the CheckThat! lab."""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Told:
    """A claim that was checked, as its publisher tells of it."""

    claim: str
    title: str
    subtitle: str


@dataclass(frozen=True)
class Queries:
    """A set of posts, and the names of the claims that answer each."""

    name: str
    texts: dict[str, str]
    right: dict[str, set[str]]


@dataclass(frozen=True)
class Collection:
    claims: dict[str, Told]
    queries: list[Queries]


def read(folder: Path) -> Collection:
    """Return what is in a folder of either year. Exits with a sentence when there is nothing."""
    newer, older = folder / "vclaims.jsonl", folder / "verified_claims.docs.tsv"
    if newer.exists():
        claims = dict(_lines(newer))
    elif older.exists():
        claims = {row[0]: Told(row[1], row[2], "") for row in _rows(older)[1:]}
    else:
        sys.exit(f"{folder} holds neither {newer.name} nor {older.name}.")
    found = [*folder.rglob("*QRELs.tsv"), *folder.rglob("*.qrels")]
    queries = [_queries(path, folder, claims) for path in sorted(found)]
    if not queries:
        sys.exit(f"{folder} does not say which claims answer which posts (QRELs.tsv or .qrels).")
    return Collection(claims, queries)


def _lines(path: Path) -> Iterator[tuple[str, Told]]:
    with path.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield row["vclaim_id"], Told(row["vclaim"], row["title"], row.get("subtitle") or "")


def _queries(path: Path, folder: Path, claims: dict[str, Told]) -> Queries:
    """Return the posts that a file of answers names; their texts lie beside it."""
    texts: dict[str, str] = {}
    for beside in sorted(path.parent.glob("*ueries.tsv")):
        texts |= {row[0]: row[1] for row in _rows(beside) if len(row) > 1}
    right: defaultdict[str, set[str]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines():
        match line.split():
            case [query, _, claim, "1"] if query in texts and claim in claims:
                right[query].add(claim)
    name = path.parent.name if path.parent != folder else path.stem
    return Queries(name, texts, dict(right))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))
