"""What readers and programs are told of links, and of words that changed at their source."""

import pytest
from django.utils import timezone

from claims import risks
from claims.models import Evidence
from claims.tests.test_risks import TEXT, published, quoted_in, says
from sources.models import Link, LinkCheck

from . import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    return published(factories.make_person(role="reviewer"))


def stands(source, state, **fields):
    if state == "gone":
        fields |= {"failures": 3, "failed_at": timezone.now()}
    Link.objects.update_or_create(
        source=source, defaults={"state": state, "next_check_at": timezone.now(), **fields}
    )
    risks.reconcile(source)


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_of_a_dead_link_the_copy_comes_first(client, claim):
    source = quoted_in(claim).source
    stands(source, "gone")
    page = read(client, source.get_absolute_url())
    assert "The original link stopped working on" in page
    assert page.index("Open the kept copy") < page.index("Try the original link")
    card = read(client, claim.get_absolute_url())
    assert card.index("Copy kept") < card.index("Link gone") < card.index("Try the original link")
    assert "Original, at these words" not in card


def test_of_several_copies_the_one_that_was_quoted_stands_for_a_dead_link(client, claim):
    evidence = quoted_in(claim)
    source = evidence.source
    says(source, "Something else altogether.")
    stands(source, "gone")
    page = read(client, source.get_absolute_url())
    assert f'href="/sources/{source.pk}/copies/{evidence.snapshot_id}/"><svg' in page
    assert "The copy is what our reviewers read." in page


def test_a_dead_link_without_a_copy_offers_none(client):
    evidence = Evidence.objects.get(review__claim=factories.make_published_claim())
    stands(evidence.source, "gone")
    page = read(client, evidence.source.get_absolute_url())
    assert "The original link stopped working on" in page
    assert "Open the kept copy" not in page


def test_the_page_of_a_source_shows_each_look(client, claim):
    source = quoted_in(claim).source
    copy = says(source, TEXT.replace("412", "312"))
    stands(source, "works")
    LinkCheck.objects.create(source=source, result="works", status=200, kept=copy)
    LinkCheck.objects.create(source=source, result="failed", code="status", status=404)
    LinkCheck.objects.create(source=source, result="failed", code="soft-404", status=200)
    page = read(client, source.get_absolute_url())
    assert "Link works" in page
    assert "Its text changed on" in page
    assert "200 OK. The text had changed, and a copy was kept." in page
    assert page.index("A page that says it is not there") < page.index("404 Not Found")


def test_where_a_link_moved_to_is_said(client, claim):
    source = quoted_in(claim).source
    stands(source, "moved", final_url="https://new.example/there")
    assert 'href="https://new.example/there"' in read(client, source.get_absolute_url())


def test_a_changed_passage_is_shown_with_its_difference(client, claim):
    says(quoted_in(claim).source, TEXT.replace("412", "312"))
    page = read(client, claim.get_absolute_url())
    assert "The page has changed these words since" in page
    assert "<del>" in page
    assert "312</ins>" in page
    assert "The ministry counted 412 schools</blockquote>" in page


def test_a_passage_that_is_gone_is_said_to_be_so(client, claim):
    says(quoted_in(claim).source, "Nothing.")
    assert "These words no longer stand on the page" in read(client, claim.get_absolute_url())
    says(quoted_in(claim).source, TEXT)
    assert "no longer stand on the page" not in read(client, claim.get_absolute_url())


def test_words_that_an_article_changed_after_a_claim_was_made(client):
    article = factories.make_source()
    copy = says(article, "The mayor said: taxes doubled. Then he left.")
    claim = factories.make_claim()
    factories.make_appearance(claim, snapshot=copy, exact="said: taxes doubled. Then he left")
    says(article, "The mayor said: taxes rose. Then he left.")
    page = read(client, claim.get_absolute_url())
    assert "The page has changed these words since" in page
    assert "rose</ins>" in page


def test_the_list_is_narrowed_by_how_links_answer(client, claim):
    gone = quoted_in(claim).source
    stands(gone, "gone")
    page = read(client, "/sources/?link=gone")
    assert gone.title in page
    made_in = claim.appearances.get().snapshot.source
    assert made_in.title not in page
    assert made_in.title in read(client, "/sources/?link=untested")
    assert client.get("/sources/?link=odd").status_code == 400


def test_the_whole_list_says_how_many_links_answer_in_which_way(client, claim):
    assert "How the links answer" not in read(client, "/sources/")
    stands(quoted_in(claim).source, "gone")
    page = read(client, "/sources/")
    assert "<dt>Gone</dt><dd>1</dd>" in page
    assert "<dt>Works</dt>" not in page
    assert "How the links answer" not in read(client, "/sources/?link=gone")


def test_programs_are_told_too(client, claim):
    source = quoted_in(claim).source
    stands(source, "gone")
    assert client.get(f"/api/v1/sources/{source.pk}/").json()["link_state"] == "gone"
    rows = client.get("/api/v1/sources/").json()["results"]
    assert {row["link_state"] for row in rows} == {"gone", None}
    assert client.get("/api/v1/stats/").json()["links"]["gone"] == 1


def test_of_a_confidential_source_nobody_is_told_how_its_address_answered(client, claim):
    source = quoted_in(claim).source
    stands(source, "gone", final_url="https://ministry.example/who")
    LinkCheck.objects.create(
        source=source, result="moved", final_url="https://ministry.example/who"
    )
    type(source).objects.filter(pk=source.pk).update(
        is_confidential=True, url="", access_note="We met."
    )
    page = read(client, source.get_absolute_url())
    assert "ministry.example" not in page
    assert "Link checks" not in page
    assert "stopped working" not in page
    assert client.get(f"/api/v1/sources/{source.pk}/").json()["link_state"] is None


def test_our_work_counts_links(client, claim):
    assert "Do the links" not in read(client, "/our-work/")
    stands(quoted_in(claim).source, "gone")
    page = read(client, "/our-work/")
    assert '<th scope="row">Gone</th><td class="n">1</td>' in page


def test_readers_may_read_what_the_address_of_a_cited_source_answered_later(client, claim):
    source = quoted_in(claim).source
    later = says(source, "Nothing.")
    uploaded = factories.make_snapshot("For us alone.", source=source)
    assert "Nothing." in read(client, f"/sources/{source.pk}/copies/{later.pk}/")
    assert client.get(f"/sources/{source.pk}/copies/{uploaded.pk}/").status_code == 404
    unquoted = says(factories.make_source(), "Not cited.")
    address = f"/sources/{unquoted.source_id}/copies/{unquoted.pk}/"
    assert client.get(address).status_code == 404
