"""Where the files of kept copies lie on a disk: whole or not at all, and still there after a
power cut.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

INCOMING = "incoming"
"""The folder of files that are being written. What a killed process leaves there is swept."""


class DurableStorage(FileSystemStorage):
    """Django’s storage on a disk, for files that are named by their content.

    A file is written under another name and moved to its own once it is on the disk, so nobody
    ever finds half of it.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: the same name is the same content."""
        return name

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        incoming = Path(self.path(INCOMING))
        for folder in (incoming, target.parent):
            folder.mkdir(parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(written).replace(target)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise
        for folder in (target.parent, target.parent.parent):
            _sync(folder)
        return name


def _sync(folder: Path) -> None:
    """Write to the disk which files a folder holds."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
