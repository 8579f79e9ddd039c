"""The page of an article: which parts of it can I trust?"""

import html as markup
import re

import pytest
from django.utils import timezone

from claims import workflow
from claims.models import Appearance

from . import factories

MARK = re.compile(r'<mark class="hl (r-\w+)"( id="m\d+")? data-n="\d+">(.*?)</mark>', re.S)


def marks(html):
    return [(css, markup.unescape(words)) for css, _, words in MARK.findall(html)]


def page(client, source, status=200):
    response = client.get(f"/articles/{source.pk}/")
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def article(ratings):
    """An article of three sentences: one checked, one in review, one not public."""
    snapshot = factories.make_snapshot("Taxes <doubled>. Rents & prices fell.\nA secret plan.")
    for status, exact in (
        ("published", "Taxes <doubled>."),
        ("in_review", "Rents & prices fell."),
        ("new", "A secret plan."),
    ):
        if status == "published":
            claim = factories.make_published_claim()
            Appearance.objects.filter(claim=claim).delete()
        else:
            claim = factories.make_claim("SECRET" if status == "new" else None, status=status)
        factories.make_appearance(claim, exact=exact, snapshot=snapshot)
    return snapshot.source


def test_each_visible_claim_is_marked_character_for_character(client, article):
    assert marks(page(client, article)) == [
        ("r-mtrue", "Taxes <doubled>."),
        ("r-review", "Rents & prices fell."),
    ]


def test_each_mark_has_a_note_that_leads_to_its_claim(client, article):
    html = page(client, article)

    for appearance in Appearance.objects.visible().filter(snapshot__source=article):
        key = appearance.claim_id
        assert f'href="#n{key}"' in html
        assert f'id="n{key}"' in html
        assert f'popovertarget="n{key}"' in html
        assert f'<a href="/claims/{key}/">' in html
    assert "The figures are right, the year is not." in html
    assert "No verdict yet." in html


def test_nothing_of_a_claim_that_is_not_public_shows_but_the_articles_own_words(client, article):
    html = page(client, article)

    assert "A secret plan." in html
    assert "SECRET" not in html
    assert "All 2 claims as a list" in html


def test_what_the_article_does_not_name_is_said_to_be_unknown(client, article):
    html = page(client, article)

    for words in ("Publisher not named", "Author not named", "Date not shown"):
        assert words in html


def test_an_article_that_rewords_another_says_which(client, article):
    article.based_on = factories.make_source(
        "The original report", publisher=factories.make_publisher("The Gazette")
    )
    article.save()

    html = page(client, article)

    assert "The original report</a> (The Gazette)" in html


def test_an_article_is_shown_with_what_is_known_of_it(client, article):
    article.publisher = factories.make_publisher("The Gazette")
    article.author, article.published_on, article.language = "B. Writer", "2024-07", "en"
    article.save()

    html = page(client, article)

    for words in ("Published by The Gazette", "B. Writer", "July 2024", '<h1 lang="en">'):
        assert words in html


def test_the_newest_text_with_a_visible_claim_is_shown(client, article):
    later = timezone.now() + timezone.timedelta(days=1)
    newer = factories.make_snapshot("Taxes tripled.", source=article, captured_at=later)
    factories.make_snapshot("No claim here.", source=article, captured_at=later)
    factories.make_appearance(factories.make_claim(), exact="tripled", snapshot=newer)

    assert marks(page(client, article)) == [("r-review", "tripled")]


def test_a_withdrawn_verdict_is_marked_without_a_rating(client, article, editor):
    (verdict,) = Appearance.objects.filter(claim__status="published", snapshot__source=article)
    workflow.retract(verdict.claim.reviews.get(), by=editor, note="We misread the table.")

    html = page(client, article)

    assert marks(html)[0][0] == "r-none"
    assert "We withdrew our verdict." in html


def test_a_document_without_visible_claims_is_no_article(client, db):
    hidden = factories.make_appearance(factories.make_claim(status="new"))

    page(client, hidden.snapshot.source, status=404)
    page(client, factories.make_source(), status=404)


def test_an_article_takes_the_same_number_of_queries_whatever_its_claims(
    client, ratings, django_assert_num_queries
):
    def article_of(count):
        words = [f"Sentence {number} holds." for number in range(count)]
        snapshot = factories.make_snapshot(" ".join(words))
        for number, exact in enumerate(words):
            claim = factories.make_claim(speaker=factories.make_speaker())
            if number % 2:
                claim = factories.make_published_claim(speaker=factories.make_speaker())
            factories.make_appearance(claim, exact=exact, snapshot=snapshot)
        return snapshot.source

    few, many = article_of(3), article_of(24)

    for source, count in ((few, 3), (many, 24)):
        with django_assert_num_queries(7):
            assert len(marks(page(client, source))) == count


def test_a_claim_that_is_made_twice_has_two_notes_with_addresses_of_their_own(client, ratings):
    snapshot = factories.make_snapshot("Taxes doubled. Nobody asked. Yes, taxes doubled.")
    claim = factories.make_claim()
    for exact in ("Taxes doubled", "taxes doubled"):
        factories.make_appearance(claim, exact=exact, snapshot=snapshot)

    html = page(client, snapshot.source)

    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {f"m{claim.pk}", f"m{claim.pk}-2", f"n{claim.pk}", f"n{claim.pk}-2"} <= set(ids)
