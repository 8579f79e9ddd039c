"""Public copies: asked for, looked after, kept or given up."""

import logging
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from claims.tests.factories import make_public_copy, make_snapshot, make_source
from sources import archiving, capturing, public_archive
from sources.fetching import Limits
from sources.models import Capture, PublicCopy

from .certificates import server_context
from .documents import page
from .hostile import answer
from .internet_archive import ACCEPTED, JOB, PENDING, SUCCESS, internet_archive_server

pytestmark = pytest.mark.django_db
SECRET = "our-secret-key"


@pytest.fixture
def quick(monkeypatch):
    """Wait for the Internet Archive less long than a site does."""
    limits = Limits(connect=0.5, total=0.5, max_bytes=1000)
    monkeypatch.setattr("sources.internet_archive.LIMITS", limits)


def make_read_source(url="https://example.org/a"):
    """Make a source that we have read at its address."""
    source = make_source(url=url)
    Capture.objects.create(
        source=source,
        state="captured",
        snapshot=make_snapshot(source=source),
        next_attempt_at=None,
        ended_at=timezone.now(),
    )
    return source


def make_waiting_copy(source=None):
    return make_public_copy(source or make_source(), state="waiting")


def make_asked_copy():
    return make_public_copy(make_source(), state="asked", job_id=JOB, asked_at=timezone.now())


def after_next_tick(copy):
    """Let the minute come in which the copy is due, and return the copy after it."""
    copy.refresh_from_db()
    public_archive.go_on(copy.next_attempt_at)
    copy.refresh_from_db()
    return copy


def test_what_was_captured_is_kept_at_the_internet_archive_too(web, internet_archive):
    web.pages["/a?b=c&d"] = answer(page())
    source = make_source(url=web.url("/a?b=c&d"))

    archiving.capture_now(source)
    copy = source.public_copies.get()
    after_next_tick(copy)
    assert (copy.state, copy.job_id) == ("asked", JOB)
    after_next_tick(copy)

    assert copy.state == "kept"
    assert copy.url == f"https://web.archive.org/web/20261124101112/{source.url}"
    assert copy.captured_at == datetime(2026, 11, 24, 10, 11, 12, tzinfo=UTC)
    assert internet_archive.paths == ["POST /save", f"GET /save/status/{JOB}"]


def test_the_internet_archive_is_asked_as_it_wants_to_be(internet_archive):
    copy = make_waiting_copy()

    after_next_tick(copy)

    [(_, _, headers, form)] = internet_archive.asked
    assert headers["Authorization"] == "LOW our-access-key:our-secret-key"
    assert headers["Accept"] == "application/json"
    assert headers["User-Agent"].startswith("ClaimsTracker (+")
    assert form == {
        "url": [copy.original_url],
        "if_not_archived_within": ["30d"],
        "skip_first_archive": ["1"],
    }


def test_a_copy_that_is_not_made_yet_is_looked_for_after_growing_pauses(internet_archive):
    internet_archive.states = [PENDING, PENDING, SUCCESS]
    copy = make_asked_copy()

    pauses = []
    while copy.state == "asked":
        last = copy.next_attempt_at
        after_next_tick(copy)
        pauses.append(copy.next_attempt_at and copy.next_attempt_at - last)

    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), None]
    assert (copy.state, copy.reason) == ("kept", "")


def test_a_copy_that_is_never_made_has_failed_in_the_end(internet_archive):
    internet_archive.states = [PENDING]
    copy = make_asked_copy()

    for _ in range(20):
        if copy.state == "asked":
            after_next_tick(copy)

    assert copy.state == "failed"
    assert "not finished" in copy.reason
    assert len(internet_archive.asked) == 6


@pytest.mark.parametrize("missing", ["INTERNET_ARCHIVE_ACCESS_KEY", "INTERNET_ARCHIVE_SECRET_KEY"])
def test_without_both_keys_nothing_is_asked(web, internet_archive, settings, reviewer, missing):
    setattr(settings, missing, "")
    web.pages["/a"] = answer(page())
    source = make_source(url=web.url("/a"))

    assert archiving.capture_now(source).state == "captured"
    with pytest.raises(ValidationError, match="not asked from here"):
        public_archive.ask_for(source, by=reviewer)
    assert not PublicCopy.objects.exists()
    make_waiting_copy(source)
    assert public_archive.go_on(timezone.now()) == ""

    assert internet_archive.asked == []


