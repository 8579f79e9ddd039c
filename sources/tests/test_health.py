"""Looking at links: what a look finds, when a link is gone, and when that is nobody’s fault."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from claims.models import Evidence
from claims.tests.factories import make_person, make_published_claim, make_source
from sources import archiving, health, soft_404
from sources.fetching import Refused, lookup
from sources.models import Link, LinkCheck
from sources.tasks import ask_for_link_checks
from tests.forms import posted_by

from .documents import page
from .hostile import answer, redirect

pytestmark = pytest.mark.django_db
NOW = timezone.now()
GONE = answer(b"<p>Gone.</p>", status="404 Not Found")


def captured(web, path="/a", body=None):
    """A source whose page was kept as it stands now."""
    web.pages[path] = answer(page() if body is None else body)
    source = make_source(url=web.url(path))
    archiving.capture_now(source)
    return source


def look(source, now=None, **pause):
    now = (now or NOW) + timedelta(**pause)
    Link.objects.update_or_create(source=source, defaults={"next_check_at": now})
    return health.check(Link.objects.get(source=source), now)


def cite(source):
    """Let a verdict lean on a source."""
    make_published_claim()
    Evidence.objects.update(source=source)


def cited_source():
    make_published_claim()
    return Evidence.objects.get().source


def link_of(source):
    return Link.objects.get(source=source)


def test_a_page_that_is_the_same_works_and_nothing_is_kept_twice(web):
    source = captured(web)
    found = look(source)
    assert (found.result, found.status, found.code, found.kept) == ("works", 200, "", None)
    assert found.answer == "200 OK"
    assert source.snapshots.count() == 1
    link = link_of(source)
    assert (link.state, link.failures, link.changed_at) == ("works", 0, None)
    assert timedelta(days=6) < link.next_check_at - NOW < timedelta(days=8)


def test_a_text_that_changed_is_kept_and_so_is_when(web):
    source = captured(web)
    first = link_of(source).current
    web.pages["/a"] = answer(page().replace(b"doubled", b"fell"))
    found = look(source)
    link = link_of(source)
    assert found.result == "works"
    assert found.kept == link.current != first
    assert "fell" in link.current.text
    assert link.changed_at is not None
    assert source.snapshots.count() == 2


def test_a_text_that_was_there_before_is_the_current_one_again(web):
    source = captured(web)
    first = link_of(source).current
    old = web.pages["/a"]
    web.pages["/a"] = answer(page().replace(b"doubled", b"fell"))
    look(source)
    web.pages["/a"] = old
    found = look(source, days=7)
    assert found.kept is None
    assert link_of(source).current == first
    assert source.snapshots.count() == 2


def test_three_failures_on_three_days_make_a_link_dead(web):
    source = captured(web)
    web.pages["/a"] = GONE
    states = []
    for days in range(3):
        found = look(source, days=days)
        assert (found.result, found.answer) == ("failed", "404 Not Found")
        link = link_of(source)
        states.append((link.state, link.failures))
    assert states == [("failing", 1), ("failing", 2), ("gone", 3)]
    assert link.since == NOW + timedelta(days=2)


def test_failures_of_one_day_count_once(web):
    source = captured(web)
    web.pages["/a"] = GONE
    for hours in range(12):
        look(source, hours=hours)
    link = link_of(source)
    assert (link.state, link.failures) == ("failing", 1)
    assert source.link_checks.count() == 12


def test_after_a_failure_it_is_looked_at_the_next_day(web):
    source = captured(web)
    web.pages["/a"] = GONE
    look(source)
    pause = link_of(source).next_check_at - NOW
    assert health.COUNTS_AGAIN_AFTER < pause < timedelta(hours=28)


def test_a_dead_link_that_comes_back_works(web):
    source = captured(web)
    alive = web.pages["/a"]
    web.pages["/a"] = GONE
    for days in range(3):
        look(source, days=days)
    web.pages["/a"] = alive
    look(source, days=9)
    link = link_of(source)
    assert (link.state, link.failures, link.failed_at) == ("works", 0, None)


def test_one_answer_between_failures_begins_the_count_again(web):
    source = captured(web)
    alive = web.pages["/a"]
    for days, at in enumerate([GONE, GONE, alive, GONE, GONE]):
        web.pages["/a"] = at
        look(source, days=days)
    assert (link_of(source).state, link_of(source).failures) == ("failing", 2)


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "429 Too Many Requests"])
def test_a_site_that_lets_no_program_in_is_not_dead(web, status):
    source = captured(web)
    web.pages["/a"] = answer(b"", status=status)
    for days in range(4):
        assert look(source, days=days).result == "closed"
    assert link_of(source).state == "closed"


def test_a_document_of_another_kind_is_there(web):
    source = captured(web)
    web.pages["/a"] = answer(b"\x00", headers=["Content-Type: video/mp4"])
    found = look(source)
    assert (found.result, found.code) == ("works", "content-type")


def test_an_address_that_leads_to_another_site_has_moved(web, monkeypatch):
    monkeypatch.setattr(lookup, "_ask_resolver", lambda host, answers: answers.put(["127.0.0.1"]))
    source = captured(web)
    web.pages["/a"] = redirect(f"http://new.example:{web.port}/b", "301 Moved Permanently")
    web.pages["/b"] = answer(page())
    found = look(source)
    assert (found.result, found.final_url) == ("moved", f"http://new.example:{web.port}/b")
    assert link_of(source).final_url == found.final_url


class TestSoft404:
    """Pages that say with status 200 that they are not there."""

    def test_a_short_page_that_says_so(self, web):
        source = captured(web)
        web.pages["/a"] = answer(b"<title>Page not found</title><p>We are sorry.</p>")
        found = look(source)
        assert (found.result, found.code) == ("failed", "soft-404")
        assert source.snapshots.count() == 1

    def test_a_redirect_to_the_front_page(self, web):
        source = captured(web)
        web.pages["/a"] = redirect("/")
        web.pages["/"] = answer(page(head="<!-- today -->"))
        assert look(source).code == "soft-404"

    def test_a_page_that_stands_at_any_address(self, web):
        source = captured(web, "/news/a")
        words = " ".join(f"headline{number}" for number in range(200)).encode()
        web.pages["/news/a"] = answer(
            b"<title>Latest</title><article><p>" + words + b"</p></article>"
        )
        anything = web.pages["/news/a"]
        web.pages = _Everything({}, anything)
        found = look(source)
        assert found.code == "soft-404"
        assert web.paths[-1].startswith("/news/")
        assert web.paths[-1] != "/news/a"

    def test_a_page_that_became_another_one_is_a_change_where_others_are_missing(self, web):
        source = captured(web)
        words = " ".join(f"headline{number}" for number in range(200)).encode()
        web.pages["/a"] = answer(b"<title>Latest</title><article><p>" + words + b"</p></article>")
        found = look(source)
        assert (found.result, found.kept) == ("works", link_of(source).current)

    def test_a_document_about_missing_pages_is_a_document(self):
        assert not soft_404.says_it_is_gone("404 not found: a history", "long " * 400)
        assert soft_404.says_it_is_gone("", "La page introuvable")
        assert soft_404.likeness("one two", "two three") == 0.5
        assert soft_404.likeness("", "") == 1


class _Everything(dict):
    def __init__(self, pages, anything):
        super().__init__(pages)
        self.anything = anything

    def get(self, path, default=None):
        return super().get(path, self.anything)


@pytest.fixture
def silent(monkeypatch):
    """The hosts that do not answer; all others do, with a 404."""
    hosts = set()

    def fetch(url):
        raise (
            Refused("unreachable") if health._host(url) in hosts else Refused("status", status=404)
        )

    monkeypatch.setattr(health, "fetch", fetch)
    return hosts


def test_when_no_site_answers_the_fault_is_ours(silent):
    hosts = [f"{name}.example" for name in "abcde"]
    silent.update(hosts)
    sources = [make_source(url=f"https://{host}/") for host in hosts]
    for days in range(5):
        for source in sources:
            assert look(source, days=days).code == "unreachable"
    assert max(link_of(source).failures for source in sources) == 1
    assert not Link.objects.filter(state="gone").exists()


def test_sites_that_do_not_answer_while_another_does_die(silent):
    hosts = [f"{name}.example" for name in "abcde"]
    silent.update(hosts)
    sources = [make_source(url=f"https://{host}/") for host in [*hosts, "alive.example"]]
    for days in range(3):
        for source in reversed(sources):
            look(source, days=days)
    assert {link_of(source).state for source in sources} == {"gone"}


def test_two_who_look_at_once_look_once(web):
    source = captured(web)
    Link.objects.filter(source=source).update(next_check_at=NOW)
    one, other = link_of(source), link_of(source)
    assert health.check(one, NOW)
    assert health.check(other, NOW) is None


def test_a_site_that_is_being_read_is_looked_at_in_a_moment(web, monkeypatch):
    source = captured(web)

    def busy(url):
        raise health.Refused("busy")

    monkeypatch.setattr(health, "fetch", busy)
    assert look(source) is None
    assert link_of(source).next_check_at == NOW + health.BUSY
    assert not source.link_checks.exists()


def test_a_mistake_of_ours_is_logged_and_the_link_is_looked_at_again(web, monkeypatch, caplog):
    source = captured(web)
    monkeypatch.setattr(health, "_look", lambda link: 1 / 0)
    assert look(source) is None
    assert "could not be looked at" in caplog.text
    assert link_of(source).next_check_at == NOW + health.AFTER_A_FAILURE


class TestWatching:
    """Which links are looked at, and when."""

    def test_cited_sources_are_watched_and_others_no_longer(self):
        cited = cited_source()
        other = make_source()
        without = make_source(url="")
        Link.objects.create(source=other, next_check_at=NOW)
        assert health.watch_cited(NOW) >= 1
        assert NOW <= link_of(cited).next_check_at <= NOW + timedelta(days=7)
        assert link_of(other).next_check_at is None
        assert not Link.objects.filter(source=without).exists()
        again = link_of(cited).next_check_at
        assert health.watch_cited(NOW) == 0
        assert link_of(cited).next_check_at == again

    def test_a_source_that_was_captured_keeps_what_is_known_of_it(self, web):
        source = captured(web)
        cite(source)
        current = link_of(source).current
        health.watch_cited(NOW)
        assert link_of(source).current == current
        assert link_of(source).next_check_at is not None

    def test_switched_off_nothing_is_watched(self, settings):
        settings.LINK_CHECK_DAYS = 0
        source = cited_source()
        Link.objects.create(source=source, next_check_at=NOW)
        assert health.watch_cited(NOW) == 0
        assert link_of(source).next_check_at is None
        assert health.period() is None

    def test_new_links_are_spread_over_the_period(self):
        claims = [make_published_claim() for _number in range(8)]
        health.watch_cited(NOW)
        moments = set(Link.objects.values_list("next_check_at", flat=True))
        assert len(moments) >= len(claims)

    def test_each_minute_what_is_due_is_looked_at(self, web):
        source = captured(web)
        cite(source)
        Link.objects.filter(source=source).update(next_check_at=timezone.now())
        assert ask_for_link_checks(timezone.now()) == "Link checks asked for"
        assert source.link_checks.count() == 1
        assert ask_for_link_checks(timezone.now()) == ""

    def test_another_address_begins_anew_and_none_is_no_longer_looked_at(self, client):
        source = make_source(url="https://old.example/a")
        fields = {"state": "gone", "failures": 3, "failed_at": NOW, "next_check_at": NOW}
        Link.objects.create(source=source, **fields)
        client.force_login(make_person(role="reviewer"))
        page = reverse("admin:sources_source_change", args=[source.pk])
        for url, due in (("https://new.example/a", True), ("", False)):
            typed = {"url": url, "access_note": "Read there."}
            client.post(page, posted_by(client.get(page), "source_form") | typed)
            link = link_of(source)
            assert (link.state, link.failures) == ("untested", 0)
            assert (link.next_check_at is not None) is due

    def test_a_source_that_lost_its_address_is_not_watched(self):
        source = cited_source()
        Link.objects.create(source=source, next_check_at=NOW)
        type(source).objects.filter(pk=source.pk).update(url="")
        health.watch_cited(NOW)
        assert link_of(source).next_check_at is None

    def test_a_batch_has_an_end(self, web):
        for number in range(3):
            captured(web, f"/{number}")
        Link.objects.update(next_check_at=NOW)
        assert len(health.check_due(most=2)) == 2
        assert LinkCheck.objects.count() == 2


def test_the_command_says_what_it_found(web):
    source, other = captured(web), captured(web, "/b")
    cite(source)
    web.pages["/b"] = GONE
    out = StringIO()
    call_command("check_sources", web.url("/b"), str(source.pk), stdout=out)
    assert f"Failed: {other.url}: 404 Not Found" in out.getvalue()
    assert f"Works: {source.url}: 200 OK; link: Works" in out.getvalue()
    out = StringIO()
    call_command("check_sources", "--all", "--most", "5", stdout=out)
    assert "Looked at: 2. Still due: 0." in out.getvalue()
    with pytest.raises(CommandError, match="no source"):
        call_command("check_sources", "https://nowhere.example/")


@pytest.mark.parametrize(
    "wrong",
    [{"state": "odd"}, {"state": "gone", "failures": 2, "failed_at": NOW}, {"failures": 1}],
    ids=["state", "gone", "failures"],
)
def test_the_database_refuses_what_cannot_be(wrong):
    link = Link.objects.create(source=make_source())
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.filter(pk=link.pk).update(**wrong)
