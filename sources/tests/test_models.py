"""What is never false of publishers, sources and snapshots."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.tests.factories import make_publisher, make_snapshot, make_source
from sources.models import Snapshot, Source


def test_an_address_names_one_source(db):
    make_source(url="https://example.org/a")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_source(url="https://example.org/a")


def test_the_form_says_to_use_the_source_that_exists(db):
    make_source(url="https://example.org/a")

    with pytest.raises(ValidationError, match="exists already"):
        Source(title="Again", url="https://example.org/a").full_clean()


def test_sources_without_an_address_may_share_a_title(db):
    make_source("Minutes", url="")

    make_source("Minutes", url="")

    assert Source.objects.filter(title="Minutes").count() == 2


def test_a_source_is_not_based_on_itself(db):
    source = make_source()

    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(based_on=source)


def test_a_snapshot_carries_the_hash_of_its_text(db):
    text = "Zwölf Räte stimmten zu. 数字"

    snapshot = make_snapshot(text)

    assert snapshot.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_snapshot_never_changes(db):
    snapshot = make_snapshot("What it said.")
    snapshot.text = "What it says now."

    with pytest.raises(ValidationError, match="never changes"):
        snapshot.save()

    assert Snapshot.objects.get().text == "What it said."


def test_the_same_text_of_a_source_is_kept_once(db):
    kept = make_snapshot("What it said.")
    again = Snapshot(source=kept.source, text="What it said.", captured_at=timezone.now())

    with pytest.raises(ValidationError, match="kept already"):
        again.full_clean()


def test_rows_are_shown_by_name_and_day(db):
    publisher = make_publisher("The Gazette")
    source = make_source("Budget", publisher=publisher)
    moment = timezone.make_aware(timezone.datetime(2025, 1, 24, 12))

    snapshot = make_snapshot(source=source, captured_at=moment)

    assert (str(publisher), str(source), str(snapshot)) == (
        "The Gazette",
        "Budget",
        "Budget, 2025-01-24",
    )
    assert source.get_absolute_url() == f"/sources/{source.pk}/"
