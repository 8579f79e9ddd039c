"""Copies on the page of a source in the admin."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from claims.tests.factories import make_publisher, make_source
from sources import archiving, capturing
from sources.models import Capture, Publisher, Snapshot, Source
from tests.forms import posted_by

from .documents import PNG, SENTENCE, page, pdf
from .hostile import answer

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = (
    '<meta property="og:site_name" content="The Gazette"><meta name="author" content="Ann Writer">'
)


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


def address(name, source):
    return reverse(f"admin:sources_source_{name}", args=[source.pk])


def shown(desk, source):
    return desk.get(address("change", source)).content.decode()


def test_a_reviewer_keeps_a_copy_with_one_button(desk, web):
    web.pages["/a"] = answer(page())
    source = make_source(url=web.url("/a"))
    assert "Keep a copy now" in shown(desk, source)

    response = desk.post(address("capture", source), follow=True)

    assert "<b>Kept</b>" in response.content.decode()
    assert SENTENCE in source.snapshots.get().text


def test_a_look_at_the_address_of_the_button_keeps_nothing(desk):
    source = make_source()

    assert desk.get(address("capture", source)).status_code == 302
    assert desk.get(address("suggestions", source)).status_code == 302
    assert not Capture.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Waiting"),
        ({"state": "running", "started_at": timezone.now()}, "Archiving since"),
        ({"attempts": 1, "reason": "The site does not answer."}, "1 attempt failed: The site"),
        (
            {
                "state": "failed",
                "reason": "The PDF is damaged.",
                "next_attempt_at": None,
                "ended_at": timezone.now(),
            },
            "Failed: The PDF is damaged.",
        ),
    ],
)
def test_the_page_of_a_source_says_how_its_copy_stands(desk, fields, words):
    source = make_source()
    Capture.objects.create(source=source, **fields)

    assert words in shown(desk, source)


def test_nobody_is_offered_to_ask_for_a_copy_that_is_being_made(desk):
    source = make_source()
    Capture.objects.create(source=source, state="running", started_at=timezone.now())

    html = shown(desk, source)

    assert "Keep a copy now" not in html
    assert "Upload a copy" in html


def test_earlier_attempts_stay_on_the_page(desk, web):
    source = make_source(url=web.url("/missing"))
    archiving.capture_now(source)
    web.pages["/missing"] = answer(page())
    archiving.capture_now(source)

    html = shown(desk, source)

    assert html.index("<b>Kept</b>") < html.index("Earlier attempts") < html.index("no such page")


def test_a_source_without_an_address_offers_the_upload_alone(desk):
    source = make_source(url="")

    html = shown(desk, source)
    refused = desk.post(address("capture", source), follow=True)

    assert "Keep a copy now" not in html
    assert "Upload a copy" in html
    assert "Upload the document instead" in refused.content.decode()


def test_what_a_copy_told_fills_empty_fields_with_one_click(desk, web, reviewer):
    web.pages["/a"] = answer(page(head=HEAD))
    source = make_source("Our own title", url=web.url("/a"))
    archiving.capture_now(source)
    html = shown(desk, source)
    assert "The Gazette" in html
    assert "Taxes doubled" not in html.split('id="copies"')[1].split("</section>")[0]

    desk.post(address("suggestions", source), {"field": ["publisher", "author", "title"]})

    source.refresh_from_db()
    assert (source.title, source.author) == ("Our own title", "Ann Writer")
    assert source.publisher.name == "The Gazette"
    assert source.edit_number == 2
    assert source.history.latest().history_user == reviewer
    assert "The Gazette" not in shown(desk, source).split('id="copies"')[1].split("</section>")[0]


def test_a_guess_is_marked_as_one(desk, web):
    dated = '<time datetime="2023-05-06">6 May 2023</time>'
    web.pages["/a"] = answer(page(more=dated))
    source = make_source(url=web.url("/a"))
    archiving.capture_now(source)

    html = shown(desk, source)

    assert "guessed" in html.split("2023-05-06")[1].split("</li>")[0]


def test_a_publisher_that_is_known_is_found_and_not_made_again(desk, web):
    known = make_publisher("the gazette")
    web.pages["/a"] = answer(page(head=HEAD))
    source = make_source(url=web.url("/a"))
    archiving.capture_now(source)

    desk.post(address("suggestions", source), {"field": "publisher"})

    source.refresh_from_db()
    assert source.publisher == known
    assert Publisher.objects.count() == 1


def test_a_new_publisher_gets_a_slug_that_is_free(desk, web):
    make_publisher("Another", slug="the-gazette")
    web.pages["/a"] = answer(page(head=HEAD))
    source = make_source(url=web.url("/a"))
    archiving.capture_now(source)

    desk.post(address("suggestions", source), {"field": "publisher"})

    assert Publisher.objects.get(name="The Gazette").slug == "the-gazette-2"


def test_a_field_that_somebody_filled_meanwhile_stays(desk, web):
    web.pages["/a"] = answer(page(head=HEAD))
    source = make_source(url=web.url("/a"))
    archiving.capture_now(source)
    shown(desk, source)
    Source.objects.update(author="Somebody else")

    response = desk.post(address("suggestions", source), {"field": "author"}, follow=True)

    source.refresh_from_db()
    assert source.author == "Somebody else"
    assert "Nothing was filled" in response.content.decode()


def test_a_source_is_added_by_its_address_alone(desk, web):
    web.pages["/a"] = answer(page())
    form = desk.get(reverse("admin:sources_source_add"))
    posted = posted_by(form, "source_form") | {"url": web.url("/a"), "title": ""}

    response = desk.post(reverse("admin:sources_source_add"), posted, follow=True)

    source = Source.objects.get()
    assert source.title == source.url
    assert source.snapshots.exists()
    assert "Taxes doubled" in response.content.decode()
    desk.post(address("suggestions", source), {"field": "title"})
    source.refresh_from_db()
    assert source.title == "Taxes doubled"


def test_a_source_with_neither_title_nor_address_is_refused(desk):
    form = desk.get(reverse("admin:sources_source_add"))

    response = desk.post(
        reverse("admin:sources_source_add"), posted_by(form, "source_form") | {"title": ""}
    )

    assert "or the address to read it from" in response.content.decode()
    assert not Source.objects.exists()


def upload(desk, body, name="document.bin", **said):
    source = make_source(url="")
    file = SimpleUploadedFile(name, body, content_type="application/x-msdownload")
    response = desk.post(address("upload", source), {"document": file, **said}, follow=True)
    return source, response


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page(), "text/html"),
        (b"\xef\xbb\xbf  <!-- a note -->\n<HTML><p>Words of a page.", "text/html"),
        (b'<?xml version="1.0"?><html xmlns="x"><body><p>Words.</p></body></html>', "text/html"),
        (pdf("Taxes doubled."), "application/pdf"),
        (b"Taxes doubled.", "text/plain"),
        ("Steuern überall".encode("utf-16"), "text/plain"),
    ],
)
def test_an_upload_is_known_by_its_content(desk, body, content_type):
    source, _ = upload(desk, body, "invoice.exe")

    assert source.snapshots.get().content_type == content_type


@pytest.mark.parametrize(
    "body",
    [
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"PK\x03\x04\x14\x00",
        b"\x00\x01\x02",
        b'<svg xmlns="http://www.w3.org/2000/svg"\x00>',
        "Steuern überall".encode("latin-1"),
    ],
)
def test_an_upload_of_another_kind_is_refused_whatever_its_name(desk, body):
    _, response = upload(desk, body, "report.pdf")

    assert response.status_code == 400
    assert "whatever its name says" in response.content.decode()
    assert not Capture.objects.exists()


def test_an_upload_has_a_largest_size(desk, monkeypatch):
    monkeypatch.setattr("sources.uploads.MOST_BYTES", 10)

    _, response = upload(desk, b"Eleven long")

    assert "larger than 20 MB" in response.content.decode()


def test_an_empty_upload_is_refused(desk):
    _, response = upload(desk, b"")

    assert "empty" in response.content.decode()


@pytest.mark.parametrize(
    "body", [PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\x00\x00\x00\x00WEBPVP8 "]
)
def test_an_image_comes_with_its_words(desk, body):
    _, without = upload(desk, body)
    source, _ = upload(desk, body, transcription="Taxes doubled.")

    assert "Type in the words of the image" in without.content.decode()
    assert source.snapshots.get().text == "Taxes doubled."


def test_a_document_with_words_takes_no_transcription(desk):
    _, response = upload(desk, page(), transcription="Other words.")

    assert "has words of its own" in response.content.decode()


def test_who_reads_only_sees_no_buttons(client, administrator):
    client.force_login(administrator)
    source = make_source()

    assert "Keep a copy now" not in shown(client, source)
    assert client.post(address("capture", source)).status_code == 403
    assert client.post(reverse("admin:sources_source_capture", args=[0])).status_code == 404


def test_the_list_of_captures_says_what_became_of_each(client, superuser):
    client.force_login(superuser)
    capture = Capture.objects.create(source=make_source("A document"))

    assert "A document" in client.get(reverse("admin:sources_capture_changelist")).content.decode()
    page = reverse("admin:sources_capture_change", args=[capture.pk])
    assert "Waiting" in client.get(page).content.decode()


def test_a_capture_under_way_is_not_hurried(reviewer):
    wanted = Capture.objects.create(source=make_source())
    capturing._lease(wanted, timezone.now())

    again = archiving.capture(wanted.source, by=reviewer)

    assert again == wanted
    assert not Capture.objects.due(timezone.now() + timedelta(minutes=1)).exists()
    assert not Snapshot.objects.exists()
