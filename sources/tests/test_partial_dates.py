"""Dates known to the day, the month or the year."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from claims.tests.factories import make_source
from sources.models import Source
from sources.partial_dates import first_day, spell_out


@pytest.mark.parametrize(
    ("value", "words"),
    [("2024", "2024"), ("2024-07", "July 2024"), ("2024-07-02", "2 July 2024")],
)
def test_a_date_is_spelled_out_as_far_as_it_is_known(value, words):
    assert spell_out(value) == words


def test_a_date_is_spelled_out_in_the_readers_language():
    with translation.override("fr"):
        assert spell_out("2024-07-02") == "2 juillet 2024"


@pytest.mark.parametrize(("value", "day"), [("2024", "2024-01-01"), ("2024-07", "2024-07-01")])
def test_a_partial_date_begins_on_its_first_day(value, day):
    assert first_day(value).isoformat() == day


@pytest.mark.parametrize(
    "value", ["2024-13", "2024-02-30", "24", "2024-7", "2024-07-02T00:00", "٢٠٢٤", "0000", "soon"]
)
def test_what_is_not_a_date_is_refused_with_the_forms_that_are(db, value):
    source = Source(title="A report", published_on=value)

    with pytest.raises(ValidationError) as refusal:
        source.full_clean()

    assert list(refusal.value.message_dict) == ["published_on"]


def test_the_database_refuses_a_date_of_another_length(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_source(published_on="2024-7")


def test_partial_dates_sort_in_time(db):
    for value in ("2024-07", "2024", "", "2023-12-31", "2024-07-02"):
        make_source(published_on=value)

    found = Source.objects.order_by("published_on").values_list("published_on", flat=True)

    assert list(found) == ["", "2023-12-31", "2024", "2024-07", "2024-07-02"]
