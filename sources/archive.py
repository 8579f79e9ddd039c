"""The files of kept copies: each under the name of its content, in the storage “snapshots”."""

import hashlib
import re
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

_NAME = re.compile(r"([0-9a-f]{2})/([0-9a-f]{62})\.warc\.gz")


def storage() -> Storage:
    """Return where the files lie: a setting."""
    return storages["snapshots"]


def keep(file: bytes) -> str:
    """Keep a WARC file and return its name. The same file again is kept once."""
    digest = hashlib.sha256(file).hexdigest()
    name = f"{digest[:2]}/{digest[2:]}.warc.gz"
    place = storage()
    if not place.exists(name):
        stored = place.save(name, ContentFile(file))
        if stored != name:  # a storage that never overwrites, and somebody was quicker
            place.delete(stored)
    return name


def kept(name: str) -> bytes:
    """Return the file of this name. Raises FileNotFoundError."""
    with storage().open(name) as file:
        content: bytes = file.read()
    return content


def sha256_of(name: str) -> str:
    """Return the hash that a file of this name must have, or nothing for another name."""
    match = _NAME.fullmatch(name)
    return "".join(match.groups()) if match else ""


def is_whole(name: str) -> bool:
    """Say whether the file is what it was when it was kept. Raises FileNotFoundError."""
    digest = hashlib.sha256()
    with storage().open(name) as file:
        for chunk in file.chunks():
            digest.update(chunk)
    return digest.hexdigest() == sha256_of(name)


def names(folder: str = "") -> Iterator[str]:
    """Yield the name of every file in the storage, also of those that are no copies."""
    try:
        folders, files = storage().listdir(folder)
    except FileNotFoundError:  # nothing was kept yet
        return
    yield from (f"{folder}/{file}".lstrip("/") for file in files)
    for inner in folders:
        yield from names(f"{folder}/{inner}".lstrip("/"))
