"""Compare what readers and programs ask for with a naive site and with hand-written queries.

    python -m bench.readers --claims 100000 --json readers.json

All are served by granian on this machine, from the same SQLite file, and asked in turns: each
round asks every one of them, in an order of its own, and a ratio is taken inside a round. What is
compared is processor time of the server: the clock tells little on a machine that others use too.
"""

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .desk import ROOT, Desk

OURS = ("config.wsgi:application", "config.settings.development")
SITES: dict[str, tuple[str, str, dict[str, str]]] = {
    "cold": (*OURS, {"PAGE_CACHE_MEGABYTES": "0"}),
    "warm": (*OURS, {"PAGE_CACHE_MEGABYTES": "64"}),
    "naive": ("bench.peers.wsgi:application", "bench.peers.settings", {}),
    "raw": ("bench.peers.raw:application", "", {}),
}  # fmt: skip
TO_REACH = {
    "claim page": (3, 80),
    "list page": (16, 1000),
    "API detail": (20, 150),
    "API list of 50": (80, 800),
    "API page 2000": (2000, None),
    "search, common, newest": (400, None),
    "search, common, ranked": (75, None),
    "search, rare": (230, None),
    "search, filtered": (75, None),
}
"""Times naive, cold and from memory."""


@dataclass
class Result:
    """Seconds of CPU of a request, by site, one for each round."""

    name: str
    paths: dict[str, str]
    sizes: dict[str, int] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def times(self, base: str, site: str) -> float | None:
        """Return how many times as much `base` takes: the median over the rounds."""
        if base not in self.cpu or site not in self.cpu:
            return None
        rounds = zip(self.cpu[base], self.cpu[site], strict=True)
        return statistics.median(theirs / max(ours, 1e-9) for theirs, ours in rounds)


