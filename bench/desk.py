"""Compare the desk at two sizes: the same queries, no scan, and hardly more time.

    python -m bench.desk --small 10000 --large 1000000 --json desk.json

PostgreSQL: .ci/postgresql .venv/bin/python -m bench.desk --database postgresql

The databases are made when they are not there, and kept. Exits with 1 when a page misses the goal.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MOST_RATIO = 1.3
FLOOR = 0.003
"""Seconds of CPU: a difference below this is noise, whatever the ratio."""
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Result:
    """What was measured of one page, first in the small database, then in the large one."""

    page: str
    looks: list[dict[str, Any]]
    times: list[tuple[float, float]] = field(default_factory=list)

    @property
    def seconds(self) -> tuple[float, float]:
        """The medians over the rounds."""
        small, large = zip(*self.times, strict=True)
        return statistics.median(small), statistics.median(large)

    @property
    def ratio(self) -> float:
        """The median of the ratios inside the rounds."""
        return statistics.median(large / small for small, large in self.times)

    @property
    def is_comparable(self) -> bool:
        """Whether both pages show as many rows: a longer page may take longer."""
        return bool(self.looks[0]["rows"] == self.looks[1]["rows"])

    def misses(self, most_ratio: float) -> list[str]:
        """Return what keeps the page from the goal."""
        small, large = self.looks
        found = [*dict.fromkeys(large["complaints"])]
        if small["queries"] != large["queries"]:
            found.append("more queries")
        if {small["status"], large["status"]} != {200}:
            found.append(f"status {small['status']}, {large['status']}")
        is_slower = self.ratio > most_ratio and self.seconds[1] - self.seconds[0] > FLOOR
        return [*found, "slower"] if is_slower and self.is_comparable else found


class Desk:
    """A database and the process that answers for it, `worker` by its module."""

    def __init__(self, url: str, worker: str = "bench.desk_worker") -> None:
        self.url, self.worker = url, worker
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings.testing", **os.environ, "DATABASE_URL": url,
        }  # fmt: skip

    def make(self, claims: int, open_reviews: int) -> None:
        """Fill the database."""
        command = [
            sys.executable, "-m", "bench.make_desk",
            "--claims", str(claims), "--open-reviews", str(open_reviews),
        ]  # fmt: skip
        subprocess.run(command, check=True, env=self.environment, cwd=ROOT, stdout=sys.stderr)

    def start(self) -> None:
        """Start the process."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.worker], env=self.environment, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, order: str, page: str = "") -> Any:
        """Give an order and return the answer."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([order, page]), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def stop(self) -> None:
        """Let the process end."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", type=int, default=10_000, help="claims")
    parser.add_argument("--large", type=int, default=1_000_000, help="claims")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", default=[""], help="pages whose names begin so")
    parser.add_argument("--most-ratio", type=float, default=MOST_RATIO, help="0: do not compare")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    """Make the databases, measure, print a table, and say by the exit whether the goal is met."""
    asked = arguments()
    desks = [desk_of(asked, claims) for claims in (asked.small, asked.large)]
    for desk in desks:
        desk.start()
    try:
        results = measure(desks, asked.rounds, asked.only)
    finally:
        for desk in desks:
            desk.stop()
    most = asked.most_ratio or float("inf")
    print(table(results, most))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(result) for result in results], indent=1))
    sys.exit(any(result.misses(most) for result in results))


def desk_of(asked: argparse.Namespace, claims: int, worker: str = "bench.desk_worker") -> Desk:
    """Return the database of that size, made when it is not there."""
    if asked.database == "postgresql":
        return _on_server(claims, worker)
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = asked.folder.resolve() / f"desk-{claims}.sqlite3"
    desk = Desk(f"sqlite:///{path}", worker)
    if not path.exists():
        desk.make(claims, claims // 10)
    return desk


def _on_server(claims: int, worker: str) -> Desk:
    """Return a database of its own on the server of DATABASE_URL, made when it is not there."""
    import psycopg

    server, name = os.environ["DATABASE_URL"], f"desk_{claims}"
    desk = Desk(f"{server.rsplit('/', 1)[0]}/{name}", worker)
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone():
            return desk
        connection.execute(f"CREATE DATABASE {name}")
    desk.make(claims, claims // 10)
    return desk


def measure(desks: list[Desk], rounds: int, only: list[str]) -> list[Result]:
    """Look at each page in both databases, then time it in turns: small, large, small, large."""
    names = [desk.ask("list") for desk in desks]
    shared = [name for name in names[0] if name in names[1] and name.startswith(tuple(only))]
    results = [Result(name, [desk.ask("look", name) for desk in desks]) for name in shared]
    for result in results:
        print(f"\r{result.page:<70}", end="", file=sys.stderr, flush=True)
        for _ in range(rounds):
            small, large = (desk.ask("time", result.page) for desk in desks)
            result.times.append((small, large))
    print(file=sys.stderr)
    return results


def table(results: list[Result], most_ratio: float) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| page | rows | queries | CPU ms, small | large | ratio | misses |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        rows, queries = (_pair(result.looks, name) for name in ("rows", "queries"))
        small, large = (f"{seconds * 1000:.1f}" for seconds in result.seconds)
        misses = "; ".join(result.misses(most_ratio))
        ratio = f"{result.ratio:.2f}" if result.is_comparable else f"({result.ratio:.2f})"
        lines.append(
            f"| {result.page} | {rows} | {queries} | {small} | {large} | {ratio} | {misses} |"
        )
    return "\n".join(lines)


def _pair(looks: list[dict[str, Any]], name: str) -> str:
    small, large = (str(look[name]) for look in looks)
    return small if small == large else f"{small}, {large}"


if __name__ == "__main__":
    main()
