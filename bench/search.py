"""Measure searching at two sizes, beside what the engine itself takes for the same words.

    python -m bench.search --small 10000 --large 1000000 --json search.json

PostgreSQL: .ci/postgresql .venv/bin/python -m bench.search --database postgresql

The databases are those of `bench.desk`, made when they are not there, and kept.
"""

import argparse
import json
import statistics
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .desk import ROOT, Desk, desk_of

Times = list[tuple[float, float]]


@dataclass
class Result:
    """What was measured of one query, first in the small database, then in the large one."""

    query: str
    found: list[str]
    times: list[Times] = field(default_factory=lambda: [[], []])
    """Seconds of CPU and of the clock, a pair for each round."""
    raw: Times = field(default_factory=list)
    """The same of the engine's own query in the large database."""

    def cpu(self, size: int) -> float:
        """Return the median of the seconds of CPU, of the small (0) or the large (1) database."""
        return statistics.median(cpu for cpu, _clock in self.times[size])

    @property
    def ratio(self) -> float:
        """The median of the ratios of CPU inside the rounds, large to small."""
        rounds = zip(*self.times, strict=True)
        ratios: list[float] = [large[0] / small[0] for small, large in rounds]
        return statistics.median(ratios)

    def clock(self, share: float) -> float:
        """Return the seconds of the clock within which that share of the rounds ended, large."""
        ordered = sorted(clock for _cpu, clock in self.times[1])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", type=int, default=10_000, help="claims")
    parser.add_argument("--large", type=int, default=1_000_000, help="claims")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    """Make the databases, measure, and print a table."""
    asked = arguments()
    desks = [desk_of(asked, claims, "bench.search_worker") for claims in (asked.small, asked.large)]
    for desk in desks:
        desk.start()
    try:
        results = measure(desks, asked.rounds)
        memory = [desk.ask("memory") for desk in desks]
    finally:
        for desk in desks:
            desk.stop()
    print(table(results))
    print("Most memory: " + ", ".join(f"{size / 1e6:.0f} MB" for size in memory))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(result) for result in results], indent=1))


def measure(desks: list[Desk], rounds: int) -> list[Result]:
    """Ask each query of both databases in turns, and the engine's own of the large one."""
    results = [
        Result(name, [desk.ask("look", name) for desk in desks]) for name in desks[0].ask("list")
    ]
    for result in results:
        print(f"\r{result.query:<50}", end="", file=sys.stderr, flush=True)
        for _ in range(rounds):
            for size, desk in enumerate(desks):
                result.times[size].append(tuple(desk.ask("time", result.query)))
            if raw := desks[1].ask("raw", result.query):
                result.raw.append(tuple(raw))
    print(file=sys.stderr)
    return results


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| query | found | CPU ms, small | large | ratio | p50 ms | p95 ms | engine, CPU ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        found = ", ".join(dict.fromkeys(result.found))
        raw = statistics.median(cpu for cpu, _ in result.raw) * 1000 if result.raw else None
        figures = [f"{result.cpu(size) * 1000:.1f}" for size in (0, 1)]
        figures += [f"{result.ratio:.2f}"]
        figures += [f"{result.clock(share) * 1000:.1f}" for share in (0.5, 0.95)]
        own = "" if raw is None else f"{raw:.1f}"
        lines.append(f"| {result.query} | {found} | {' | '.join(figures)} | {own} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
