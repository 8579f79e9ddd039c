"""A claim on other sites: in a frame, and by oEmbed."""

import html as markup
import json
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

from claims import workflow

from . import factories


def page_of(claim):
    return f"http://testserver/claims/{claim.pk}/"


def asked(client, url, status=200, **more):
    response = client.get("/oembed/", {"url": url, **more})
    assert response.status_code == status, response.content
    return response


def test_a_frame_shows_the_claim_the_rating_the_finding_and_where_to_read_on(client, ratings):
    speaker = factories.make_speaker("Ada Mayor")
    claim = factories.make_published_claim("Taxes <rose>.", speaker=speaker, stated_on="2024-07")

    html = client.get(f"/claims/{claim.pk}/embed/").content.decode()

    for words in ("Taxes &lt;rose&gt;.", "Said by Ada Mayor", "July 2024", "Mostly true"):
        assert words in html
    assert "The figures are right, the year is not." in html
    assert "version 1" in html
    assert f'href="/claims/{claim.pk}/" target="_top"' in html
    assert "<script" not in html


def test_only_the_page_for_frames_may_be_framed_and_it_sets_no_cookie(client, published_claim):
    framed = client.get(f"/claims/{published_claim.pk}/embed/")
    page = client.get(f"/claims/{published_claim.pk}/")

    assert "frame-ancestors *;" in framed["Content-Security-Policy"] + ";"
    assert "default-src 'none'" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert not framed.cookies
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_a_frame_follows_corrections(client, published_claim, reviewer, editor, ratings):
    draft = workflow.revise(published_claim, by=reviewer, kind="correction", note="Misread.")
    factories.complete(draft, rating=ratings["false"], finding="It was not so.")
    drafted = client.get(f"/claims/{published_claim.pk}/embed/").content.decode()
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=editor)
    published = client.get(f"/claims/{published_claim.pk}/embed/").content.decode()
    workflow.retract(draft, by=editor, note="We misread it again.")
    withdrawn = client.get(f"/claims/{published_claim.pk}/embed/").content.decode()

    assert "Mostly true" in drafted
    assert "It was not so." not in drafted
    assert "It was not so." in published
    assert "version 2" in published
    assert "We withdrew our verdict" in withdrawn
    assert "It was not so." not in withdrawn


def test_a_claim_in_review_is_framed_without_a_lean(client, reviewer, ratings):
    claim = factories.make_claim()
    factories.make_review(claim, author=reviewer, finding="SECRET", rating=ratings["false"])

    html = client.get(f"/claims/{claim.pk}/embed/").content.decode()

    assert "No verdict yet." in html
    assert "SECRET" not in html
    assert "r-false" not in html


def test_a_merged_claim_is_framed_as_what_it_was_merged_into(client, published_claim, editor):
    other = factories.make_claim()
    workflow.merge(other, into=published_claim, by=editor)

    assert client.get(f"/claims/{other.pk}/embed/")["Location"] == (
        f"/claims/{published_claim.pk}/embed/"
    )
    assert asked(client, page_of(other)).json()["title"] == published_claim.text


def test_a_frame_takes_three_queries(client, published_claim, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(f"/claims/{published_claim.pk}/embed/")


def test_the_page_of_a_claim_gives_the_code_and_names_where_to_ask(client, published_claim):
    html = client.get(f"/claims/{published_claim.pk}/").content.decode()
    code = markup.unescape(re.search(r'<pre id="frame">(.*?)</pre>', html, re.S)[1])
    links = re.findall(r'<link rel="alternate" type="(\S+)\+oembed" href="([^"]+)">', html)

    assert code.startswith(f'<iframe src="{page_of(published_claim)}embed/"')
    assert "Mostly true" not in code
    assert [kind for kind, _ in links] == ["application/json", "text/xml"]
    for kind, address in links:
        response = client.get(markup.unescape(address).removeprefix("http://testserver"))
        assert response.status_code == 200
        assert response["Content-Type"].startswith(kind)


def test_oembed_answers_as_its_specification_says(client, published_claim):
    answer = asked(client, page_of(published_claim)).json()

    assert answer["type"] == "rich"
    assert answer["version"] == "1.0"
    assert answer["title"] == published_claim.text
    assert answer["provider_name"] == settings.SITE_NAME
    assert answer["provider_url"] == "http://testserver/"
    assert isinstance(answer["cache_age"], int)
    assert f'width="{answer["width"]}" height="{answer["height"]}"' in answer["html"]
    assert client.get(answer["thumbnail_url"]).status_code == 200
    assert (answer["thumbnail_width"], answer["thumbnail_height"]) == (1200, 630)


def test_what_is_kept_elsewhere_says_no_rating(client, published_claim):
    answer = asked(client, page_of(published_claim)).json()

    assert "Mostly true" not in json.dumps(answer)


def test_xml_says_the_same_as_json(client, ratings):
    claim = factories.make_published_claim('They <said> "it" & more\x0b.')
    url = page_of(claim)
    as_json = asked(client, url).json()
    response = asked(client, url, format="xml")
    root = ElementTree.fromstring(response.content)  # noqa: S314 (we wrote it)

    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert root.tag == "oembed"
    assert {part.tag: part.text for part in root} == {
        name: str(value).replace("\x0b", "") for name, value in as_json.items()
    }


@pytest.mark.parametrize("size", [{"maxwidth": 300}, {"maxheight": 200}, {"maxwidth": 1199}])
def test_nothing_is_larger_than_what_was_asked_for(client, published_claim, size):
    answer = asked(client, page_of(published_claim), **size).json()

    assert answer["width"] <= size.get("maxwidth", 10_000)
    assert answer["height"] <= size.get("maxheight", 10_000)
    assert "thumbnail_url" not in answer


@pytest.mark.parametrize("below", ["v1/", "embed/", "?utm_source=x", "#history"])
def test_other_addresses_of_a_claim_are_known(client, published_claim, below):
    answer = asked(client, page_of(published_claim) + below).json()

    assert answer["title"] == published_claim.text


@pytest.mark.parametrize(
    "url",
    [
        "http://testserver/claims/",
        "http://testserver/claims/999999/",
        "http://testserver/admin/",
        "http://testserver/nowhere/",
        "http://elsewhere.example/claims/{pk}/",
        "http://testserver.example/claims/{pk}/",
        "ftp://testserver/claims/{pk}/",
        "/claims/{pk}/",
        "http://[/",
        "\x00",
    ],
)
def test_an_address_that_is_no_claim_of_ours_is_not_found(client, published_claim, url):
    asked(client, url.format(pk=published_claim.pk), status=404)


@pytest.mark.parametrize("status", ["new", "declined"])
def test_a_claim_that_is_not_public_is_not_found_like_one_that_is_not_there(client, db, status):
    claim = factories.make_claim("SECRET", status=status)
    there = asked(client, page_of(claim), status=404)
    nowhere = asked(client, "http://testserver/claims/999999/", status=404)

    assert there.content == nowhere.content
    assert client.get(f"/claims/{claim.pk}/embed/").status_code == 404


def test_a_format_that_is_not_known_is_not_implemented(client, published_claim):
    asked(client, page_of(published_claim), status=501, format="yaml")


@pytest.mark.parametrize("size", ["", "0", "-1", "wide", "1.5", "²", "9" * 30])
def test_a_size_that_is_no_number_is_refused(client, published_claim, size):
    asked(client, page_of(published_claim), status=400, maxwidth=size)


def test_a_question_without_an_address_is_refused(client, db):
    assert client.get("/oembed/").status_code == 400