def test_a_page_that_says_the_same_is_not_asked_for_again(web, internet_archive):
    web.pages["/a"] = answer(page())
    source = make_source(url=web.url("/a"))
    archiving.capture_now(source)
    PublicCopy.objects.all().delete()

    archiving.capture_now(source)

    assert not PublicCopy.objects.exists()


def test_an_upload_is_never_asked_for(internet_archive, reviewer):
    source = make_source(url="https://example.org/confidential")
    wanted = archiving.capture_upload(source, page(), "text/html", by=reviewer)
    assert capturing.attempt(wanted)

    with pytest.raises(ValidationError, match="from the address first"):
        public_archive.ask_for(source, by=reviewer)

    assert not PublicCopy.objects.exists()


def test_a_source_whose_address_was_taken_out_is_not_asked_for(internet_archive, reviewer):
    source = make_read_source()
    source.url = ""
    source.save()

    with pytest.raises(ValidationError, match="from the address first"):
        public_archive.ask_for(source, by=reviewer)


def test_asking_twice_by_hand_is_asking_once(internet_archive, reviewer):
    source = make_read_source()

    first = public_archive.ask_for(source, by=reviewer)

    assert public_archive.ask_for(source, by=reviewer) == first


def test_what_failed_may_be_asked_for_again(internet_archive, reviewer):
    source = make_read_source()
    failed = make_public_copy(source, state="failed", reason="No.")

    again = public_archive.ask_for(source, by=reviewer)

    assert again != failed
    assert again.state == "waiting"


def test_who_may_not_keep_copies_may_not_ask_for_public_ones(internet_archive, administrator):
    with pytest.raises(PermissionDenied):
        public_archive.ask_for(make_read_source(), by=administrator)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"status_ext": "error:invalid-host-resolution"}, "found no site of this name"),
        ({"status_ext": "error:not-found"}, "found no page"),
        ({"status_ext": "error:blocked-url"}, "keeps no copies of this address"),
        ({"status_ext": "error:too-many-daily-captures"}, "Ask again tomorrow"),
        ({"status_ext": "error:no-access"}, "does not let the Internet Archive"),
        ({"status_ext": "error:soft-time-limit-exceeded"}, "took too long"),
        ({"status_ext": "error:new", "message": "A new\nreason."}, "Archive says: A new reason."),
        ({"message": "\x00\ud800Odd."}, "says: Odd."),
        ({"status_ext": ["error:not-found"], "message": {"a": 1}}, "says: {'a': 1}"),
        ({}, "cannot read"),
    ],
)
@pytest.mark.parametrize("when", ["asked", "looked for"])
def test_an_error_of_the_internet_archive_is_a_failure_in_plain_words(
    internet_archive, said, sentence, when
):
    error = {"status": "error", **said}
    internet_archive.saves = internet_archive.states = [error]
    copy = make_waiting_copy() if when == "asked" else make_asked_copy()

    after_next_tick(copy)

    assert (copy.state, copy.next_attempt_at) == ("failed", None)
    assert sentence in copy.reason
    assert copy.ended_at


def test_a_long_message_is_cut(internet_archive):
    internet_archive.saves = [{"status": "error", "message": "x" * 10_000}]
    copy = make_waiting_copy()

    assert len(after_next_tick(copy).reason) < 400


def test_too_many_copies_at_once_are_asked_for_later(internet_archive):
    busy = {"status": "error", "status_ext": "error:user-session-limit"}
    internet_archive.saves = [busy, ACCEPTED]
    copy = make_waiting_copy()

    assert after_next_tick(copy).state == "waiting"
    assert "still busy" in copy.reason
    assert after_next_tick(copy).state == "asked"


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ([], timedelta(minutes=1)),
        ([("Retry-After", "7200")], timedelta(hours=2)),
        ([("Retry-After", "soon")], timedelta(minutes=1)),
        ([("Retry-After", "9" * 30)], timedelta(days=1)),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_internet_archive_is_left_alone_as_long_as_it_asks(
    internet_archive, status, retry_after, pause
):
    internet_archive.saves = [(status, b"Slow down.", retry_after), ACCEPTED]
    copy = make_waiting_copy()
    begun = copy.next_attempt_at

    after_next_tick(copy)

    assert (copy.state, copy.next_attempt_at) == ("waiting", begun + pause)
    assert "come back later" in copy.reason
    after_next_tick(copy)
    assert (copy.state, copy.attempts, copy.reason) == ("asked", 0, "")


