"""Confidential sources: a word is planted in all that is private, and no door tells it."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import visibility, workflow
from claims.models import Appearance, Claim, Evidence, Review
from sources import archive, warc
from sources.models import Capture, PrivateDetail, Snapshot, Source

from . import factories

pytestmark = pytest.mark.django_db

SECRET = "Zinnober"
TITLE = "A former employee of the ministry"
NOTE = "We met twice and saw a badge."


def make_copy(source, text):
    body = text.encode()
    file = archive.keep(warc.of_upload(body, "text/plain", timezone.now()))
    return factories.make_snapshot(
        text, source=source, file=file, payload_sha256=hashlib.sha256(body).hexdigest()
    )


class Newsroom:
    """A verdict and a claim in review that rest on a confidential source, corrected once."""

    def __init__(self, reviewer, editor):
        self.reviewer, self.editor = reviewer, editor
        self.source = factories.make_source(
            TITLE, url="", is_confidential=True, access_note=NOTE, kind="interview"
        )
        PrivateDetail.objects.create(source=self.source, text=f"{SECRET} of the second floor")
        self.copies = [make_copy(self.source, f"{SECRET} {n} said taxes doubled.") for n in "ab"]
        Capture.objects.create(
            source=self.source, file="x", transcription=SECRET, found={"authors": SECRET}
        )
        self.claim = self.make_verdict()
        self.in_review = factories.make_claim()
        factories.make_appearance(self.in_review)
        draft = factories.make_draft(self.in_review, author=reviewer)
        factories.make_evidence(draft, source=self.source)

    def make_verdict(self):
        claim = factories.make_claim(
            speaker=factories.make_speaker(), topics=[factories.make_topic()]
        )
        review = factories.make_review(claim, author=self.reviewer)
        factories.make_evidence(
            review, source=self.source, snapshot=self.copies[0], passage="said taxes doubled."
        )
        factories.make_evidence(review, source=self.source, stance="context")
        workflow.submit(review, by=self.reviewer)
        workflow.publish(review, by=self.editor)
        claim.refresh_from_db()
        draft = workflow.revise(claim, by=self.reviewer, kind="correction", note="Wrong year.")
        Review.objects.filter(pk=draft.pk).update(finding="The figures are right.")
        workflow.submit(draft, by=self.reviewer)
        workflow.publish(draft, by=self.editor)
        return Claim.objects.get(pk=claim.pk)

    def pages(self):
        """Yield every address that readers and programs can ask for."""
        key, article = self.claim.pk, self.claim.appearances.earliest("pk").snapshot.source
        yield from ("/", "/claims/", "/articles/", "/speakers/", "/sources/")
        yield from ("/corrections/", "/corrections/feed/", "/our-work/", "/how-we-check/")
        yield from (f"/claims/{key}/", f"/claims/{key}/v1/", f"/claims/{key}/v2/")
        yield from (f"/claims/{key}/changes/", f"/claims/{self.in_review.pk}/")
        yield from (f"/claims/{key}/embed/", f"/claims/{self.in_review.pk}/embed/")
        yield f"/oembed/?format=xml&url=http://testserver/claims/{key}/"
        yield from (f"/claims/{key}/correction/", self.claim.speaker.get_absolute_url())
        for source in (self.source, article):
            yield from (f"/sources/{source.pk}/", f"/articles/{source.pk}/")
            yield from (f"/api/v1/sources/{source.pk}/", f"/api/v1/articles/{source.pk}/")
            yield f"/articles/{source.pk}/annotations/"
        for copy in self.copies:
            yield f"/sources/{self.source.pk}/copies/{copy.pk}/"
            yield f"/sources/{self.source.pk}/copies/{copy.pk}/file/"
            yield f"/sources/{article.pk}/copies/{copy.pk}/"
        names = ("claims", "reviews", "speakers", "topics", "articles", "sources", "ratings")
        yield from ("/api/v1/", "/api/v1/stats/", "/api/v1/schema/", "/api/v1/docs/")
        yield from (f"/api/v1/{name}/" for name in names)
        yield from (f"/api/v1/claims/{each.pk}/" for each in (self.claim, self.in_review))
        yield f"/api/v1/reviews/{self.claim.reviews.published().get().pk}/"
        yield from ("/api/v1/sources/?kind=interview", "/sources/?kind=interview")
        yield from ("/nowhere/", "/claims/999/", "/api/v1/nowhere/", "/sources/999/")

    def secrets(self):
        """Return what no answer may hold: the word, fingerprints and names of files."""
        told = [SECRET, SECRET.lower()]
        for copy in self.copies:
            told += [copy.sha256, copy.payload_sha256, copy.file]
        return told


@pytest.fixture
def newsroom(ratings, reviewer, editor):
    return Newsroom(reviewer, editor)


def body_of(response):
    streamed = b"".join(response.streaming_content) if response.streaming else response.content
    return streamed.decode(errors="replace")


def test_no_answer_to_a_reader_tells_what_is_private(client, newsroom):
    for page in newsroom.pages():
        body = body_of(client.get(page))
        for secret in newsroom.secrets():
            assert secret not in body, page


def test_no_answer_says_that_a_copy_is_kept(client, newsroom):
    claim, source = newsroom.claim, newsroom.source
    own = client.get(source.get_absolute_url()).content.decode()
    listed = client.get("/sources/?kind=interview").content.decode()
    card = client.get(claim.get_absolute_url()).content.decode().split('id="sources"')[1]

    for html in (own, listed, card.split('id="how-checked"')[0]):
        assert TITLE in html
        assert "Confidential source" in html
        assert NOTE in html
        assert "opy kept" not in html
        assert "kept no copy" not in html
    assert f"/sources/{source.pk}/copies/" not in own + listed + card


def test_the_copies_of_a_confidential_source_are_not_there(client, newsroom):
    for copy in newsroom.copies:
        for name in ("copy", "copy-file"):
            page = reverse(name, args=[newsroom.source.pk, copy.pk])
            assert client.get(page).status_code == 404
    assert client.get(f"/articles/{newsroom.source.pk}/").status_code == 404
    assert not visibility.copies_of(newsroom.source).exists()


def test_the_api_says_that_a_source_is_confidential_and_nothing_of_its_copies(client, newsroom):
    claim = client.get(f"/api/v1/claims/{newsroom.claim.pk}/").json()

    for found in claim["review"]["evidence"]:
        assert found["snapshot_sha256"] is None
        assert found["source"]["is_confidential"] is True
        assert found["source"]["access_note"] == NOTE
        assert found["source"]["address"] is None
        assert set(found["source"]) & {"private_detail", "text"} == set()


def test_a_version_says_confidential_and_withholds_the_fingerprint(client, newsroom):
    html = client.get(f"/claims/{newsroom.claim.pk}/v1/").content.decode()

    assert "Confidential source" in html
    assert "SHA-256" not in html


def test_nothing_of_what_is_private_is_in_a_preview(client, newsroom, administrator):
    client.force_login(administrator)
    review = newsroom.in_review.reviews.get()
    Evidence.objects.filter(review=review).update(snapshot=newsroom.copies[0])

    html = client.get(reverse("admin:claims_review_preview", args=[review.pk])).content.decode()

    assert "Confidential source" in html
    assert newsroom.copies[0].sha256 not in html


def test_a_source_that_becomes_confidential_is_withheld_in_versions_too(
    client, ratings, reviewer, editor
):
    publisher = factories.make_publisher(f"{SECRET} House", interests=f"{SECRET} owns it.")
    source = factories.make_source(
        f"Talk with {SECRET}",
        url=f"https://example.org/{SECRET}",
        author=f"Ann {SECRET}",
        publisher=publisher,
    )
    copy = make_copy(source, "She said taxes doubled.")
    review = factories.make_review(author=reviewer)
    factories.make_evidence(review, source=source, snapshot=copy, passage="taxes doubled.")
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)
    claim = Claim.objects.get(pk=review.claim_id)
    draft = workflow.revise(claim, by=reviewer, kind="update", note="More is known.")
    workflow.submit(draft, by=reviewer)
    workflow.publish(draft, by=editor)

    source.title, source.url, source.author, source.publisher = TITLE, "", "", None
    source.is_confidential, source.access_note = True, NOTE
    source.full_clean()
    source.save()

    for page in ("v1/", "v2/", "changes/", ""):
        html = client.get(f"/claims/{claim.pk}/{page}").content.decode()
        assert SECRET not in html
        assert copy.sha256 not in html
    assert TITLE in client.get(f"/claims/{claim.pk}/v1/").content.decode()


def test_no_claim_is_recorded_in_a_copy_of_a_confidential_source(newsroom):
    passage = Appearance(
        claim=newsroom.in_review, snapshot=newsroom.copies[0], exact="taxes doubled"
    )

    with pytest.raises(ValidationError, match="which readers never see"):
        passage.full_clean()


def test_a_passage_that_was_recorded_past_that_rule_reaches_no_reader(client, newsroom):
    Appearance.objects.create(
        claim=newsroom.claim, snapshot=newsroom.copies[0], exact=SECRET, start=0, end=8
    )

    assert newsroom.source not in visibility.visible_articles()
    for page in newsroom.pages():
        body = body_of(client.get(page))
        for secret in newsroom.secrets():
            assert secret not in body, page


def test_the_finder_of_passages_looks_into_no_copy_of_a_confidential_source(client, newsroom):
    client.force_login(newsroom.editor)
    page = reverse("admin:claims_claim_passages", args=[newsroom.in_review.pk])

    opened = client.get(page, {"snapshot": newsroom.copies[0].pk, "words": "taxes doubled"})

    assert SECRET not in opened.content.decode()
    assert TITLE not in opened.content.decode()


@pytest.fixture
def others_desk(administrator):
    """The browser of somebody who sees claims and sources and may not read what is private."""
    browser = Client()
    browser.force_login(administrator)
    return browser


def test_the_desk_tells_what_is_private_to_nobody_else(others_desk, newsroom):
    review = newsroom.in_review.reviews.get()
    rows = [newsroom.claim, newsroom.in_review, review, newsroom.source, *newsroom.copies]
    pages = ["/admin/"]
    for row in [*rows, *Evidence.objects.all(), *Capture.objects.all()]:
        options = row._meta
        named = f"admin:{options.app_label}_{options.model_name}"
        pages += [reverse(f"{named}_{page}", args=[row.pk]) for page in ("change", "history")]
        pages.append(reverse(f"{named}_changelist"))

    for page in pages:
        assert SECRET not in body_of(others_desk.get(page, follow=True)), page


def test_nothing_that_reads_sources_can_carry_the_private_detail(newsroom):
    columns = {field.name for field in Source._meta.concrete_fields}

    assert "private_detail" not in columns
    assert SECRET not in str(Source.objects.filter(pk=newsroom.source.pk).values().get())
    assert SECRET not in str(newsroom.source.private_detail)
    assert Snapshot.objects.not_confidential().filter(source=newsroom.source).count() == 0
