"""Feeds: the newest of a list, for programs that look often."""

import json
import re
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from claims import workflow
from claims.search import index

from .factories import (
    complete,
    make_claim,
    make_published_claim,
    make_speaker,
    make_topic,
)

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def atom(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)  # noqa: S314  our own
    return [
        {
            name: entry.findtext(f"a:{name}", namespaces=ATOM)
            for name in ("title", "id", "updated", "summary")
        }
        | {"link": entry.find("a:link", ATOM).get("href")}
        for entry in feed.findall("a:entry", ATOM)
    ]


def as_json(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    return json.loads(response.content)


def test_entries_say_the_verdict_and_lead_to_the_claim(client, reviewer, editor):
    claim = make_published_claim("Taxes <doubled> & more.", author=reviewer, approver=editor)
    waiting = make_claim("Rents fell.")

    newest, oldest = atom(client, "/claims/feed/")
    feed = as_json(client, "/claims/feed.json")

    assert newest["title"] == "In review: Rents fell."
    assert not newest["summary"]
    assert oldest["title"] == "Mostly true: Taxes <doubled> & more."
    assert oldest["link"] == oldest["id"] == f"http://testserver/claims/{claim.pk}/"
    assert oldest["summary"] == claim.reviews.get().finding
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://testserver/claims/feed.json"
    assert [item["id"] for item in feed["items"]] == [newest["id"], oldest["id"]]
    assert feed["items"][0]["url"] == f"http://testserver/claims/{waiting.pk}/"


def test_a_correction_updates_the_entry_and_leaves_its_id(client, reviewer, editor):
    claim = make_published_claim(author=reviewer, approver=editor)
    (before,) = atom(client, "/claims/feed/")
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=1), tick=False):
        draft = workflow.revise(claim, by=reviewer, kind="correction", note="The year was wrong.")
        complete(draft, finding="It doubled in 2023.")
        workflow.submit(draft, by=reviewer)
        workflow.publish(draft, by=editor)
    (after,) = atom(client, "/claims/feed/")
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=2), tick=False):
        workflow.retract(claim.reviews.published().get(), by=editor, note="We misread it.")
    (withdrawn,) = atom(client, "/claims/feed/")

    assert before["id"] == after["id"] == withdrawn["id"]
    assert before["updated"] < after["updated"] < withdrawn["updated"]
    assert after["summary"] == "It doubled in 2023."
    assert withdrawn["title"].startswith("Verdict withdrawn: ")
    assert not withdrawn["summary"]


def test_a_feed_is_narrowed_as_its_list_is(client):
    ada, housing = make_speaker("Ada"), make_topic("Housing")
    make_claim("Rents rose.", speaker=ada, topics=[housing])
    make_claim("Taxes rose.", speaker=ada)
    make_claim("Rents fell.", topics=[housing])

    def titles(query):
        entries = atom(client, f"/claims/feed/?{query}")
        return [entry["title"].partition(": ")[2] for entry in entries]

    assert titles("speaker=ada") == ["Taxes rose.", "Rents rose."]
    assert titles("topic=housing") == ["Rents fell.", "Rents rose."]
    assert titles("q=rents&order=rating") == ["Rents fell.", "Rents rose."]
    assert client.get("/claims/feed/?speaker=nobody").status_code == 400
    page = client.get("/claims/?topic=housing&q=rents").content.decode()
    assert re.search(r'href="/claims/feed/\?(q=rents|&amp;|topic=housing){3}"', page)


def test_what_readers_do_not_see_is_in_no_feed(client, reviewer):
    make_claim("SECRET claim", status="new")
    claim = make_claim("Taxes rose.")
    complete(workflow.start(claim, by=reviewer), finding="SECRET finding")
    hidden = make_claim("SECRET decline")
    workflow.decline(hidden, by=reviewer, reason="SECRET")

    for address in ("/claims/feed/", "/claims/feed.json", "/corrections/feed.json"):
        assert "SECRET" not in client.get(address).content.decode()


def test_a_feed_has_the_newest_fifty_in_a_fixed_number_of_queries(
    client, django_assert_max_num_queries
):
    make_claim()
    client.get("/claims/feed/")
    with django_assert_max_num_queries(8):
        client.get("/claims/feed/")
    for _number in range(55):
        make_claim(topics=[make_topic()], speaker=make_speaker())
    with django_assert_max_num_queries(8):
        assert len(atom(client, "/claims/feed/")) == 50


def test_corrections_are_a_feed_in_both_forms(client, reviewer, editor):
    claim = make_published_claim(author=reviewer, approver=editor)
    workflow.retract(claim.reviews.get(), by=editor, note="We misread it.")

    (entry,) = atom(client, "/corrections/feed/")
    (item,) = as_json(client, "/corrections/feed.json")["items"]

    assert entry["summary"] == item["content_text"] == "We misread it."
    assert entry["id"] == item["id"]


def test_a_topic_has_a_page_of_its_claims_with_ways_into_them(client):
    housing = make_topic("Housing")
    for number in range(30):
        make_claim(
            f"Rents rose by {number}.", topics=[housing], speaker=make_speaker(f"S {number}")
        )
    make_claim("Taxes rose.", topics=[make_topic("Money")])
    index.add_up()

    page = client.get(housing.get_absolute_url()).content.decode()
    older = client.get(f"{housing.get_absolute_url()}?cursor=x")
    topics = client.get("/topics/").content.decode()

    assert "<b>30 claims</b>" in page
    assert page.count("Rents rose by") == 25
    assert "Taxes" not in page
    assert 'rel="next"' in page
    assert "&amp;topic=housing" in page
    assert older.status_code == 400
    assert 'href="/topics/housing/"' in topics
    assert "30 claims" in topics
    assert "1 claim<" in topics


def test_a_topic_of_hidden_claims_alone_has_no_page(client):
    make_claim(status="declined", topics=[make_topic("Secret")])

    assert client.get("/topics/secret/").status_code == 404
    assert "Secret" not in client.get("/topics/").content.decode()
