"""Who we are, what we promise, and what programs may read."""

import json
import re

import pytest
from django.core.exceptions import ValidationError

from claims.models import AboutPage
from claims.tests import factories

JSON_LD = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.S)


def documents(response):
    return [json.loads(found) for found in JSON_LD.findall(response.content.decode())]


def write(**fields):
    told = {
        "slug": "funding",
        "title": "Who pays",
        "text": "**Readers** do.\n\n# How much",
        "is_public": True,
    }
    return AboutPage.objects.create(**told | fields)


def test_those_are_named_who_signed_a_verdict(client, published_claim, reviewer, editor):
    reviewer.display_name, reviewer.bio = "Ana Reyes", "Ten years at a court."
    reviewer.interests = "Member of a union\n\nShares in Acme"
    reviewer.save()
    factories.make_person("Quiet Colleague", role="reviewer")

    page = client.get("/about/").content.decode()

    assert "Ana Reyes" in page
    assert "Ten years at a court." in page
    assert "<li>Shares in Acme</li>" in page
    assert str(editor) in page
    assert "Quiet Colleague" not in page


def test_who_left_is_not_named(client, published_claim, reviewer):
    reviewer.is_active = False
    reviewer.save()

    assert str(reviewer) not in client.get("/about/").content.decode()


def test_who_only_wrote_drafts_is_not_named(client, reviewer):
    factories.make_draft(author=reviewer)

    assert "Nobody is named under a verdict yet." in client.get("/about/").content.decode()


def test_who_we_are_takes_three_queries(client, published_claim, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get("/about/")


def test_a_page_of_ours_is_read_as_it_was_written(client, db):
    write()

    page = client.get("/about/funding/")

    assert "<strong>Readers</strong> do." in page.content.decode()
    assert "<h2>How much</h2>" in page.content.decode()
    assert documents(page)[0]["itemListElement"][0]["item"] == "http://testserver/about/"
    assert 'href="/about/funding/"' in client.get("/about/").content.decode()


def test_a_page_that_is_not_public_is_not_found(client, db):
    write(is_public=False, purpose="ownershipFundingInfo")

    assert client.get("/about/funding/").status_code == 404
    about = client.get("/about/")
    assert "Who pays" not in about.content.decode()
    assert "ownershipFundingInfo" not in documents(about)[0]


def test_a_page_is_read_in_the_language_of_the_reader_if_there_is_one(client, db):
    write()
    write(language="fr", title="Qui paie", text="Les lecteurs.")
    write(language="ar", slug="ethics", title="أخلاق", text="نص")

    french, english = (client.get(f"{prefix}/about/").content.decode() for prefix in ("/fr", ""))

    assert "Qui paie" in french
    assert "Who pays" not in french
    assert "Who pays" in english
    assert "أخلاق" in english  # written in no other language
    assert '<article lang="fr">' in client.get("/fr/about/funding/").content.decode()
    assert "Who pays" in client.get("/hi/about/funding/").content.decode()


def test_programs_are_told_who_publishes_and_where_the_policies_are(client, db):
    write(purpose="ownershipFundingInfo")
    write(slug="draft", purpose="ethicsPolicy", is_public=False)

    home, about = (documents(client.get(path))[0] for path in ("/", "/fr/about/"))

    assert home == about
    assert home["@type"] == "NewsMediaOrganization"
    assert home["ownershipFundingInfo"] == "http://testserver/about/funding/"
    assert home["correctionsPolicy"] == "http://testserver/corrections/"
    assert "ethicsPolicy" not in home


def test_two_pages_are_not_for_one_purpose(db):
    write(purpose="correctionsPolicy")
    other = AboutPage(slug="other", title="Other", text="x", purpose="correctionsPolicy")

    with pytest.raises(ValidationError) as refused:
        other.full_clean()
    assert refused.value.message_dict == {"purpose": ["“Who pays” is for this already."]}


def test_one_page_has_each_language_once(db):
    write()

    with pytest.raises(ValidationError, match="There is such a page in this language already"):
        AboutPage(slug="funding", title="Again", text="x").full_clean()


@pytest.mark.parametrize("path", ["/accessibility/", "/data/"])
def test_what_holds_everywhere_is_told(client, db, settings, path):
    page = client.get(path)

    assert page.status_code == 200
    assert f'<link rel="canonical" href="http://testserver{path}">' in page.content.decode()


def test_a_reader_is_told_where_to_write(client, db, settings):
    settings.CONTACT = "desk@facts.example"

    for path in ("/about/", "/accessibility/"):
        assert 'href="mailto:desk@facts.example"' in client.get(path).content.decode()


def test_breadcrumbs_are_told_to_programs_as_readers_see_them(client, published_claim):
    topic = factories.make_topic("Money & <gold>")
    published_claim.topics.add(topic)

    page = client.get(f"/fr/claims/{published_claim.pk}/")
    steps = documents(page)[1]["itemListElement"]

    assert [step.get("item") for step in steps] == [
        "http://testserver/claims/",
        f"http://testserver/topics/{topic.slug}/",
        None,
    ]
    assert steps[1]["name"] == "Money & <gold>"
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert (
        '<nav class="crumbs" aria-label="Vous êtes ici"><ol role="list"><li><a href="/fr/claims/">'
        in page.content.decode()
    )
