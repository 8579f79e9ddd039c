"""Finding a document that is here already, at any number of sources."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.tests.factories import make_source
from sources.finding import remember_addresses, source_at, source_led_to, sources_like
from sources.models import Source
from sources.titles import are_alike, title_key


def plan_of(queries):
    """Return how the database finds the rows of the last query."""
    with connection.cursor() as cursor:
        prefix = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{prefix} {queries[-1]['sql']}")
        return " ".join(str(row) for row in cursor.fetchall())


def test_a_source_is_found_by_its_address_however_it_is_written(db):
    source = make_source(url="http://www.example.org/a/?id=1&utm_source=mail#top")

    assert source.url == "http://www.example.org/a/?id=1&utm_source=mail#top"
    assert source_at("https://example.org/a?id=1") == source
    assert source_at("https://example.org/a?id=2") is None


def test_no_address_finds_no_source(db):
    make_source(url="")

    assert source_at("") is None


def test_one_document_is_one_source_whoever_writes_it(db):
    make_source(url="https://example.org/a")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_source(url="https://www.example.org/a/")


def test_a_source_that_moves_is_found_at_its_new_address_alone(db):
    source = make_source(url="https://example.org/a")

    source.url = "https://example.org/b"
    source.save(update_fields=["url"])

    assert source_at("https://example.org/b/") == source
    assert source_at("https://example.org/a") is None


def test_what_is_compared_by_is_no_part_of_the_history(db):
    make_source()

    fields = {field.name for field in Source.history.model._meta.get_fields()}

    assert "url" in fields
    assert not fields & {"canonical_url", "title_key"}


def test_addresses_that_led_to_a_source_find_it(db):
    source = make_source(url="https://example.org/2025/tax-plan")

    others = remember_addresses(
        source, ["https://sho.rt/abc", "https://example.org/p/17?utm_source=x", source.url]
    )

    assert others == []
    assert source_led_to("http://sho.rt/abc") == source
    assert source_led_to("https://example.org/p/17") == source
    assert [str(each) for each in source.other_addresses.order_by("canonical_url")] == [
        "https://example.org/p/17",
        "https://sho.rt/abc",
    ]


def test_addresses_are_remembered_once_and_for_whom_they_led_to_first(db):
    first, second = make_source(), make_source()

    remember_addresses(first, ["https://sho.rt/abc"])
    remember_addresses(second, ["https://sho.rt/abc"])

    assert source_led_to("https://sho.rt/abc") == first


def test_the_front_page_of_a_site_is_nobodys_other_address(db):
    source = make_source()

    remember_addresses(source, ["https://example.org/", "https://www.example.com"])

    assert not source.other_addresses.exists()


def test_an_address_that_leads_to_another_source_is_told(db):
    source, other = make_source(), make_source(url="https://example.org/new-place")

    assert remember_addresses(source, ["https://example.org/new-place/"]) == [other]
    assert not source.other_addresses.exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Tax Plan of the Council", "Tax plan of the council"),
        ("Café culture in Vienna", "CAFE CULTURE IN VIENNA!"),
        ("Council’s plan for new taxes", "Council's plan for new tax"),
        ("東京都の新しい税制について", "東京都の新しい税制について。"),
    ],
)
def test_titles_that_differ_little_are_alike(one, other):
    assert are_alike(one, other)
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Annual report 2023", "Annual report 2024"),
        ("Minutes of the council, part 1", "Minutes of the council, part 2"),
        ("Tax plan of the council", "Tax plan of the opposition in parliament"),
    ],
)
def test_titles_of_different_documents_are_not_alike(one, other):
    assert not are_alike(one, other)


def test_titles_without_a_letter_are_like_no_other(db):
    make_source("???")

    assert sources_like("???") == []


def test_titles_much_alike_are_found_newest_first(db):
    first = make_source("Tax plan of the council")
    make_source("Tax plan of the opposition in parliament")
    second = make_source("Tax plan of the councils")

    assert sources_like("Tax Plan of the Council") == [second, first]
    assert sources_like("Tax Plan of the Council", but=second) == [first]


def test_looking_for_a_document_reads_an_index_and_not_every_source(db):
    Source.objects.bulk_create(
        Source(
            title=f"Word{place} of it",
            title_key=title_key(f"Word{place} of it"),
            canonical_url=f"https://example.org/{place}",
        )
        for place in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    with CaptureQueriesContext(connection) as by_address:
        source_at("https://example.org/a")
    with CaptureQueriesContext(connection) as by_title:
        sources_like("Word7 of it")

    assert len(by_address) == len(by_title) == 1
    # PostgreSQL names the index, SQLite what it looks up in it.
    plan = plan_of(by_address.captured_queries)
    assert "one_source_per_canonical_address" in plan or "(canonical_url=?)" in plan
    assert "source_by_title_key" in plan_of(by_title.captured_queries)
    assert "LIMIT 200" in by_title.captured_queries[-1]["sql"]


def test_sources_of_a_bulk_load_are_found_once_their_keys_are_filled(db):
    Source.objects.bulk_create(
        [
            Source(title="Tax plan", url="https://example.org/a"),
            Source(title="Tax plan, again", url="https://www.example.org/a/"),
            Source(title="Minutes"),
        ]
    )
    first, second, _minutes = Source.objects.order_by("pk")
    told = StringIO()

    call_command("fill_source_keys", stdout=told)

    assert f"Source {second.pk} is the same document as source {first.pk}." in told.getvalue()
    assert source_at("https://example.org/a") == first
    assert sources_like("The Tax Plan") == [first]


def test_filling_keys_again_changes_nothing(db, django_assert_num_queries):
    make_source(url="https://example.org/a")

    with CaptureQueriesContext(connection) as queries:
        call_command("fill_source_keys", stdout=StringIO())

    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_the_second_source_of_a_document_can_still_be_edited(db):
    Source.objects.bulk_create(
        [
            Source(title="Tax plan", url="https://example.org/a"),
            Source(title="Tax plan, again", url="https://www.example.org/a/"),
        ]
    )
    call_command("fill_source_keys", stdout=StringIO())
    second = Source.objects.get(title="Tax plan, again")

    second.title = "Tax plan, kept twice"
    second.save()

    second.refresh_from_db()
    assert (second.title, second.canonical_url) == ("Tax plan, kept twice", None)
