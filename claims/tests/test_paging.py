import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Claim, Speaker
from claims.paging import InvalidCursor, keyset_page

from .factories import make_claim, make_speaker

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ORDERS = ["-listed_at", "listed_at", "-pk", "pk", "text", "-text"]


def make_claims(hours):
    """Claims listed so many hours after noon; equal hours are ties."""
    return Claim.objects.bulk_create(
        Claim(
            text=f"Claim {hour % 3}",
            status=Claim.Status.IN_REVIEW,
            listed_at=NOON + timedelta(hours=hour),
        )
        for hour in hours
    )


def in_order(order):
    sign, field = ("-", order[1:]) if order.startswith("-") else ("", order)
    return list(Claim.objects.order_by(f"{sign}{field}", f"{sign}pk").values_list("pk", flat=True))


def walk(order, size):
    """Return the keys of all pages from the first to the last, and the last page."""
    page = keyset_page(Claim.objects.all(), order=order, size=size)
    keys = [row.pk for row in page.rows]
    while page.next_cursor:
        page = keyset_page(Claim.objects.all(), order=order, size=size, cursor=page.next_cursor)
        keys += [row.pk for row in page.rows]
    return keys, page


def walk_back(page, order, size):
    keys = [row.pk for row in page.rows]
    while page.previous_cursor:
        page = keyset_page(Claim.objects.all(), order=order, size=size, cursor=page.previous_cursor)
        keys = [row.pk for row in page.rows] + keys
    return keys


def cursor_of(*parts):
    content = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return encoded(content.encode("utf-8", "surrogatepass"))


def encoded(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    hours=st.lists(st.integers(0, 3), max_size=14),
    size=st.integers(1, 5),
    order=st.sampled_from(ORDERS),
)
def test_a_walk_forth_and_back_meets_each_row_once_in_order(hours, size, order):
    Claim.objects.all().delete()
    make_claims(hours)

    forth, last_page = walk(order, size)
    back = walk_back(last_page, order, size)

    assert forth == in_order(order)
    assert back == forth


def test_a_row_added_meanwhile_neither_repeats_nor_hides_others():
    make_claims([3, 2, 1, 0])
    first = keyset_page(Claim.objects.all(), order="-listed_at", size=2)
    make_claims([9])

    second = keyset_page(Claim.objects.all(), order="-listed_at", size=2, cursor=first.next_cursor)

    assert [row.listed_at.hour for row in first.rows + second.rows] == [15, 14, 13, 12]


def test_the_first_page_of_an_empty_list_is_empty_and_alone():
    page = keyset_page(Claim.objects.all(), order="-listed_at", size=2)

    assert (page.rows, page.next_cursor, page.previous_cursor) == ([], None, None)


def test_a_list_that_fits_one_page_has_no_neighbours():
    make_claims([1, 2])

    page = keyset_page(Claim.objects.all(), order="-listed_at", size=2)

    assert (len(page.rows), page.next_cursor, page.previous_cursor) == (2, None, None)


def test_any_page_takes_one_query(django_assert_num_queries):
    make_claims(range(9))
    cursor = keyset_page(Claim.objects.all(), order="-listed_at", size=3).next_cursor

    with django_assert_num_queries(1):
        keyset_page(Claim.objects.all(), order="-listed_at", size=3, cursor=cursor)


def test_names_in_any_script_page_as_they_sort():
    for name in ["Ümit", "梁文锋", "O’Neil", "a“b", "Zoë"]:
        make_speaker(name, slug=f"s{Speaker.objects.count()}")

    page = keyset_page(Speaker.objects.all(), order="name", size=2)
    names = [row.name for row in page.rows]
    while page.next_cursor:
        page = keyset_page(Speaker.objects.all(), order="name", size=2, cursor=page.next_cursor)
        names += [row.name for row in page.rows]

    assert names == list(Speaker.objects.order_by("name").values_list("name", flat=True))


def test_a_page_whose_rows_are_gone_says_so():
    make_claims([2, 1])
    page = keyset_page(Claim.objects.all(), order="-listed_at", size=1)
    Claim.objects.filter(listed_at=NOON + timedelta(hours=1)).delete()

    with pytest.raises(InvalidCursor, match="not any more"):
        keyset_page(Claim.objects.all(), order="-listed_at", size=1, cursor=page.next_cursor)


