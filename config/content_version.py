"""The version of all that the database holds: any commit of anybody changes it.

SQLite: `PRAGMA data_version` on a connection of its own, which differs as soon as another
connection committed (sqlite.org/pragma.html#pragma_data_version). PostgreSQL: the snapshot of a
transaction that would begin now, which names those that are not over yet
(`pg_current_snapshot`, section 9.27.8 of its manual): two alike see the same rows.
"""

import logging
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

_log = logging.getLogger(__name__)


class SQLite:
    """A database file. One that was put in the place of another, as a restore does, is another."""

    def __init__(self, path: Path) -> None:
        self.path, self.file = path, path.stat().st_ino
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.connection.execute("PRAGMA query_only = ON")

    def version(self) -> object:
        """Return the file and its version."""
        if self.path.stat().st_ino != self.file:
            raise _Replaced(self.path)
        return self.file, self.connection.execute("PRAGMA data_version").fetchone()[0]


class _Replaced(Exception):
    """Another file is where the database was."""


class PostgreSQL:
    """A database on a server, asked over a connection of its own."""

    def __init__(self) -> None:
        self.connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self.connection.inc_thread_sharing()

    def version(self) -> object:
        """Return the snapshot, as text."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            return cursor.fetchone()[0]


_lock = Lock()
_watch: SQLite | PostgreSQL | None = None


def version() -> object | None:
    """Return the version of the database now; None where nobody can tell, as one in memory."""
    global _watch  # one connection for all threads of a process
    with _lock:
        try:
            if _watch is None:
                _watch = _opened()
            return _watch.version() if _watch else None
        except Exception:  # each database has its own; whoever asked goes on without
            _log.exception("The version of the database is unknown: pages are made anew")
            _watch = None
            return None


def _opened() -> SQLite | PostgreSQL | None:
    database: dict[str, Any] = settings.DATABASES[DEFAULT_DB_ALIAS]
    if database["ENGINE"].endswith("postgresql"):
        return PostgreSQL()
    path = Path(database["NAME"])
    return SQLite(path) if path.exists() else None
