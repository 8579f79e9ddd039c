"""An Internet Archive, and a storage that is empty."""

import pytest
from django.core.files.storage import storages

from .internet_archive import internet_archive_server


@pytest.fixture
def internet_archive(settings):
    """An Internet Archive on this machine, whose keys are set."""
    with internet_archive_server() as archive:
        settings.INTERNET_ARCHIVE_URL = archive.url
        settings.INTERNET_ARCHIVE_ACCESS_KEY = "our-access-key"
        settings.INTERNET_ARCHIVE_SECRET_KEY = "our-secret-key"
        yield archive


@pytest.fixture(autouse=True)
def empty_storage(settings):
    """Begin each test without kept files."""
    settings.STORAGES = {**settings.STORAGES}


@pytest.fixture
def disk(settings, tmp_path):
    """Keep files on a disk, as a site does."""
    place = {"location": tmp_path / "snapshots"}
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {"BACKEND": "sources.storage.DurableStorage", "OPTIONS": place},
    }
    return storages["snapshots"]