GOOD = "2026-11-24T12:00:00+00:00"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "é",
        "\0",
        "a" * 100_000,
        encoded(b"\xff\xfe"),
        encoded(b"null"),
        encoded(b"[" * 50_000),
        encoded(b"9" * 10_000),
        cursor_of("after", GOOD),
        cursor_of("after", GOOD, 1, 1),
        cursor_of("sideways", GOOD, 1),
        cursor_of(["after"], GOOD, 1),
        cursor_of("after", GOOD, "1"),
        cursor_of("after", GOOD, 1.0),
        cursor_of("after", GOOD, True),
        cursor_of("after", GOOD, 0),
        cursor_of("after", GOOD, -1),
        cursor_of("after", GOOD, 2**63),
        cursor_of("after", GOOD, None),
        cursor_of("after", None, 1),
        cursor_of("after", "", 1),
        cursor_of("after", 5, 1),
        cursor_of("after", [GOOD], 1),
        cursor_of("after", {"a": GOOD}, 1),
        cursor_of("after", "2026-11-24", 1),
        cursor_of("after", "2026-11-24T12:00:00", 1),
        cursor_of("after", "2026-11-24T13:00:00+01:00", 1),
        cursor_of("after", "2026-11-24T12:00:00Z", 1),
        cursor_of("after", "0001-01-01T00:00:00+14:00", 1),
        cursor_of("after", "9999-12-31T23:59:59-14:00", 1),
        cursor_of("after", "2026-13-45T12:00:00+00:00", 1),
        cursor_of("after", "DeepSeek", 1),
        cursor_of("after", GOOD, 1) + "=",
        cursor_of("after", GOOD, 1) + "\n",
        encoded(json.dumps(["after", GOOD, 1]).encode()),
    ],
)
def test_a_forged_cursor_of_moments_is_refused(cursor):
    make_claim()

    with pytest.raises(InvalidCursor, match="Start again from its first page"):
        keyset_page(Claim.objects.all(), order="-listed_at", size=2, cursor=cursor)


@pytest.mark.parametrize(
    "cursor",
    [
        cursor_of("after", "a\0b", 1),
        cursor_of("after", "\ud800", 1),
        cursor_of("after", 5, 1),
        cursor_of("after", ["a"], 1),
        cursor_of("after", None, 1),
        cursor_of("after", True, 1),
    ],
)
def test_a_forged_cursor_of_names_is_refused(cursor):
    make_speaker("Zoë")

    with pytest.raises(InvalidCursor):
        keyset_page(Speaker.objects.all(), order="name", size=2, cursor=cursor)


@pytest.mark.parametrize(
    "cursor",
    [cursor_of("after", 2, 1), cursor_of("after", "1", 1), cursor_of("before", 10**40, 10**40)],
)
def test_a_forged_cursor_of_keys_is_refused(cursor):
    make_claim()

    with pytest.raises(InvalidCursor):
        keyset_page(Claim.objects.all(), order="-pk", size=2, cursor=cursor)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(cursor=st.one_of(st.text(), st.binary().map(encoded)))
def test_no_text_at_all_breaks_a_list(cursor):
    with pytest.raises(InvalidCursor):
        keyset_page(Claim.objects.all(), order="-listed_at", size=2, cursor=cursor)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda children: st.lists(children, max_size=3),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(side=st.sampled_from(["after", "before"]), value=json_values, pk=json_values)
def test_no_forged_position_breaks_a_list(side, value, pk):
    with pytest.raises(InvalidCursor):
        keyset_page(
            Claim.objects.all(), order="-listed_at", size=2, cursor=cursor_of(side, value, pk)
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
@pytest.mark.parametrize(
    ("narrowed", "index"),
    [
        ({}, "claim_newest_first"),
        ({"status": "in_review"}, "claim_by_status"),
        ({"speaker": 1}, "claim_by_speaker"),
    ],
)
def test_lists_of_claims_are_read_from_an_index_in_order(narrowed, index):
    make_claims(range(4))
    rows = Claim.objects.visible().filter(**narrowed).order_by("-listed_at", "-pk")

    plan = rows[:26].explain()

    assert index in plan
    assert "TEMP B-TREE" not in plan
