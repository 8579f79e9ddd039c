"""Versions: frozen, compared part by part, and every correction in the open."""

import datetime
import re
import xml.etree.ElementTree as ElementTree

import pytest
from django.core.exceptions import ValidationError

from claims import versions, workflow
from claims.models import Claim, Correction, Evidence, Review

from . import factories

ATOM = "{http://www.w3.org/2005/Atom}"


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def corrected(published_claim, reviewer, editor, ratings):
    """A claim whose second version corrects the first: rating, finding, label, a source added."""
    draft = workflow.revise(published_claim, by=reviewer, kind="correction", note="Wrong year.")
    Review.objects.filter(pk=draft.pk).update(
        rating=ratings["mixed"],
        finding="The figures are right, the years are not.",
        labels=["missing-context"],
    )
    factories.make_evidence(draft, source=factories.make_source("Model list"), stance="context")
    workflow.submit(draft, by=reviewer)
    workflow.publish(draft, by=editor)
    published_claim.refresh_from_db()
    return published_claim


def test_every_version_keeps_its_own_address(client, corrected):
    first = page(client, f"/claims/{corrected.pk}/v1/")
    second = page(client, f"/claims/{corrected.pk}/v2/")

    assert "A newer version replaced this one" in first
    assert "Mostly true" in first
    assert "The figures are right, the year is not." in first
    assert "Wrong year." in second
    assert "Model list" in second
    assert "Model list" not in first
    page(client, f"/claims/{corrected.pk}/v3/", status=404)


def test_a_version_says_the_names_of_its_day_for_good(client, corrected, reviewer, ratings):
    source = Evidence.objects.filter(review__number=1).get().source
    old_title = source.title
    source.title, reviewer.display_name = "Renamed later", "Renamed later"
    ratings["mostly-true"].definition = "Renamed later"
    for row in (source, reviewer, ratings["mostly-true"]):
        row.save()

    html = page(client, f"/claims/{corrected.pk}/v1/")

    assert "Renamed later" not in html
    assert old_title in html
    assert "Rita Reviewer" in html


def test_a_version_leads_to_the_live_page_at_the_words_it_quotes(client, reviewer, editor):
    review = factories.make_review(author=reviewer)
    evidence = factories.make_evidence(review, passage="rose by 4 %")
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)

    html = page(client, f"/claims/{review.claim_id}/v1/")

    assert f'href="{evidence.source.url}#:~:text=rose%20by%204%20%25"' in html


def test_a_draft_has_no_address_and_is_no_part_of_a_comparison(client, corrected, reviewer):
    workflow.revise(corrected, by=reviewer, kind="update", note="SECRET")

    page(client, f"/claims/{corrected.pk}/v3/", status=404)
    page(client, f"/claims/{corrected.pk}/changes/?to=3", status=400)
    assert "SECRET" not in page(client, f"/claims/{corrected.pk}/changes/")
    assert "SECRET" not in page(client, "/corrections/")
    assert "SECRET" not in page(client, "/corrections/feed/")


def test_the_versions_of_a_claim_that_is_not_public_are_not_either(client, corrected):
    Claim.objects.update(status="declined")

    for address in ("v1/", "v2/", "changes/"):
        page(client, f"/claims/{corrected.pk}/{address}", status=404)
    assert "Wrong year." not in page(client, "/corrections/")
    assert "Wrong year." not in page(client, "/corrections/feed/")


def test_what_changed_is_shown_part_by_part(client, corrected):
    html = page(client, f"/claims/{corrected.pk}/changes/")

    parts = re.findall(r'<th scope="row">([^<]+)</th>', html)
    assert parts == [
        "Rating", "What the rating means", "Labels", "Finding", "Public note", "Source: Model list",
    ]  # fmt: skip
    assert "removed: Mostly true added: Mixed" in words(html)
    assert "removed: year" in words(html)
    assert "added: years" in words(html)


def test_any_two_versions_are_compared_and_the_same_say_so(client, corrected):
    same = page(client, f"/claims/{corrected.pk}/changes/?from=2&to=2")
    back = page(client, f"/claims/{corrected.pk}/changes/?from=2&to=1")

    assert "These versions say the same." in same
    assert "removed: Mixed added: Mostly true" in words(back)


@pytest.mark.parametrize("query", ["from=9", "to=0", "to=x", "to=-1", "from=", "to=1.5", "to=²"])
def test_a_version_that_does_not_exist_is_refused_with_those_that_do(client, corrected, query):
    html = page(client, f"/claims/{corrected.pk}/changes/?{query}", status=400)

    assert "Choose from 1, 2." in html


def test_a_withdrawn_version_keeps_its_address_and_says_so(client, corrected, editor):
    workflow.retract(corrected.reviews.published().get(), by=editor, note="We misread it.")

    html = page(client, f"/claims/{corrected.pk}/v2/")

    assert "We withdrew this version" in html
    assert "<s>Mixed</s>" in html