class Site:
    """A server that runs, and what it takes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, path: str) -> int:
        """Ask once; return the size of the answer. Raises RuntimeError unless it is 200."""
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status}")
        return len(body)

    def cpu(self) -> float:
        """Return the seconds of CPU of the server and its workers so far."""
        return sum(_cpu(pid) for pid in _tree(self.process.pid))

    def measure(self, path: str, seconds: float) -> float:
        """Return the seconds of CPU that a request takes, asked for so long, at least once."""
        before, began, asked = self.cpu(), time.monotonic(), 0
        while not asked or time.monotonic() - began < seconds:
            self.ask(path)
            asked += 1
        return (self.cpu() - before) / asked


def _cpu(pid: int) -> float:
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def _tree(root: int) -> Iterator[int]:
    yield root
    for children in Path(f"/proc/{root}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _tree(int(child))


@contextmanager
def served(name: str, url: str) -> Iterator[Site]:
    """Serve one of SITES until the block ends."""
    application, settings, more = SITES[name]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | more | {"DATABASE_URL": url, "DEBUG": "0", "ALLOWED_HOSTS": "*"}
    environment |= {"DJANGO_SETTINGS_MODULE": settings} if settings else {}
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port",
        str(port), "--workers", "1", "--blocking-threads", "1", "--log-level", "error", application,
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        _wait_for(port, process)
        yield Site(process, port)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("The server ended.") from None
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server does not answer.")


def questions(url: str) -> list[Result]:
    """Return what is asked, and where each site answers it."""
    script = "from bench.readers import addresses; import json; print(json.dumps(addresses()))"
    setup = f"import django; django.setup(); {script}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
    }
    told = subprocess.run(
        [sys.executable, "-c", setup], env=environment, cwd=ROOT, check=True, capture_output=True
    ).stdout
    return [
        Result(name, {"warm": paths["cold"], **paths}) for name, paths in json.loads(told).items()
    ]


def addresses() -> dict[str, dict[str, str]]:
    """Return the paths by question and site."""
    from django.core.exceptions import ObjectDoesNotExist

    from claims.models import Claim
    from claims.paging import write_cursor

    from . import words

    claim = Claim.objects.published().newest_first()[10:11].get().pk
    api, naive = "/api/v1/claims/", "/api/claims/"
    found = {
        "claim page": {"cold": f"/claims/{claim}/", "naive": f"/claims/{claim}/"},
        "list page": {"cold": "/claims/", "naive": "/claims/"},
        "API detail": {
            "cold": f"{api}{claim}/", "naive": f"{naive}{claim}/", "raw": f"/claims/{claim}/",
        },
        "API list of 50": {"cold": f"{api}?limit=50", "naive": naive, "raw": "/claims/"},
        "search, common, newest": {
            "cold": f"{api}?limit=50&q={words.COMMON}&order=newest",
            "naive": f"{naive}?search={words.COMMON}",
        },
        "search, common, ranked": {
            "cold": f"{api}?limit=50&q={words.COMMON}", "naive": f"{naive}?search={words.COMMON}",
        },
        "search, rare": {
            "cold": f"{api}?limit=50&q={words.RARE}", "naive": f"{naive}?search={words.RARE}",
        },
        "search, filtered": {
            "cold": f"{api}?limit=50&q={words.COMMON}&rating=false",
            "naive": f"{naive}?search={words.COMMON}&rating=false",
        },
    }  # fmt: skip
    try:
        before = Claim.objects.visible().newest_first()[50 * 1999 - 1 : 50 * 1999].get()
    except ObjectDoesNotExist:
        return found  # fewer claims than that
    cursor = write_cursor("after", before.listed_at, before.pk)
    moment = before.listed_at.isoformat(" ").removesuffix("+00:00")
    found["API page 2000"] = {
        "cold": f"{api}?limit=50&cursor={cursor}",
        "naive": f"{naive}?page=2000",
        "raw": f"/claims/?after={moment},{before.pk}".replace(" ", "%20"),
    }
    return found


def measure(results: list[Result], sites: dict[str, Site], rounds: int, seconds: float) -> None:
    """Ask every site for everything, in turns."""
    for result in results:
        asked = [name for name in result.paths if name in sites]
        for name in asked:
            result.sizes[name] = sites[name].ask(result.paths[name])
            result.cpu[name] = []
        for _ in range(rounds):
            for name in random.sample(asked, len(asked)):
                result.cpu[name].append(sites[name].measure(result.paths[name], seconds))
        print(f"\r{result.name:<30}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def table(results: list[Result]) -> str:
    """Return the results as a Markdown table: microseconds of CPU, and times naive."""
    lines = [
        "| | naive µs | cold µs | from memory µs | raw µs | cold, times naive | to reach "
        "| from memory | to reach | cold, times raw |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        cells: list[str] = [result.name]
        for site in ("naive", "cold", "warm", "raw"):
            taken = result.cpu.get(site)
            cells.append(f"{statistics.median(taken) * 1e6:,.0f}" if taken else "")
        goals = TO_REACH.get(result.name, (None, None))
        for site, goal in zip(("cold", "warm"), goals, strict=True):
            ratio = result.times("naive", site)
            cells += [f"{ratio:,.1f}" if ratio else "", f"{goal:,}" if goal else ""]
        ratio = result.times("cold", "raw")
        cells.append(f"{ratio:,.1f}" if ratio else "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Make the database where there is none, measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.4, help="of each site in a round")
    parser.add_argument("--sites", nargs="*", choices=SITES, default=list(SITES))
    parser.add_argument("--only", nargs="*", default=TO_REACH, help="some of the questions")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    path = asked.folder / f"desk-{asked.claims}.sqlite3"
    desk = Desk(f"sqlite:///{path}")
    if not path.exists():
        asked.folder.mkdir(parents=True, exist_ok=True)
        desk.make(asked.claims, asked.claims // 10)
    # Where the servers find style sheets and scripts, by the names that pages have for them.
    os.environ |= {"VAR_DIR": str(asked.folder), "DJANGO_SETTINGS_MODULE": OURS[1]}
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, check=True)
    results = [each for each in questions(desk.url) if each.name in asked.only]
    with ExitStack() as stack:
        sites = {name: stack.enter_context(served(name, desk.url)) for name in asked.sites}
        measure(results, sites, asked.rounds, asked.seconds)
    print(table(results))
    if asked.json:
        told: list[Any] = [vars(result) for result in results]
        asked.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
