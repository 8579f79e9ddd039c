"""A site of a bench's own in a folder, and the web on this machine that its sources stand on."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class LocalWeb:
    """The server of `bench.web_server`, in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.web_server"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.port = int(self._line())

    def seen(self) -> dict[str, Any]:
        """Return what the server saw of its visitors."""
        assert self.process.stdin
        print(file=self.process.stdin, flush=True)
        seen: dict[str, Any] = json.loads(self._line())
        return seen

    def stop(self) -> None:
        """Let the process end."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.terminate()
        self.process.wait()

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()


def add_arguments(parser: ArgumentParser) -> None:
    """Add what can be asked of every bench with a site of its own."""
    parser.add_argument("--migrated", type=Path, help="an empty SQLite file with all tables")
    parser.add_argument("--json", type=Path)


@contextmanager
def local_site(migrated: Path | None) -> Iterator[LocalWeb]:
    """Let this process be a site whose sources stand on this machine: settings, tables, folder.

    Nothing else differs from the site of a laptop: its cache, database and copies are on the disk.
    Begins with a copy of a `migrated` database, where there is one: to migrate takes longest.
    """
    with tempfile.TemporaryDirectory() as folder:
        if migrated:
            shutil.copy(migrated, f"{folder}/bench.sqlite3")
        web = LocalWeb()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "VAR_DIR": folder,
            "FETCH_ALLOWS_LOOPBACK": "1",
            "FETCH_PORTS": str(web.port),
        }
        import django
        from django.core.management import call_command

        try:
            django.setup()
            if not migrated:
                call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            yield web
        finally:
            web.stop()
