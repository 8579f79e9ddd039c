"""Two people do the same at once, two hundred times: one wins, and the other is told in words.

On PostgreSQL they are threads with a connection each, on SQLite processes with a database file
under the settings of production.
"""

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from . import races

ROUNDS = 200
ROOT = Path(__file__).parent.parent


class Threads:
    """Two threads of this process, each with a connection of its own."""

    def __init__(self):
        self.pool = ThreadPoolExecutor(2)
        self.barrier = threading.Barrier(2, timeout=30)
        self.cookies = races.assemble()

    def prepare(self, name):
        return races.prepare(name, self.cookies)

    def send(self, requests):
        sent = [
            self.pool.submit(races.send, request, self.cookies, self.barrier.wait)
            for request in requests
        ]
        return [answer.result(timeout=60) for answer in sent]

    def wrongs(self, plan, answers):
        return races.wrongs(plan, answers)

    def close(self):
        closing = threading.Barrier(2, timeout=30)

        def close_connection():
            closing.wait()
            connections.close_all()

        for done in [self.pool.submit(close_connection) for _ in range(2)]:
            done.result(timeout=60)
        self.pool.shutdown()


class Processes:
    """Two processes on one database file."""

    def __init__(self, folder):
        path = folder / "claims.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.testing",
            "DATABASE_URL": f"sqlite:///{path}",
        }
        self.workers = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.race_worker"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        self.cookies = self.ask(0, "assemble")

    def tell(self, worker, deed, *given, at=None):
        self.workers[worker].stdin.write(json.dumps([deed, given, at]) + "\n")
        self.workers[worker].stdin.flush()

    def hear(self, worker):
        return json.loads(self.workers[worker].stdout.readline())

    def ask(self, worker, deed, *given):
        self.tell(worker, deed, *given)
        return self.hear(worker)

    def prepare(self, name):
        return self.ask(0, "prepare", name, self.cookies)

    def send(self, requests):
        at = time.monotonic() + 0.005
        for worker, request in enumerate(requests):
            self.tell(worker, "send", request, self.cookies, at=at)
        return [self.hear(worker) for worker in range(2)]

    def wrongs(self, plan, answers):
        return self.ask(0, "wrongs", plan, answers)

    def close(self):
        for worker in self.workers:
            worker.stdin.close()
            worker.wait(timeout=30)
            worker.stdout.close()


@pytest.fixture
def two_people(transactional_db, tmp_path):
    two = Processes(tmp_path) if connection.vendor == "sqlite" else Threads()
    yield two
    two.close()


@pytest.mark.unmeasured
def test_of_two_people_who_do_the_same_at_once_one_wins_and_the_other_is_told(two_people):
    rounds = itertools.islice(itertools.cycle(races.BY_NAME), ROUNDS)

    found = []
    for name in rounds:
        plan = two_people.prepare(name)
        answers = two_people.send(plan["requests"])
        found += two_people.wrongs(plan, answers)

    assert not found, "\n".join(found)