def test_the_internet_archive_is_given_up_after_the_fifth_attempt(internet_archive):
    internet_archive.saves = [(500, b"")]
    copy = make_waiting_copy()

    for _ in range(20):
        if copy.state == "waiting":
            after_next_tick(copy)

    assert copy.state == "failed"
    assert len(internet_archive.asked) == 5


def test_nobody_there_is_tried_again(settings, internet_archive):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.INTERNET_ARCHIVE_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    copy = make_waiting_copy()

    after_next_tick(copy)

    assert copy.state == "waiting"
    assert "does not answer" in copy.reason


@pytest.mark.parametrize("url", ["https://[", "https://127.0.0.1:port", "https:///", ""])
def test_an_address_that_is_none_is_nobody_there(settings, internet_archive, url):
    settings.INTERNET_ARCHIVE_URL = url
    copy = make_waiting_copy()

    after_next_tick(copy)

    assert (copy.state, copy.reason) == ("waiting", "The Internet Archive does not answer.")


@pytest.mark.parametrize(("trusts", "state"), [(True, "asked"), (False, "waiting")])
def test_the_keys_go_only_to_who_proves_to_be_the_internet_archive(
    settings, internet_archive, tmp_path, monkeypatch, trusts, state
):
    tls = server_context(tmp_path, addresses=["127.0.0.1"])
    if trusts:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    copy = make_waiting_copy()

    with internet_archive_server(tls) as secure:
        settings.INTERNET_ARCHIVE_URL = secure.url
        after_next_tick(copy)

    assert copy.state == state
    assert len(secure.asked) == trusts


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Down for maintenance</html>",
        b"",
        b"null",
        b'["job_id"]',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"job_id": 7}',
        b'{"job_id": "../../elsewhere?"}',
        b'{"job_id": "' + b"a" * 81 + b'"}',
    ],
)
def test_an_answer_without_a_job_is_a_failure(internet_archive, body):
    internet_archive.saves = [body]
    copy = make_waiting_copy()

    after_next_tick(copy)

    assert (copy.state, copy.job_id) == ("failed", "")
    assert "cannot read" in copy.reason


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        "2026112410111",
        "202611241011123",
        "20261324101112",
        "00000000000000",
        "2026112410111\n",
        "٢٠٢٦١١٢٤١٠١١١٢",
        "../../../evil.x",
        ["20261124101112"],
    ],
)
def test_a_copy_has_a_moment_that_there_is(internet_archive, timestamp):
    internet_archive.states = [{"status": "success", "timestamp": timestamp}]
    copy = make_asked_copy()

    after_next_tick(copy)

    assert (copy.state, copy.url) == ("failed", "")
    assert "cannot read" in copy.reason


def test_a_state_that_nobody_knows_is_a_failure(internet_archive):
    internet_archive.states = [{**SUCCESS, "status": "excellent"}]
    copy = make_asked_copy()

    assert after_next_tick(copy).state == "failed"


def test_keys_that_are_not_accepted_are_a_failure_that_says_so(internet_archive):
    internet_archive.saves = [(401, {"message": "Log in."})]
    copy = make_waiting_copy()

    assert "does not accept our keys" in after_next_tick(copy).reason


def test_a_job_that_is_forgotten_is_a_failure(internet_archive):
    internet_archive.states = [(404, {"message": "No such job."})]
    copy = make_asked_copy()

    after_next_tick(copy)

    assert (copy.state, copy.reason) == ("failed", "The Internet Archive says: No such job.")


@pytest.mark.parametrize("status", [201, 400, 404])
def test_a_success_that_came_as_an_error_is_none(internet_archive, status):
    internet_archive.saves = [(status, ACCEPTED)]
    internet_archive.states = [(status, SUCCESS)]
    waiting, asked = make_waiting_copy(), make_asked_copy()

    assert (after_next_tick(waiting).state, after_next_tick(asked).state) == ("failed", "failed")


def test_a_huge_answer_is_not_read(internet_archive, quick):
    internet_archive.saves = [b'{"job_id": "%s", "more": "%s"}' % (JOB.encode(), b"x" * 5000)]
    copy = make_waiting_copy()

    after_next_tick(copy)

    assert copy.state == "failed"
    assert "cannot read" in copy.reason


