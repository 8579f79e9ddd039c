"""Workers that are killed in the middle of captures, and what must hold afterwards.

`python -m sources.tests.faults --kills 20 --captures 60` prints what came of it. A site of its own
is made for that in a temporary folder, with a database file and a disk; pages come from a server on
this machine, and each answer differs from the last, so that a copy made twice shows.
"""

import argparse
import itertools
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
OPEN = "state IN ('waiting', 'running')"


class Pages(BaseHTTPRequestHandler):
    """Pages of which no two are the same."""

    numbers = itertools.count(1)
    asked = threading.Semaphore(0)

    def do_GET(self):
        self.asked.release()
        number = next(self.numbers)
        words = " ".join(random.choices(["tax", "rent", "bus", "law"], k=8000))  # noqa: S311
        body = f"<html><body><p>Answer {number}. {words}.</p></body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield served.server_address[1]
        served.shutdown()


class Site:
    """A site in a folder, run by processes that may be killed."""

    def __init__(self, folder, port):
        self.database = folder / "claims.sqlite3"
        self.port = port
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "VAR_DIR": str(folder),
            "FETCH_ALLOWS_LOOPBACK": "1",
            "FETCH_OBEYS_ROBOTS": "0",
            "FETCH_PORTS": str(port),
            "FETCH_PAUSE": "0",
        }

    def manage(self, *words):
        return self.run("manage.py", *words)

    def inside(self, *words):
        """Run a function of this module in the site, and return what it answers."""
        return json.loads(self.run("-m", "sources.tests.faults", *words))

    def run(self, *words):
        command = [sys.executable, *map(str, words)]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def worker(self):
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def open_captures(self):
        with closing(sqlite3.connect(self.database, timeout=20)) as rows:
            return rows.execute(f"SELECT count(*) FROM sources_capture WHERE {OPEN}").fetchone()[0]  # noqa: S608

    def let_leases_end(self):
        """Bring about what time would: what a killed worker held is free again."""
        with closing(sqlite3.connect(self.database, timeout=20)) as rows, rows:
            rows.execute(
                f"UPDATE sources_capture SET next_attempt_at = '2026-01-01 00:00:00', "  # noqa: S608
                f"queued_at = NULL WHERE {OPEN}"
            )
            rows.execute("DELETE FROM cache")


def kill_workers(site, kills):
    """Start workers, and kill each at a random moment after it asked for a page."""
    for _ in range(kills):
        while Pages.asked.acquire(blocking=False):
            pass
        worker = site.worker()
        Pages.asked.acquire(timeout=20)
        time.sleep(random.uniform(0, 0.5))  # noqa: S311
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        site.let_leases_end()


def let_one_finish(site, seconds=120):
    """Let a worker make what is left, and stop it."""
    worker = site.worker()
    end = time.monotonic() + seconds
    while site.open_captures() and time.monotonic() < end:
        time.sleep(0.2)
    worker.send_signal(signal.SIGTERM)
    worker.wait()


def try_out(folder, *, kills, captures, migrated=None):
    """Return what is left after so many kills during so many captures.

    Begins with a copy of a `migrated` database, where there is one: to migrate takes longest.
    """
    with server() as port:
        site = Site(folder, port)
        if migrated:
            shutil.copy(migrated, site.database)
        else:
            site.manage("migrate", "--verbosity=0")
        site.manage("createcachetable", "--verbosity=0")
        site.inside("prepare", port, captures)
        kill_workers(site, kills)
        let_one_finish(site)
        before = site.inside("look")
        swept = site.manage("sweep_archive", "--minutes=0").splitlines()[-1]
        return {"before": before, "swept": swept, "after": site.inside("look")}


# In the site


def prepare(port, count):
    """Ask for a copy of so many pages; of every fourth, an upload instead."""
    from django.utils import timezone

    from sources import archive, archiving, warc
    from sources.models import Capture, Source

    for number in range(int(count)):
        url = f"http://127.0.0.1:{port}/{number}"
        source = Source.objects.create(title=url, url=url)
        if number % 4 == 3:
            body = f"Document {number}."
            file = archive.keep(warc.of_upload(body.encode(), "text/plain", timezone.now()))
            archiving._ask_a_worker(Capture.objects.create(source=source, file=file))
        else:
            archiving._ask_a_worker(archiving._open_capture(source, None))
    return count


def look():
    """Count what there is, and what there must not be."""
    from sources import archive
    from sources.models import Capture, Snapshot

    names = [name for name in archive.names() if archive.sha256_of(name)]
    kept = list(Snapshot.objects.values_list("file", flat=True))
    captures = list(Capture.objects.values_list("state", "attempts", "snapshot"))
    return {
        "captured": sum(state == "captured" for state, _, _ in captures),
        "failed": sum(state == "failed" for state, _, _ in captures),
        "still open": sum(state not in ("captured", "failed") for state, _, _ in captures),
        "tried more than once": sum(attempts > 1 for _, attempts, _ in captures),
        "snapshots": len(kept),
        "sources with two": len(kept) - Snapshot.objects.values("source").distinct().count(),
        "half-written": sum(not archive.is_whole(name) for name in names),
        "snapshots without bytes": len(set(kept) - set(names)),
        "bytes without a snapshot": len(set(archive.names()) - set(kept)),
    }


def main():
    words = sys.argv[1:]
    if words and words[0] in ("prepare", "look"):
        import django

        django.setup()
        print(json.dumps(globals()[words[0]](*words[1:])))  # noqa: T201
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--captures", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(try_out(Path(folder), **vars(asked)), indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
