"""Pages in the language that their address says, and the choice remembered."""

import json
import re
from collections import Counter

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from claims.models import Claim, Rating
from tests.forms import posted_by

FRENCH = {settings.LANGUAGE_COOKIE_NAME: "fr"}


def test_a_page_says_its_language_and_links_stay_in_it(client, db):
    answer = client.get("/ar/claims/")

    html = answer.content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    assert answer["Content-Language"] == "ar"
    assert 'href="/ar/speakers/"' in html
    assert '<link rel="canonical" href="http://testserver/claims/">' in html


def test_the_language_of_a_browser_decides_nothing(client, db):
    answer = client.get("/claims/", headers={"Accept-Language": "fr"})

    assert answer["Content-Language"] == "en"
    assert "Accept-Language" not in answer.get("Vary", "")


def test_a_choice_is_remembered_and_leads_there(client, db):
    chosen = client.get("/language/fr/?next=/claims/%3Forder%3Dnewest")
    later = client.get("/claims/?order=newest")

    assert chosen["Location"] == later["Location"] == "/fr/claims/?order=newest"
    assert later["Cache-Control"] == "private, no-store"
    assert "Cookie" in later["Vary"]
    assert client.get("/language/en/?next=/fr/claims/")["Location"] == "/claims/"
    assert client.get("/claims/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/claims/", "/robots.txt", "/claims/feed/", "/sitemap.xml", "/oembed/"]
)
def test_what_programs_read_has_one_address(client, db, path):
    client.cookies.load(FRENCH)

    assert client.get(path).status_code != 302
    assert client.get(f"/fr{path}").status_code == 404


def test_a_form_is_taken_at_the_address_it_was_sent_to(client, db):
    client.cookies.load(FRENCH)

    assert client.post("/suggest/").status_code == 200


def test_colleagues_work_in_the_language_they_chose(client, db):
    client.cookies.load(FRENCH)

    assert client.get("/accounts/login/")["Content-Language"] == "fr"


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "claims",
        "",
        "/fr//evil.example",
    ],
)
def test_a_choice_leads_to_no_other_site(client, there):
    answer = client.get("/language/hi/", {"next": there})

    assert re.match(r"/hi/", answer["Location"])
    assert not answer["Location"].startswith("//")


def test_an_unknown_language_is_not_found(client, db):
    assert client.get("/language/xx/").status_code == 404
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "xx"})
    assert client.get("/claims/")["Content-Language"] == "en"


JSON_LD = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.S)


@pytest.fixture
def translated(published_claim):
    rating = published_claim.reviews.get().rating
    rating.translations = {"fr": {"alternate_name": "Plutôt vrai", "definition": "Le fond tient."}}
    rating.save()
    return published_claim


def test_a_rating_is_told_in_the_language_of_the_page(client, translated):
    rating = translated.reviews.get().rating
    html = client.get(f"/fr/claims/{translated.pk}/").content.decode()

    assert "Plutôt vrai" in html
    assert "Le fond tient." in html
    assert rating.definition not in html
    assert "Plutôt vrai" not in client.get(f"/claims/{translated.pk}/").content.decode()
    assert "Plutôt vrai" in client.get(f"/fr/claims/{translated.pk}/v1/").content.decode()
    assert "Plutôt vrai" in client.get("/fr/how-we-check/").content.decode()


def test_an_old_version_keeps_the_word_that_readers_saw(client, translated):
    rating = translated.reviews.get().rating
    seen = rating.alternate_name
    rating.alternate_name = "Nearly true"
    rating.save()

    html = client.get(f"/fr/claims/{translated.pk}/v1/").content.decode()

    assert seen in html
    assert "Plutôt vrai" not in html


def test_programs_find_the_same_review_on_a_page_in_any_language(client, translated):
    pages = [
        client.get(f"{prefix}/claims/{translated.pk}/").content.decode() for prefix in ("", "/fr")
    ]

    english, french = (json.loads(JSON_LD.search(page)[1]) for page in pages)
    assert english == french
    for told in (r'<meta property="og:image" content="[^"]+">', r"&lt;iframe.*&lt;/iframe&gt;"):
        here, there = (re.search(told, page)[0] for page in pages)
        assert here == there


def test_a_frame_in_another_language_is_found_by_its_address(client, published_claim):
    answer = client.get("/oembed/", {"url": f"http://testserver/fr/claims/{published_claim.pk}/"})

    assert answer.status_code == 200
    assert f"/claims/{published_claim.pk}/embed/" in answer.json()["html"]


def test_ratings_are_translated_in_the_admin(client, ratings, administrator):
    rating = Rating.objects.get(slug="true")
    rating.translations = {}
    rating.save()
    client.force_login(administrator)
    address = reverse("admin:claims_rating_change", args=[rating.pk])
    typed = posted_by(client.get(address), "rating_form") | {
        "translations_fr_alternate_name": "Vrai",
        "translations_ar_definition": "صحيح",
    }

    refused = client.post(address, typed)
    taken = client.post(address, typed | {"translations_ar_definition": ""})

    assert "Give the word too where you translate what it means: ar." in refused.content.decode()
    assert taken.status_code == 302
    rating.refresh_from_db()
    assert rating.translations == {"fr": {"alternate_name": "Vrai"}}


@pytest.mark.parametrize(
    "wrong",
    [{"xx": {"alternate_name": "x"}}, {"fr": "Vrai"}, {"fr": {"alternate_name": "x" * 41}},
     {"fr": {"alternate_name": "Vrai", "colour": "red"}},
     {"fr": {"alternate_name": "Vrai", "test": 3}}],
)  # fmt: skip
def test_only_words_of_known_languages_are_kept(ratings, wrong):
    rating = Rating.objects.get(slug="true")
    rating.translations = wrong

    with pytest.raises(ValidationError) as refused:
        rating.full_clean()
    assert set(refused.value.message_dict) == {"translations"}


def test_counts_are_written_as_the_language_has_them(client, db, monkeypatch):
    counts = {"status": Counter(published=1328), "rating": {}, "speaker": {}, "topic": {}}
    monkeypatch.setattr("claims.views.browse.counted", lambda *names: counts)

    assert "<dd>1,328</dd>" in client.get("/").content.decode()
    assert "<dd>1\xa0328</dd>" in client.get("/fr/").content.decode()


def test_the_number_of_a_claim_is_no_count(client, ratings):
    Claim.objects.create(pk=12345, text="The bridge is closed.", status="in_review")

    assert "Affirmation 12345" in client.get("/fr/claims/12345/").content.decode()
