"""Processor time: of this process, of all that it starts, and of the database server."""

import re
import resource
import time
from multiprocessing import forkserver
from pathlib import Path

from django.db import connection


def with_database() -> float:
    """Return the seconds of CPU of this process and of the server of its connection, so far."""
    return time.process_time() + (_server() if connection.vendor == "postgresql" else 0)


def with_children() -> float:
    """Return the seconds of CPU of this process and of those that worked for it, so far.

    What `sources.apart` starts are children of the fork server, whose time the system counts as
    ours only when the server itself ends; so it is read from the server.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + _fork_server()


def _server() -> float:
    pid = re.sub(r"\D", "", str(connection.connection.info.backend_pid))
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _fork_server() -> float:
    pid = getattr(forkserver._forkserver, "_forkserver_pid", None)
    if pid is None:
        return 0
    # What follows the name of the program: user and system time, its own and of its children.
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, told[11:15])) / TICKS


TICKS = 100
"""A second, in the units of /proc; the same on all Linux systems of today."""
