"""What documents say, and what they tell of themselves."""

import json

import pytest

from sources import extraction
from sources.apart import Died, TookTooMuch, run_apart
from sources.extraction import Unreadable, extract

from .documents import PNG, SENTENCE, page, pdf

HEAD = (
    '<meta property="og:title" content="Taxes doubled">'
    '<meta property="og:site_name" content="The Gazette">'
    '<meta name="author" content="Ann Writer">'
)


def declared_on(day):
    return page(head=f'{HEAD}<meta property="article:published_time" content="{day}">')


def test_a_page_gives_its_words_and_what_it_declares_is_no_guess():
    found = extract(declared_on("2024-07-02T10:00:00+02:00"), "text/html", "https://x.example/a")

    assert SENTENCE in found.text
    assert "Home" not in found.text
    assert (found.title, found.publisher, found.authors) == (
        "Taxes doubled",
        "The Gazette",
        "Ann Writer",
    )
    assert (found.published_on, found.language) == ("2024-07-02", "en")
    assert found.guessed == frozenset()


def test_a_short_page_keeps_its_paragraphs():
    assert len(extract(page(), "text/html").text.splitlines()) == 3


@pytest.mark.parametrize("day", ["2024", "2024-07", "2024-07-02"])
def test_a_date_is_as_precise_as_the_page_declares_it(day):
    assert extract(declared_on(day), "text/html").published_on == day


@pytest.mark.parametrize("day", ["soon", "2024-13-40", "2024-02-30T00:00:00Z"])
def test_a_day_that_does_not_exist_is_not_taken_over(day):
    assert len(extract(declared_on(day), "text/html").published_on) < len("2024-02-30")


def test_what_is_read_out_of_the_text_of_a_page_is_a_guess():
    dated = '<time datetime="2023-05-06">6 May 2023</time><p class="author">By Ann Writer</p>'

    found = extract(page(more=dated), "text/html", "https://gazette.example/2023/05/06/taxes")

    assert found.published_on == "2023-05-06"
    assert "published_on" in found.guessed
    assert "title" not in found.guessed


def test_a_guessed_first_of_january_is_no_more_than_a_year():
    assert extraction._without_made_up_days("2024-01-01") == "2024"
    assert extraction._without_made_up_days("2024-07-01") == "2024-07"
    assert extraction._without_made_up_days("2024-07-02") == "2024-07-02"


def test_linked_data_declares_a_document_too():
    described = {
        "@graph": [
            {
                "headline": "Taxes doubled",
                "datePublished": "2024-07",
                "author": [{"name": "Ann Writer"}, "nobody"],
                "publisher": {"name": "The Gazette"},
            },
            "neither",
        ]
    }
    script = f'<script type="application/ld+json">{json.dumps(described)}</script>'
    broken = '<script type="application/ld+json">{</script><script>1</script>'

    found = extract(page(head=script + broken), "text/html")

    assert found.published_on == "2024-07"
    assert "published_on" not in found.guessed


def test_the_charset_of_the_server_decides_how_a_page_is_read():
    body = page("Der Bürgermeister schließt die Straße für zwei Jahre, sagte er am Montag.")

    found = extract(body.decode().encode("cp1252"), "text/html", charset="windows-1252")

    assert "Bürgermeister schließt die Straße" in found.text


@pytest.mark.parametrize("charset", [None, "no-such-charset", "utf-7\x00"])
def test_a_charset_that_cannot_be_right_is_not_believed(charset):
    assert SENTENCE in extract(page(), "text/html", charset=charset).text


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("Überall stiegen Steuern.".encode(), None),
        ("Überall stiegen Steuern.".encode("latin-1"), "iso-8859-1"),
        ("Überall stiegen Steuern.".encode("utf-16"), None),
        ("Überall stiegen Steuern.".encode("cp1252"), None),
        ("Überall stiegen Steuern.".encode("cp1252"), "utf-8"),
    ],
)
def test_plain_text_is_read_as_it_is_written(body, charset):
    assert extract(body, "text/plain", charset=charset).text == "Überall stiegen Steuern."


def test_a_text_is_kept_composed_with_plain_ends_of_lines_and_without_nul():
    found = extract("Cafe\u0301\r\nopen\rnow\x00.".encode(), "text/plain")

    assert found.text == "Café\nopen\nnow."


