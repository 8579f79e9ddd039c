"""Kept copies as readers see them."""

import hashlib
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator

from claims import gate
from claims.models import Evidence
from sources import archive, warc

from .factories import (
    make_appearance,
    make_claim,
    make_evidence,
    make_published_claim,
    make_review,
    make_snapshot,
    make_source,
)

pytestmark = pytest.mark.django_db

TEXT = (
    "The council met.\nTaxes doubled within three years.\n<script>alert(1)</script> Nobody asked."
)
BODY = b"<html><script>alert(1)</script><p>Taxes doubled within three years.</p></html>"


def make_copy(text=TEXT, *, source=None, body=BODY, **fields):
    """Make a snapshot with a file, as a capture does."""
    file = archive.keep(warc.of_upload(body, "text/html", timezone.now()))
    return make_snapshot(
        text,
        source=source,
        file=file,
        payload_sha256=hashlib.sha256(body).hexdigest(),
        content_type="text/html",
        **{"final_url": "https://gazette.example/a", "status": 200} | fields,
    )


@pytest.fixture
def quoted(published_claim):
    """A copy that the evidence of a verdict quotes."""
    evidence = published_claim.reviews.get().evidence.get()
    copy = make_copy(source=evidence.source)
    Evidence.objects.update(snapshot=copy, passage="Taxes doubled within three years.")
    return copy


def address(copy, name="copy"):
    return reverse(name, args=[copy.source_id, copy.pk])


def test_a_copy_shows_its_text_with_what_we_quote_marked(client, quoted, published_claim):
    html = client.get(address(quoted)).content.decode()

    assert '<mark class="hl r-none" id="q1">Taxes doubled within three years.</mark>' in html
    assert published_claim.get_absolute_url() in html
    for words in ["https://gazette.example/a", quoted.sha256, quoted.payload_sha256, "noindex"]:
        assert words in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


def test_the_passage_of_a_claim_is_marked_too(client):
    copy = make_copy()
    make_appearance(make_claim("Taxes doubled."), exact="Nobody asked.", snapshot=copy)

    html = client.get(address(copy)).content.decode()

    assert '<mark class="hl r-none" id="q1">Nobody asked.</mark>' in html


def test_a_copy_that_nothing_public_rests_on_is_not_there(client, ratings, reviewer):
    hidden = make_copy()
    make_appearance(make_claim(status="new"), exact="Nobody asked.", snapshot=hidden)
    draft = make_evidence(make_review(author=reviewer))
    unpublished = make_copy(source=draft.source)
    Evidence.objects.update(snapshot=unpublished, passage="Nobody asked.")

    for copy in (make_copy(), hidden, unpublished):
        assert client.get(address(copy)).status_code == 404
        assert client.get(address(copy, "copy-file")).status_code == 404


def test_what_a_draft_quotes_is_not_marked(client, quoted, reviewer):
    draft = make_evidence(make_review(author=reviewer), source=quoted.source)
    Evidence.objects.filter(pk=draft.pk).update(snapshot=quoted, passage="Nobody asked.")
    make_appearance(make_claim(status="new"), exact="The council met.", snapshot=quoted)

    html = client.get(address(quoted)).content.decode()

    assert html.count("<mark") == 1


def test_a_copy_is_found_under_its_own_source_only(client, quoted):
    assert client.get(reverse("copy", args=[make_source().pk, quoted.pk])).status_code == 404


def test_the_file_of_a_copy_is_saved_and_never_opened_here(client, quoted):
    response = client.get(address(quoted, "copy-file"))

    assert response.headers["Content-Type"] == "application/warc"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    file = b"".join(response.streaming_content)
    assert hashlib.sha256(file).hexdigest() == archive.sha256_of(quoted.file)
    assert [record.content_stream().read() for record in ArchiveIterator(io.BytesIO(file))] == [
        BODY
    ]


def test_a_file_that_is_missing_is_not_found(client, quoted):
    archive.storage().delete(quoted.file)

    assert client.get(address(quoted)).status_code == 200
    assert client.get(address(quoted, "copy-file")).status_code == 404


def test_a_text_that_was_typed_in_has_a_page_and_no_file(client):
    copy = make_snapshot(TEXT)
    make_appearance(exact="Nobody asked.", snapshot=copy)

    html = client.get(address(copy)).content.decode()

    assert "typed in or pasted" in html
    assert "Download" not in html
    assert client.get(address(copy, "copy-file")).status_code == 404


def test_an_uploaded_copy_says_so(client):
    copy = make_copy(final_url="", status=None)
    make_appearance(exact="Nobody asked.", snapshot=copy)

    assert "uploaded it" in client.get(address(copy)).content.decode()


def test_a_copy_without_text_says_so(client, published_claim):
    copy = make_copy("", source=published_claim.reviews.get().evidence.get().source)

    assert "No text could be read" in client.get(address(copy)).content.decode()


def test_the_page_of_a_source_leads_to_the_copies_that_readers_may_read(client, quoted):
    other = make_snapshot("Nobody quotes this.", source=quoted.source)

    html = client.get(quoted.source.get_absolute_url()).content.decode()

    assert address(quoted) in html
    assert address(other) not in html
    assert other.sha256 in html


def test_a_claim_leads_to_the_copy_of_its_source(client, quoted, published_claim):
    assert address(quoted) in client.get(published_claim.get_absolute_url()).content.decode()


def test_evidence_that_names_no_copy_leads_to_the_newest_of_its_source(client, published_claim):
    evidence = published_claim.reviews.get().evidence.get()
    copy = make_copy(source=evidence.source)
    Evidence.objects.update(snapshot=None, passage="taxes doubled within  three years.")

    claim = client.get(published_claim.get_absolute_url()).content.decode()
    html = client.get(address(copy)).content.decode()

    assert address(copy) in claim
    assert "Copy kept" in claim
    assert ">Taxes doubled within three years.</mark>" in html


def test_a_passage_that_does_not_stand_in_the_newest_copy_is_not_marked(client, published_claim):
    copy = make_copy(source=published_claim.reviews.get().evidence.get().source)
    Evidence.objects.update(snapshot=None, passage="These words stand nowhere.")

    assert "<mark" not in client.get(address(copy)).content.decode()


def test_a_copy_takes_the_same_queries_for_few_passages_and_for_many(
    client, ratings, reviewer, editor, django_assert_num_queries, django_assert_max_num_queries
):
    def with_passages(count):
        copy = make_copy(" ".join(f"Word{number}." for number in range(count)))
        for number in range(count):
            make_appearance(make_claim(), exact=f"Word{number}.", snapshot=copy)
            claim = make_published_claim(author=reviewer, approver=editor)
            Evidence.objects.filter(review__claim=claim).update(
                source=copy.source, snapshot=copy, passage=f"Word{number}."
            )
        return address(copy)

    few, many = with_passages(1), with_passages(5)

    with django_assert_max_num_queries(8) as asked:
        client.get(few)
    with django_assert_num_queries(len(asked.captured_queries)):
        assert client.get(many).content.decode().count("<mark") == 5


def test_the_gate_takes_a_kept_copy_and_asks_to_choose_it(ratings, reviewer):
    review = make_review(author=reviewer)
    source = make_source("The report", access_note="")
    make_evidence(review, source=source)
    assert not line(review).is_met

    make_copy(source=source)

    assert line(review).is_met
    assert "Choose the copy" in line(review).sentence
    assert "The report" in line(review).sentence


def line(review):
    return next(each for each in gate.checklist(review) if each.name == "kept-copies")
