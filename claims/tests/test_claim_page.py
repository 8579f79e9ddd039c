"""The page of a claim: is it true, says who, and how do you know?"""

import json
import re

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from claims import workflow
from claims.models import Appearance, Claim, Evidence, Review

from . import factories


def page(client, claim, status=200):
    response = client.get(f"/claims/{claim.pk}/")
    assert response.status_code == status
    return response.content.decode()


def structured_data(html):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    documents = [json.loads(block) for block in found]
    return [each for each in documents if each["@type"] != "BreadcrumbList"]


def test_the_verdict_stands_with_its_words_names_and_dates(client, published_claim):
    html = page(client, published_claim)

    for words in (
        published_claim.text,
        "Mostly true",
        "The figures are right, the year is not.",
        "The record shows the same figures",
        "<b>Rita Reviewer</b>",
        "<b>Eddie Editor</b>",
        "Version 1",
        "The main point holds.",
        "Widely repeated.",
        'aria-current="true">Mostly true',
    ):
        assert words in html
    assert timezone.now().strftime("%B %Y") in html


def test_the_sources_stand_with_stance_and_what_is_not_known(client, published_claim):
    html = page(client, published_claim)

    assert Evidence.objects.get().source.title in html
    for words in ("Supports", "Secondary source", "Date not shown", "No kept copy yet"):
        assert words in html


def test_a_kept_copy_is_named_with_its_date(client, ratings, reviewer, editor):
    review = factories.make_review(author=reviewer)
    evidence = factories.make_evidence(review, passage="rose by 4 %", is_primary=True)
    evidence.snapshot = factories.make_snapshot("Taxes rose by 4 %.", source=evidence.source)
    evidence.save()
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)

    html = page(client, review.claim)

    assert "Copy kept" in html
    assert "<blockquote>rose by 4 %</blockquote>" in html
    assert f'href="{evidence.source.url}#:~:text=rose%20by%204%20%25"' in html
    assert "Primary source" in html


@pytest.mark.parametrize(
    ("attribution", "words"),
    [
        ("direct-quote", "As quoted in the article"),
        ("reported-speech", "As reported in the article"),
        ("own-words", "In the article’s own words"),
    ],
)
def test_the_exact_words_stand_as_the_article_gives_them(
    client, published_claim, attribution, words
):
    Appearance.objects.update(
        attribution=attribution,
        speaker_role="mayor",
        reported_by="The Gazette",
        attribution_note="The minutes confirm it.",
    )

    html = page(client, published_claim)

    assert words in html
    assert ">taxes doubled</blockquote>" in html
    for shown in ("introduced as: mayor", "Reported by The Gazette", "The minutes confirm it."):
        assert shown in html


def test_a_reworded_passage_shows_what_was_changed(client, published_claim):
    original = factories.make_appearance(
        exact="tax revenue doubled", snapshot=factories.make_snapshot("tax revenue doubled")
    )
    Appearance.objects.filter(claim=published_claim).update(rewords=original)

    html = page(client, published_claim)

    removed = '<del><span class="vh">removed: </span>tax revenue</del>'
    added = '<ins><span class="vh">added: </span>taxes</ins>'
    assert f"{removed}{added} doubled" in html


def test_a_verdict_off_the_scale_shows_no_scale(client, ratings):
    html = page(client, factories.make_published_claim(rating="not-checkable"))

    assert "Not checkable" in html
    assert 'class="scale"' not in html


def test_a_verdict_without_sources_says_so(client, ratings, reviewer, editor):
    review = factories.make_review(author=reviewer)
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)

    assert "rests on the words themselves" in page(client, review.claim)


def test_the_page_of_a_verdict_carries_one_claimreview(client, published_claim):
    (document,) = structured_data(page(client, published_claim))

    assert document["@type"] == "ClaimReview"
    assert document["url"] == f"http://testserver/claims/{published_claim.pk}/"


def test_what_was_typed_stays_as_it_is_where_the_page_is_closed_up():
    typed = "<pre>a  \n\n   <b>b</b>\n\n <i>c</i></pre>"
    field = "<textarea>\n d\n\n <p>e</p>\n\n<p></textarea>"
    source = (
        f"{{% load claims %}}{{% page_icons %}}{typed}<p>\n\n  <b>f</b>{field}{{% endpage_icons %}}"
    )

    shown = Template(source).render(Context())

    assert shown.endswith(f"{typed}<p>\n<b>f</b>{field}")


def test_hostile_words_end_neither_the_structured_data_nor_the_page(client, ratings):
    hostile = "</script><script>alert(1)</script> <!-- \u2028 & 'so'"
    claim = factories.make_published_claim(hostile)

    html = page(client, claim)

    (document,) = structured_data(html)
    assert document["claimReviewed"] == hostile
    assert "<script>alert" not in html
    assert "<!--" not in html


@pytest.fixture
def claim_in_review(ratings, reviewer):
    """A claim with a draft that must not show."""
    claim = factories.make_claim(what_would_settle="Dated figures.", background="SECRET background")
    review = factories.make_review(
        claim,
        author=reviewer,
        finding="SECRET finding",
        rationale="SECRET rationale",
        confidence="high",
    )
    factories.make_evidence(
        review, summary="SECRET summary", note="SECRET remark", stance="refutes"
    )
    return claim