def test_a_server_that_drips_is_left_in_time(internet_archive, quick):
    def drip(request):
        request.send_response(200)
        request.send_header("Content-Length", "500")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b" ")
            time.sleep(0.1)

    internet_archive.saves = [drip]
    copy = make_waiting_copy()
    begun = time.monotonic()

    after_next_tick(copy)

    assert time.monotonic() - begun < 3
    assert copy.state == "waiting"
    assert "does not answer" in copy.reason


def test_no_redirect_is_followed(internet_archive, web):
    internet_archive.saves = [(302, b"", [("Location", web.url("/save"))])]
    copy = make_waiting_copy()

    after_next_tick(copy)

    assert copy.state == "failed"
    assert "another address" in copy.reason
    assert web.requests == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(internet_archive):
    copy = make_waiting_copy()
    now = copy.next_attempt_at
    # Both found it due before either took it.
    found_by_another, meanwhile = PublicCopy.objects.get(), []

    def let_another_worker_come(_request):
        try:
            meanwhile.append(public_archive.attempt(found_by_another, now))
        finally:
            connection.connection.close()
        return ACCEPTED

    internet_archive.saves = [let_another_worker_come, ACCEPTED]

    done = public_archive.go_on(now)

    copy.refresh_from_db()
    assert meanwhile == [False]
    assert (done, copy.state) == ("Public copies asked about: 1", "asked")
    assert internet_archive.paths == ["POST /save"]


def test_a_copy_that_lost_its_worker_is_asked_for_by_the_next(internet_archive):
    copy = make_waiting_copy()
    now = copy.next_attempt_at
    assert public_archive._lease(copy, now)

    public_archive.go_on(now + timedelta(minutes=9))
    assert internet_archive.asked == []
    public_archive.go_on(now + timedelta(minutes=11))

    copy.refresh_from_db()
    assert copy.state == "asked"


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_thought_dead_changes_nothing(internet_archive):
    copy = make_waiting_copy()
    of_another = copy.next_attempt_at + timedelta(hours=1)

    def let_another_worker_take_it(_request):
        try:
            PublicCopy.objects.update(next_attempt_at=of_another)
        finally:
            connection.connection.close()
        return ACCEPTED

    internet_archive.saves = [let_another_worker_take_it]

    after_next_tick(copy)

    assert (copy.state, copy.job_id, copy.next_attempt_at) == ("waiting", "", of_another)


def test_a_minute_has_so_many_copies_and_no_more(internet_archive, capsys):
    for number in range(7):
        make_waiting_copy(make_source(url=f"https://example.org/{number}"))

    call_command("tick")
    assert capsys.readouterr().out == "Public copies asked about: 5\n"
    assert len(internet_archive.asked) == 5
    call_command("tick")

    assert {copy.state for copy in PublicCopy.objects.all()} == {"asked"}


def test_a_slow_minute_leaves_the_rest_to_the_next(internet_archive, monkeypatch):
    monkeypatch.setattr(public_archive, "PATIENCE", -1)
    make_waiting_copy()

    assert public_archive.go_on(timezone.now()) == ""
    assert internet_archive.asked == []


@pytest.mark.parametrize("key", [SECRET, f"{SECRET}\nX-Injected: yes", f"{SECRET}\N{SNOWMAN}"])
def test_the_secret_is_neither_logged_nor_told(internet_archive, settings, caplog, key):
    settings.INTERNET_ARCHIVE_SECRET_KEY = key
    internet_archive.saves = [{"status": "error", "status_ext": "error:not-found"}]
    copy = make_waiting_copy()

    with caplog.at_level(logging.DEBUG):
        after_next_tick(copy)

    assert copy.reason
    assert SECRET not in caplog.text + copy.reason
    assert all("X-Injected" not in headers for _, _, headers, _ in internet_archive.asked)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "excellent"},
        {"state": "asked"},
        {"state": "kept", "next_attempt_at": None, "ended_at": timezone.now()},
        {"url": "https://web.archive.org/web/20261124101112/https://example.org/"},
        {"state": "failed", "next_attempt_at": None, "ended_at": timezone.now()},
        {"next_attempt_at": None},
        {"ended_at": timezone.now()},
        {"state": "failed", "reason": "No.", "next_attempt_at": None},
    ],
)
def test_what_must_never_be_false_of_a_public_copy_is_not_stored(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicCopy.objects.create(source=make_source(), **fields)


def test_a_source_has_one_open_public_copy():
    source = make_asked_copy().source

    with pytest.raises(IntegrityError), transaction.atomic():
        make_waiting_copy(source)