def test_what_was_withdrawn_and_then_merged_keeps_its_addresses(client, corrected, editor):
    workflow.retract(corrected.reviews.published().get(), by=editor, note="We misread it.")
    corrected.refresh_from_db()
    workflow.merge(corrected, into=factories.make_claim(), by=editor)

    page(client, f"/claims/{corrected.pk}/v1/")
    assert "We misread it." in page(client, "/corrections/")


def test_the_claim_page_leads_to_every_version_and_to_what_changed(client, corrected):
    html = page(client, f"/claims/{corrected.pk}/")

    for address in ("v1/", "v2/", "changes/?to=2"):
        assert f'href="/claims/{corrected.pk}/{address}"' in html


def test_every_correction_stands_in_the_log_newest_first(client, corrected, editor):
    workflow.retract(corrected.reviews.published().get(), by=editor, note="We misread it.")

    html = page(client, "/corrections/")

    assert html.index("We misread it.") < html.index("Wrong year.")
    assert "Retraction" in html
    assert f'href="/claims/{corrected.pk}/changes/?to=2"' in html


def test_the_log_without_corrections_does_not_boast(client, published_claim):
    assert "That does not mean that we make no mistakes." in page(client, "/corrections/")


def test_the_log_takes_the_same_number_of_queries_whatever_its_length(
    client, corrected, reviewer, editor, django_assert_num_queries
):
    with django_assert_num_queries(1):
        page(client, "/corrections/")
    for _ in range(5):
        draft = workflow.revise(corrected, by=reviewer, kind="update", note="More.")
        workflow.submit(draft, by=reviewer)
        workflow.publish(draft, by=editor)
        corrected.refresh_from_db()

    with django_assert_num_queries(1):
        html = page(client, "/corrections/")
    assert html.count("<article") == 6


def test_the_feed_of_corrections_is_valid_atom(client, corrected, settings):
    settings.SITE_URL = "https://facts.example"
    Claim.objects.update(text="Taxes <doubled> & rents fell.")

    response = client.get("/corrections/feed/")

    feed = ElementTree.fromstring(response.content)  # noqa: S314 (we wrote it)
    assert response["Content-Type"].startswith("application/atom+xml")
    entry = feed.find(f"{ATOM}entry")
    correction = Correction.objects.get()
    assert entry.find(f"{ATOM}title").text == "Correction: Taxes <doubled> & rents fell."
    assert entry.find(f"{ATOM}summary").text == "Wrong year."
    address = f"https://facts.example/claims/{corrected.pk}/"
    assert entry.find(f"{ATOM}link").get("href") == address
    assert entry.find(f"{ATOM}id").text == f"{address}#correction-{correction.pk}"
    assert entry.find(f"{ATOM}updated").text
    assert feed.find(f"{ATOM}id").text
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == (
        "https://facts.example/corrections/feed/"
    )


def test_an_approval_is_void_when_anything_was_changed_since_it_was_submitted(
    published_claim, reviewer, editor
):
    draft = workflow.revise(published_claim, by=reviewer, kind="update", note="New figures.")
    workflow.submit(draft, by=reviewer)
    source = draft.evidence.get().source
    source.title = "Another document"
    source.save()

    with pytest.raises(ValidationError, match="changed after you read it"):
        workflow.publish(draft, by=editor)

    assert [part.part for part in versions.differs_from_submission(draft)]
    factories.publish(draft, by=editor)  # who reads it as it stands now
    assert draft.status == "published"


def test_an_approval_of_another_content_is_void(ratings, reviewer, editor):
    review = factories.make_review(author=reviewer)
    workflow.submit(review, by=reviewer)

    with pytest.raises(ValidationError, match="changed after you read it"):
        workflow.publish(review, by=editor, read="0" * 64)


def test_the_digest_of_a_content_does_not_depend_on_the_order_of_its_keys():
    assert versions.digest_of({"a": "é", "b": [1]}) == versions.digest_of({"b": [1], "a": "é"})
    assert versions.digest_of({"a": 1}) != versions.digest_of({"a": "1"})


@pytest.mark.parametrize(("days", "is_stale"), [(-1, True), (0, True), (1, False)])
def test_from_the_day_to_look_again_readers_are_told_that_it_may_be_out_of_date(
    client, published_claim, days, is_stale
):
    day = datetime.date.today() + datetime.timedelta(days=days)
    Review.objects.update(look_again_on=day)

    html = page(client, f"/claims/{published_claim.pk}/")

    assert ("may be out of date" in html) == is_stale


def test_a_verdict_always_says_of_which_day_it_speaks(client, published_claim):
    assert "As of" in page(client, f"/claims/{published_claim.pk}/")
