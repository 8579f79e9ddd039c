"""Who changed which field of a document or a publisher, as the admin shows it."""

import pytest
from django.urls import reverse

from claims.tests.factories import make_publisher, make_source
from claims.tests.test_admin import form_of
from sources.models import Publisher, Source


@pytest.fixture
def desk(client, reviewer):
    """A browser in which a reviewer is signed in."""
    client.force_login(reviewer)
    return client


def address(row, page):
    return reverse(f"admin:sources_{row._meta.model_name}_{page}", args=[row.pk])


def edit(browser, row, **fields):
    page = address(row, "change")
    response = browser.post(page, form_of(browser.get(page)) | fields)
    assert response.status_code == 302, response.context["errors"]


def told(browser, row):
    """Return who changed what, newest first: by the name of the field, its pieces."""
    entries = browser.get(address(row, "history")).context["entries"]
    return [
        (
            entry.who,
            {
                change.label: [(piece.change, piece.text) for piece in change.pieces]
                for change in entry.changes
            },
        )
        for entry in entries
    ]


def test_a_source_shows_who_changed_its_title_and_publisher(desk, reviewer):
    source = make_source("Yearbook 2024", publisher=make_publisher("The Council"))

    edit(desk, source, title="Yearbook 2025", publisher=make_publisher("The Office").pk)

    assert told(desk, source)[0] == (
        str(reviewer),
        {
            "Title": [("same", "Yearbook "), ("removed", "2024"), ("added", "2025")],
            "Publisher": [("removed", "The Council"), ("added", "The Office")],
        },
    )


def test_a_publisher_shows_who_changed_its_interests(desk, reviewer):
    publisher = make_publisher("The Council", interests="None known.")

    edit(desk, publisher, interests="Owned by the state.")

    assert told(desk, publisher)[0][0] == str(reviewer)
    assert "Interests" in told(desk, publisher)[0][1]


def test_the_first_edit_after_a_bulk_load_shows_what_stood_there(desk):
    source = Source.objects.bulk_create([Source(title="Yearbook 2024")])[0]

    edit(desk, source, title="Yearbook 2025")

    assert told(desk, source)[0][1]["Title"] == [
        ("same", "Yearbook "),
        ("removed", "2024"),
        ("added", "2025"),
    ]


def test_long_texts_show_the_surroundings_of_what_was_changed(desk):
    words = "The council keeps a record of it. " * 100
    publisher = make_publisher("The Council", interests=f"{words}Old. {words}".strip())

    edit(desk, publisher, interests=f"{words}New. {words}".strip())

    before, removed, added, after = told(desk, publisher)[0][1]["Interests"]
    assert (removed[1], added[1]) == ("Old", "New")
    assert before[1].startswith("…")
    assert after[1].endswith("…")
    assert len(before[1]) + len(after[1]) < 300


def test_a_bulk_load_of_sources_writes_no_history(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        Source.objects.bulk_create(Source(title=f"Document {place}") for place in range(50))
        Publisher.objects.bulk_create(
            Publisher(name=f"P{place}", slug=f"p{place}") for place in range(50)
        )

    assert not Source.history.exists()
    assert not Publisher.history.exists()
