"""What commands read from files."""

import sys
from pathlib import Path

from django.core.management.base import CommandError


def lines_of(file: str) -> list[str]:
    """Return the lines of a file, or of the standard input for "-". Raises CommandError."""
    if file == "-":
        return [line.rstrip("\r\n") for line in sys.stdin]
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
