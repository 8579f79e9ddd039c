"""What search engines read, and how a check is cited."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from claims import sitemaps, workflow
from claims.models import Review

from .factories import make_appearance, make_claim, make_published_claim, make_speaker, make_topic

pytestmark = pytest.mark.django_db


def addresses(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    ElementTree.fromstring(response.content)  # noqa: S314  our own
    return re.findall(r"<loc>http://testserver(.*?)</loc>", response.content.decode())


def test_sitemaps_lead_to_every_page_that_is_for_search_engines(client):
    claim = make_published_claim(speaker=make_speaker("Ada"), topics=[make_topic("Housing")])
    make_claim("In review.")
    make_claim("SECRET", status="new", speaker=make_speaker("Hidden Harry"))
    article = claim.appearances.get().snapshot.source

    parts = addresses(client, "/sitemap.xml")
    pages = [page for part in parts for page in addresses(client, part)]

    assert {f"/claims/{claim.pk}/", "/speakers/ada/", "/topics/housing/"} <= set(pages)
    assert f"/articles/{article.pk}/" in pages
    assert [page for page in pages if page.startswith("/claims/")].count(
        f"/claims/{claim.pk}/"
    ) == 2
    assert not any("hidden" in page for page in pages)
    for page in pages:
        assert "noindex" not in client.get(page).content.decode(), page
    told = client.get("/sitemaps/claims-0.xml").content.decode()
    assert f"<lastmod>{claim.reviews.get().published_at.isoformat()[:19]}" in told


def test_parts_are_stretches_of_keys(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sitemaps, "IN_PART", 2)
    claims = [make_published_claim() for _ in range(3)]
    last = claims[-1].pk // 2

    parts = [part for part in addresses(client, "/sitemap.xml") if "claims" in part]
    pages = [page for part in parts for page in addresses(client, part)]

    assert pages == [f"/claims/{claim.pk}/" for claim in claims]
    with django_assert_num_queries(3):
        client.get(f"/sitemaps/claims-{last}.xml")
    assert client.get(f"/sitemaps/claims-{last + 1}.xml").status_code == 404
    assert client.get("/sitemaps/secrets-0.xml").status_code == 404
    assert client.get(f"/sitemaps/claims-{10**30}.xml").status_code == 404


def test_an_empty_site_has_no_parts(client):
    assert addresses(client, "/sitemap.xml") == ["/sitemaps/news.xml"]
    assert addresses(client, "/sitemaps/news.xml") == []
    assert client.get("/sitemaps/claims-0.xml").status_code == 404


def test_news_are_the_verdicts_of_two_days(client):
    new, old = make_published_claim("Rents <rose>."), make_published_claim()
    then = timezone.now() - timedelta(days=3)
    Review.objects.filter(claim=old).update(published_at=then)

    assert addresses(client, "/sitemaps/news.xml") == [f"/claims/{new.pk}/"]
    assert "Mostly true: Rents &lt;rose&gt;." in client.get("/sitemaps/news.xml").content.decode()


def test_robots_are_led_to_the_sitemaps_and_kept_from_the_desk(client):
    told = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/\n" in told
    assert "\nSitemap: http://testserver/sitemap.xml\n" in told
    assert "receipt" not in told


def test_whoever_finds_a_hole_learns_whom_to_tell(client, settings):
    told = client.get("/.well-known/security.txt").content.decode()
    settings.SECURITY_CONTACT = ""

    assert "Contact: mailto:security@claims.example\n" in told
    expires = re.search(r"Expires: (\S+)Z\n", told)[1]
    assert timezone.now().isoformat() < expires < (timezone.now() + timedelta(days=365)).isoformat()
    assert client.get("/.well-known/security.txt").status_code == 404


HOSTILE = r"100 % of {rents} & taxes_rose \input{x} ~ 5^2 $ #1 “é”"


def test_a_version_is_cited_whatever_its_words_are(client, reviewer, editor):
    claim = make_published_claim(HOSTILE, author=reviewer, approver=editor)
    page = client.get(f"/claims/{claim.pk}/").content.decode()

    bibtex = client.get(f"/claims/{claim.pk}/v1/cite.bib")
    csl = client.get(f"/claims/{claim.pk}/v1/cite.json")

    text = bibtex.content.decode()
    assert f'href="/claims/{claim.pk}/v1/cite.bib"' in page
    assert text.startswith(f"@misc{{claim-{claim.pk}-v1,")
    assert r"Mostly true: 100 \% of \{rents\} \& taxes\_rose \textbackslash{}input" in text
    assert text.count("{") == text.count("}")
    assert f"url = {{http://testserver/claims/{claim.pk}/v1/}}" in text
    assert bibtex["Content-Disposition"] == f'attachment; filename="claim-{claim.pk}-v1.bib"'
    (item,) = json.loads(csl.content)
    assert item["title"] == f"Mostly true: {HOSTILE}"
    assert item["author"] == [{"literal": "Rita Reviewer"}]
    assert item["URL"] == f"http://testserver/claims/{claim.pk}/v1/"
    day = timezone.localdate()
    assert item["issued"] == {"date-parts": [[day.year, day.month, day.day]]}


def test_what_readers_do_not_see_is_not_cited(client, reviewer, published_claim):
    workflow.revise(published_claim, by=reviewer, kind="correction", note="SECRET")
    make_appearance(published_claim)

    for form in ("bib", "json"):
        assert client.get(f"/claims/{published_claim.pk}/v2/cite.{form}").status_code == 404
        assert client.get(f"/claims/999999/v1/cite.{form}").status_code == 404
