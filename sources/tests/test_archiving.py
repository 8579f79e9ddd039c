"""Copies of sources: asked for, made, tried again, given up."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.tests.factories import make_person, make_snapshot, make_source
from sources import archive, archiving, capturing, warc
from sources.models import Capture, Snapshot

from .documents import PNG, SENTENCE, page, pdf
from .hostile import answer, redirect

pytestmark = pytest.mark.django_db


def source_at(web, body=None, *, path="/a", **said):
    web.pages[path] = answer(page() if body is None else body, **said)
    return make_source(url=web.url(path))


def later(**pause):
    return timezone.now() + timedelta(**pause)


def test_a_copy_holds_what_the_address_answered(web):
    source = source_at(web, headers=["X-Told: yes", "Content-Type: text/html; charset=utf-8"])

    done = archiving.capture_now(source)

    snapshot = done.snapshot
    assert (done.state, done.reason, done.next_attempt_at) == ("captured", "", None)
    assert SENTENCE in snapshot.text
    assert (snapshot.final_url, snapshot.status) == (source.url, 200)
    assert snapshot.content_type == "text/html"
    assert snapshot.payload_sha256 == hashlib.sha256(page()).hexdigest()
    assert archive.is_whole(snapshot.file)
    document = warc.document_in(archive.kept(snapshot.file))
    assert document.body == page()
    assert document.received_at == snapshot.captured_at


def test_what_the_document_told_waits_with_the_capture(web):
    done = archiving.capture_now(source_at(web))

    assert done.found["title"] == "Taxes doubled"
    assert done.found["language"] == "en"
    assert "title" not in done.found["guessed"]


def test_a_copy_is_of_the_address_that_answered(web):
    source = source_at(web, path="/new")
    web.pages["/old"] = redirect("/new", "301 Moved Permanently")
    type(source).objects.update(url=web.url("/old"))
    source.refresh_from_db()

    done = archiving.capture_now(source)

    assert done.snapshot.final_url == web.url("/new")
    assert web.url("/old").encode() in b"".join(warc_records(done.snapshot.file))


def warc_records(name):
    import io

    from warcio.archiveiterator import ArchiveIterator

    for record in ArchiveIterator(io.BytesIO(archive.kept(name))):
        yield record.content_stream().read()


def test_a_page_that_says_the_same_is_not_kept_twice(web):
    source = source_at(web)
    first = archiving.capture_now(source)
    web.pages["/a"] = answer(page(head="<!-- another advertisement -->"))

    second = archiving.capture_now(source)

    assert second.snapshot == first.snapshot
    assert "says the same" in second.note
    assert Snapshot.objects.count() == 1


def test_a_page_that_changed_is_another_snapshot(web):
    source = source_at(web)
    first = archiving.capture_now(source)
    web.pages["/a"] = answer(page("Taxes did not double, the council said on Tuesday at last."))

    second = archiving.capture_now(source)

    assert second.snapshot != first.snapshot
    assert "says the same" not in second.note


def test_a_text_that_was_typed_in_does_not_stand_for_the_page(web):
    source = source_at(web, b"Taxes doubled.", headers=["Content-Type: text/plain"])
    typed = make_snapshot("Taxes doubled.", source=source)

    done = archiving.capture_now(source)

    assert done.snapshot != typed
    assert done.snapshot.sha256 == typed.sha256
    assert archive.is_whole(done.snapshot.file)


def test_a_text_is_typed_in_once(db):
    typed = make_snapshot("Taxes doubled.")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_snapshot("Taxes doubled.", source=typed.source)


def test_a_pdf_is_kept_with_its_words(web):
    source = source_at(web, pdf("Taxes doubled."), headers=["Content-Type: application/pdf"])

    assert archiving.capture_now(source).snapshot.text == "Taxes doubled."


def test_a_pdf_of_scans_is_kept_and_its_silence_is_said(web):
    source = source_at(web, pdf(""), headers=["Content-Type: application/pdf"])

    done = archiving.capture_now(source)

    assert (done.state, done.snapshot.text) == ("captured", "")
    assert "No text" in done.note


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"status": "404 Not Found"}, "no such page"),
        ({"headers": ["Content-Type: video/mp4"]}, "not a kind of document"),
        ({"headers": ["Content-Type: application/pdf"]}, "damaged"),
    ],
)
def test_what_trying_again_cannot_mend_fails_at_once_and_says_why(web, said, reason):
    done = archiving.capture_now(source_at(web, **said))

    assert (done.state, done.attempts) == ("failed", 1)
    assert reason in done.reason
    assert not Snapshot.objects.exists()


def test_a_site_that_is_away_is_tried_again_after_growing_pauses(web):
    source = source_at(web, status="503 Service Unavailable")
    wanted = archiving.capture_now(source)
    waited = []

    while wanted.state == "waiting":
        waited.append(wanted.next_attempt_at - timezone.now())
        assert not capturing.attempt(wanted)  # not due yet
        capturing.attempt(wanted, wanted.next_attempt_at)

    assert wanted.state == "failed"
    assert wanted.attempts == capturing.MAX_ATTEMPTS == len(web.paths)
    assert [round(each / timedelta(minutes=1)) for each in waited] == [1, 10, 60, 360]


def test_a_site_is_left_alone_as_long_as_it_asks(web):
    wait = ["Retry-After: 7200"]
    source = source_at(web, status="503 Service Unavailable", headers=wait)

    wanted = archiving.capture_now(source)

    assert wanted.next_attempt_at > later(minutes=119)


def test_a_site_that_is_back_is_kept(web):
    source = source_at(web, status="503 Service Unavailable")
    wanted = archiving.capture_now(source)
    web.pages["/a"] = answer(page())

    assert capturing.attempt(wanted, wanted.next_attempt_at)

    assert (wanted.state, wanted.reason, wanted.attempts) == ("captured", "", 2)


def test_to_wait_for_a_turn_at_a_host_is_no_failed_attempt(web, monkeypatch):
    def busy(url):
        raise capturing.Refused("busy", retry_after=1)

    monkeypatch.setattr(capturing, "fetch", busy)

    wanted = archiving.capture_now(make_source())

    assert (wanted.state, wanted.attempts) == ("waiting", 0)
    assert "another page of this site" in wanted.reason


def test_asking_twice_is_asking_once(reviewer):
    source = make_source()
    first = archiving.capture(source, by=reviewer)
    Capture.objects.update(next_attempt_at=later(hours=1))

    again = archiving.capture(source, by=reviewer)

    assert again == first
    assert Capture.objects.due(timezone.now()).get() == first


def test_what_failed_is_tried_again_by_asking_again(web, reviewer):
    source = source_at(web, status="404 Not Found")
    failed = archiving.capture_now(source)
    web.pages["/a"] = answer(page())

    again = archiving.capture_now(source)

    assert again != failed
    assert again.state == "captured"


def test_a_source_without_an_address_is_uploaded_instead(reviewer):
    with pytest.raises(ValidationError, match="Upload"):
        archiving.capture(make_source(url=""), by=reviewer)


def test_who_may_not_keep_copies_is_refused(administrator):
    with pytest.raises(PermissionDenied):
        archiving.capture(make_source(), by=administrator)
    with pytest.raises(PermissionDenied):
        archiving.capture_upload(make_source(), b"x", "text/plain", by=make_person())

    assert not Capture.objects.exists()


def uploaded(reviewer, body, content_type, **said):
    source = said.pop("source", None) or make_source(url="")
    wanted = archiving.capture_upload(source, body, content_type, by=reviewer, **said)
    capturing.attempt(wanted)
    return wanted


def test_an_upload_is_kept_without_any_address(reviewer):
    done = uploaded(reviewer, page(), "text/html")

    assert SENTENCE in done.snapshot.text
    assert (done.snapshot.final_url, done.snapshot.status) == ("", None)
    assert done.snapshot.is_uploaded
    assert done.by == reviewer
    assert warc.document_in(archive.kept(done.snapshot.file)).body == page()


def test_the_words_of_an_image_are_those_that_were_typed_in(reviewer):
    done = uploaded(reviewer, PNG, "image/png", transcription="Taxes doubled.")

    assert done.snapshot.text == "Taxes doubled."
    assert done.snapshot.content_type == "image/png"


def test_a_document_with_words_keeps_its_own(reviewer):
    done = uploaded(reviewer, pdf("Rents fell."), "application/pdf", transcription="Taxes rose.")

    assert done.snapshot.text == "Rents fell."


def test_an_upload_whose_file_was_lost_says_so(reviewer):
    wanted = archiving.capture_upload(make_source(), b"Words.", "text/plain", by=reviewer)
    archive.storage().delete(wanted.file)

    capturing.attempt(wanted)

    assert wanted.state == "failed"
    assert "Upload it again" in wanted.reason


def test_an_upload_whose_file_was_spoilt_says_so(reviewer):
    wanted = archiving.capture_upload(make_source(), b"Words.", "text/plain", by=reviewer)
    spoil(wanted.file)

    capturing.attempt(wanted)

    assert wanted.state == "failed"


def spoil(name):
    with archive.storage().open(name, "wb") as file:
        file.write(b"spoilt")


def test_a_capture_that_lost_its_worker_is_made_by_the_next(web):
    source = source_at(web)
    wanted = Capture.objects.create(source=source)
    assert capturing._lease(wanted, timezone.now())

    assert not capturing.attempt(Capture.objects.get())
    assert capturing.attempt(Capture.objects.get(), later(minutes=6))

    assert Capture.objects.get().attempts == 2


def test_a_worker_that_was_thought_dead_makes_no_second_snapshot(web):
    wanted = Capture.objects.create(source=source_at(web))
    assert capturing._lease(wanted, timezone.now())
    copy = capturing._fetched(wanted)
    web.pages["/a"] = answer(page("Something else was said by the council on Tuesday at noon."))
    other = Capture.objects.get()
    assert capturing.attempt(other, later(minutes=6))

    with pytest.raises(capturing._Overtaken):
        capturing._record_success(wanted, copy)
    capturing._record_failure(wanted, "Too late.", None)

    assert Snapshot.objects.get() == Capture.objects.get().snapshot == other.snapshot


def test_tick_gives_up_what_lost_its_worker_too_often(capsys):
    now = timezone.now()
    Capture.objects.create(
        source=make_source(),
        state="running",
        attempts=capturing.MAX_ATTEMPTS,
        next_attempt_at=now - timedelta(minutes=1),
    )

    call_command("tick")

    wanted = Capture.objects.get()
    assert wanted.state == "failed"
    assert "worker was stopped" in wanted.reason


@pytest.mark.django_db(transaction=True)
def test_tick_asks_for_what_is_due_and_not_again_a_minute_later(web, settings, capsys):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    Capture.objects.create(source=source_at(web))

    call_command("tick")
    call_command("tick")

    assert capsys.readouterr().out == "Captures asked for: 1\n"


@pytest.mark.django_db(transaction=True)
def test_what_a_person_asked_for_is_made_by_the_worker(web, reviewer):
    archiving.capture(source_at(web), by=reviewer)

    assert Capture.objects.get().state == "captured"


def test_tick_does_the_rest_when_one_part_fails(settings, capsys, caplog):
    settings.EACH_MINUTE = ["sources.tests.test_archiving.fall_over", *settings.EACH_MINUTE]
    Capture.objects.create(source=make_source(url="https://nowhere.invalid/"), queued_at=None)

    with pytest.raises(CommandError, match="fall_over"):
        call_command("tick")

    assert "Captures asked for: 1" in capsys.readouterr().out


def fall_over(now):
    raise RuntimeError("as a test asks")


def test_a_mistake_of_ours_is_logged_and_tried_again(web, monkeypatch, caplog):
    monkeypatch.setattr(archive, "keep", lambda file: 1 / 0)

    wanted = archiving.capture_now(source_at(web))

    assert wanted.state == "waiting"
    assert "on our side" in wanted.reason
    assert "ZeroDivisionError" in caplog.text


def test_a_file_is_the_same_for_the_same_answer(web):
    web.pages["/a"] = answer(page())
    fetched = capturing.fetch(web.url("/a"))

    assert warc.of_response(fetched) == warc.of_response(fetched)
    assert archive.keep(warc.of_response(fetched)) == archive.keep(warc.of_response(fetched))
