"""The files of kept copies, and the sweep that holds them against the rows."""

import os
import time
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from claims.tests.factories import make_source
from sources import archive, archiving, capturing, warc
from sources.models import Capture, Snapshot
from sources.storage import INCOMING

from .documents import SENTENCE, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(disk, reviewer):
    """A snapshot with its file on the disk."""
    source = make_source(url="")
    wanted = archiving.capture_upload(source, page(), "text/html", by=reviewer)
    assert capturing.attempt(wanted)
    return wanted.snapshot


def sweep(**options):
    said = StringIO()
    call_command("sweep_archive", stdout=said, stderr=said, **options)
    return said.getvalue()


def files(disk):
    return sorted(archive.names())


def test_a_file_lies_under_the_hash_of_what_is_in_it(kept, disk):
    (name,) = files(disk)

    assert name == kept.file
    assert archive.sha256_of(name) == name.removesuffix(".warc.gz").replace("/", "")
    assert archive.is_whole(name)
    assert SENTENCE.encode() in warc.document_in(archive.kept(name)).body


def test_a_file_that_could_not_be_written_leaves_nothing_behind(disk):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        disk.save("ab/whole.warc.gz", Broken(b""))

    assert files(disk) == []


def test_a_storage_that_never_overwrites_keeps_one_file_too(monkeypatch):
    name = archive.keep(b"the same")
    monkeypatch.setattr(archive.storage(), "exists", lambda name: False)
    monkeypatch.setattr(
        archive.storage(), "save", lambda name, content: f"{name}-again", raising=True
    )
    deleted = []
    monkeypatch.setattr(archive.storage(), "delete", deleted.append)

    assert archive.keep(b"the same") == name
    assert deleted == [f"{name}-again"]


def test_a_name_that_is_not_ours_has_no_hash():
    assert archive.sha256_of("incoming/tmp1") == ""


def test_an_empty_archive_is_swept_in_peace(disk):
    assert sweep() == ("Whole: 0. Removed: 0. Too young to tell: 0. Missing: 0. Altered: 0.\n")


def test_a_sweep_removes_what_no_snapshot_came_to(kept, disk):
    orphan = archive.keep(warc.of_upload(b"Nobody wants this.", "text/plain", kept.captured_at))

    said = sweep(minutes=0)

    assert f"Removed, no snapshot names it: {orphan}" in said
    assert files(disk) == [kept.file]


def test_a_sweep_removes_what_was_never_finished(disk):
    disk.save("ab/x", ContentFile(b"x"))
    half = os.path.join(disk.location, INCOMING, "tmphalf")  # noqa: PTH118
    with open(half, "wb") as file:  # noqa: PTH123
        file.write(b"half")
    hours_ago = time.time() - 7200
    os.utime(half, (hours_ago, hours_ago))

    said = sweep()

    assert "incoming/tmphalf" in said
    assert files(disk) == ["ab/x"]
    assert "Too young to tell: 1" in said


def test_a_sweep_keeps_what_waits_to_be_read(disk, reviewer):
    wanted = archiving.capture_upload(make_source(), b"Words.", "text/plain", by=reviewer)

    sweep(minutes=0)

    assert files(disk) == [wanted.file]
    assert capturing.attempt(wanted)


def test_a_sweep_reports_a_file_that_is_missing(kept, disk):
    disk.delete(kept.file)

    with pytest.raises(CommandError, match="backup"):
        sweep()


def test_a_sweep_reports_a_file_that_was_altered_and_keeps_it(kept, disk):
    with disk.open(kept.file, "ab") as file:
        file.write(b"!")
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("sweep_archive", stdout=said, stderr=said)

    assert f"Snapshot {kept.pk}: its file was altered" in said.getvalue()
    assert files(disk) == [kept.file]


def test_what_was_kept_is_never_changed_or_deleted_under_a_claim(kept):
    from django.core.exceptions import ValidationError
    from django.db.models import ProtectedError

    from claims.tests.factories import make_appearance

    make_appearance(exact="taxes doubled", snapshot=kept)
    kept.text = "Something else."

    with pytest.raises(ValidationError):
        kept.save()
    with pytest.raises(ProtectedError):
        Snapshot.objects.get().delete()


def test_a_capture_goes_with_its_snapshot(kept):
    Snapshot.objects.get().delete()

    assert not Capture.objects.exists()