def test_a_claim_in_review_shows_what_would_settle_it_and_what_is_being_read(
    client, claim_in_review
):
    html = page(client, claim_in_review)

    assert "In review: no verdict yet" in html
    assert "Dated figures." in html
    assert Evidence.objects.get().source.title in html
    assert '<meta name="robots" content="noindex">' in html


def test_nothing_of_a_draft_shows(client, claim_in_review):
    html = page(client, claim_in_review)

    for word in ("SECRET", "Mostly true", "Refutes", "Supports", "Confidence", "ClaimReview"):
        assert word not in html


@pytest.mark.parametrize("status", ["new", "declined"])
def test_a_claim_that_is_not_public_has_no_page(client, db, status):
    page(client, factories.make_claim(status=status), status=404)


@pytest.mark.parametrize("key", ["0", "01", "-1", "x", "9" * 19, "9" * 40, "1e3"])
def test_an_address_that_is_no_key_is_not_found(client, db, key):
    assert client.get(f"/claims/{key}/").status_code == 404


def test_a_withdrawn_verdict_says_so_and_why(client, published_claim, editor):
    workflow.retract(published_claim.reviews.get(), by=editor, note="We misread the table.")

    html = page(client, published_claim)

    assert "Verdict withdrawn" in html
    assert "We misread the table." in html
    assert structured_data(html) == []
    assert "Why this rating" not in html


def test_every_version_stands_in_the_history_with_its_note(
    client, published_claim, reviewer, editor
):
    draft = workflow.revise(published_claim, by=reviewer, kind="correction", note="Wrong year.")
    assert "Wrong year." not in page(client, published_claim)
    workflow.submit(draft, by=reviewer)
    workflow.publish(draft, by=editor)

    html = page(client, published_claim)

    assert "Version 2 published" in html
    assert "Version 1 published" in html
    assert html.index("</svg>Correction, ") < html.index("<p>Wrong year.</p>") < html.index("<h1")


def test_the_address_of_a_merged_claim_leads_to_where_it_went(client, editor):
    first, second, third = (factories.make_claim() for _ in range(3))
    workflow.merge(first, into=second, by=editor)
    workflow.merge(second, into=third, by=editor)

    response = client.get(f"/claims/{first.pk}/")

    assert (response.status_code, response["Location"]) == (302, f"/claims/{third.pk}/")


def test_a_newsroom_of_one_says_so_on_its_verdicts_and_its_method(
    client, ratings, editor, settings
):
    settings.SECOND_PERSON = False
    review = factories.make_review(author=editor)
    workflow.submit(review, by=editor)
    workflow.publish(review, by=editor)

    assert "newsroom of one" in page(client, review.claim)
    assert "newsroom of one" in client.get(reverse("method")).content.decode()


def test_a_claim_page_takes_the_same_number_of_queries_whatever_is_on_it(
    client, ratings, reviewer, editor, django_assert_num_queries
):
    def publish(count):
        claim = factories.make_claim(topics=[factories.make_topic() for _ in range(count)])
        review = factories.make_review(claim, author=reviewer)
        for _ in range(count):
            factories.make_evidence(review)
            factories.make_appearance(claim)
        workflow.submit(review, by=reviewer)
        workflow.publish(review, by=editor)
        return claim

    few, many = publish(1), publish(12)

    for claim in (few, many):
        page(client, claim)  # which claims are related is found once a day
        with django_assert_num_queries(20):
            page(client, claim)


def test_how_we_check_defines_every_rating_and_sets_retired_ones_apart(client, ratings):
    ratings["false"].is_retired = True
    ratings["false"].save()

    html = client.get(reverse("method")).content.decode()

    for rating in ratings.values():
        assert rating.definition in html
    assert html.index("No longer given") < html.index("The evidence contradicts the claim.")
    assert "A second person, who did not write it" in html


def test_a_claim_of_which_nothing_more_is_known_says_so(client, ratings):
    claim = Claim.objects.create(text="Something was said.", status="in_review")

    html = page(client, claim)

    assert "Nobody named" in html
    assert "Not known" in html


def test_a_published_claim_names_its_speaker_language_and_interests(client, published_claim):
    speaker = factories.make_speaker("Ann", description="mayor of the town")
    Claim.objects.update(speaker=speaker, stated_on="2024-07")
    source = Evidence.objects.get().source
    source.publisher = factories.make_publisher("Statistics Office", interests="State-owned.")
    source.author, source.language, source.published_on = "B. Writer", "zh-hans", "2024-07-02"
    source.save()
    Review.objects.filter(pk=published_claim.reviews.get().pk).update(
        as_of="2025-01-24", confidence="high", what_would_change="A *later* count.",
        labels=["out-of-date"],
    )  # fmt: skip

    html = page(client, published_claim)

    for words in (
        "mayor of the town", "July 2024", "2 July 2024", "State-owned.", 'lang="zh-hans"',
        "24 January 2025", "High", "<em>later</em>", "Out of date",
    ):  # fmt: skip
        assert words in html


def test_a_page_carries_each_icon_that_it_uses_and_no_other(client, published_claim):
    page = client.get(f"/claims/{published_claim.pk}/").content.decode()

    carried = re.findall(r'<symbol id="(i-[\w-]+)"', page)
    assert set(carried) == set(re.findall(r'<use href="#(i-[\w-]+)"', page))
    assert "i-mtrue" in carried
    assert "i-false" not in carried