def test_the_pages_of_a_pdf_give_their_words_in_order():
    found = extract(pdf("Taxes doubled.", "Rents fell.", title="A report"), "application/pdf")

    assert found.text.split() == ["Taxes", "doubled.", "Rents", "fell."]
    assert found.title == "A report"
    assert "title" in found.guessed


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (pdf("Secret.", password="open sesame"), "locked with a password"),
        (b"%PDF-1.7 and then nothing", "damaged"),
        (pdf("Whole.")[:200], "damaged"),
        (b"", "damaged"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(body, reason):
    with pytest.raises(Unreadable, match=reason):
        extract(body, "application/pdf")


def test_of_a_long_pdf_the_first_pages_are_read_and_that_is_said(monkeypatch):
    monkeypatch.setattr(extraction, "MOST_PAGES", 2)

    found = extract(pdf("One.", "Two.", "Three."), "application/pdf")

    assert found.text.split() == ["One.", "Two."]
    assert "first 500 pages" in found.note


def test_of_a_long_text_the_beginning_is_kept_and_that_is_said():
    found = extract(b"word " * 500_000, "text/plain")

    assert len(found.text) == extraction.MOST_CHARACTERS
    assert "two million characters" in found.note


def test_a_pdf_is_read_no_further_than_there_is_room(monkeypatch):
    monkeypatch.setattr(extraction, "MOST_CHARACTERS", 3)

    assert extract(pdf("One.", "Two."), "application/pdf").text == "One"


def test_of_a_huge_page_the_beginning_is_read_and_that_is_said(monkeypatch):
    monkeypatch.setattr(extraction, "MOST_BYTES_OF_HTML", 5_000)

    found = extract(page(more="<p>Again and again.</p>" * 1000), "text/html")

    assert SENTENCE in found.text
    assert "first 5 MB" in found.note


@pytest.mark.parametrize(
    "body", [b"<div>" * 100_000 + b"deep", b"<a" * 50_000, b"\x00" * 10_000, b"<!--" * 10_000]
)
def test_a_page_that_is_a_trap_is_read_without_harm(body):
    assert len(extract(body, "text/html").text) < 200_000


def test_an_image_has_no_text():
    assert extract(PNG, "image/png").text == ""


def test_documents_are_read_in_another_process():
    assert SENTENCE in run_apart(extract, page(), "text/html").text


def test_what_reading_refuses_comes_back_from_the_other_process():
    with pytest.raises(Unreadable, match="damaged"):
        run_apart(extract, b"%PDF-", "application/pdf")


def test_of_a_page_that_takes_too_much_memory_all_words_are_kept_and_that_is_said():
    table = "<table>" + "<tr><td>1<td>2<td>3</tr>" * 40_000 + "</table><script>Unseen.</script>"

    found = run_apart(extract, page(more=table), "text/html")

    assert found.title == "Taxes doubled"
    assert f"Home\nTaxes doubled\n{SENTENCE}\n" in found.text
    assert found.text.endswith("1\n2\n3")
    assert "all words were kept" in found.note


def test_of_a_pdf_a_page_that_takes_too_much_memory_is_left_out_and_that_is_said():
    bomb = "bomb " * 20_000_000

    found = run_apart(extract, pdf("One.", bomb, "Three.", packed=True), "application/pdf")

    assert found.text.split() == ["One.", "Three."]
    assert "were left out" in found.note


def test_a_broken_pdf_writes_nothing_to_our_log(caplog):
    # Each object that the table of contents promises is looked for.
    table = b"1 0 obj<</Type/XRef/Size 10/W[1 8 8]/Root 1 0 R/Length 10>>stream\n0123456789\n"
    broken = b"%PDF-1.5\n" + table + b"endstream endobj\nstartxref\n9\n%%EOF"

    with pytest.raises(Unreadable):
        extract(broken, "application/pdf")

    assert caplog.text == ""


def sleep_for_ever():
    import time

    time.sleep(60)


def take_much_memory():
    return bytes(100 * 2**20)


def end_at_once():
    import os

    os._exit(1)


@pytest.mark.parametrize(
    ("work", "end"),
    [(sleep_for_ever, TookTooMuch), (take_much_memory, TookTooMuch), (end_at_once, Died)],
)
def test_reading_that_takes_too_much_harms_nobody(work, end):
    with pytest.raises(end):
        run_apart(work, seconds=2)
