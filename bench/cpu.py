"""How much processor time was taken, that of the database server included."""

import re
import time
from pathlib import Path

from django.db import connection


def cpu() -> float:
    """Return the seconds of CPU that this process and its connection's took so far."""
    return time.process_time() + (_server_cpu() if connection.vendor == "postgresql" else 0)


def _server_cpu() -> float:
    """Return the seconds of CPU that the server's process for our connection took so far."""
    pid = re.sub(r"\D", "", str(connection.connection.info.backend_pid))
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
