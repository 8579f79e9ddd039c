"""The migration that gives old sources what they are compared by."""

import logging

import pytest


@pytest.fixture
def old_sources(transactional_db, migrator):
    """The model of a source as it was before sources were compared, and how to bring it to now."""
    state = migrator.apply_initial_migration(("sources", "0006_add_source_address"))
    return state.apps.get_model("sources", "Source")


def test_old_sources_are_filled_and_those_that_stand_there_twice_are_told(
    old_sources, migrator, monkeypatch
):
    told: list[str] = []
    log = logging.getLogger("sources.migrations.0007_fill_keys_to_compare_sources_by")
    # Its own logger, not what reaches the root: whatever ran before may have set that up anew.
    monkeypatch.setattr(log, "warning", lambda message, *args: told.append(message % args))
    monkeypatch.setattr("sources.filling.BATCH", 2)
    rows = [
        old_sources.objects.create(title=title, url=url)
        for title, url in [
            ("The Tax Plan", "http://www.example.org/a/"),
            ("Minutes", ""),
            ("Minutes", ""),
            ("Tax plan", "https://example.org/a?utm_source=x"),
            ("Report", "https://example.org/b"),
        ]
    ]

    state = migrator.apply_tested_migration(("sources", "0008_add_unique_canonical_url"))

    filled = state.apps.get_model("sources", "Source").objects.order_by("pk")
    assert list(filled.values_list("canonical_url", "title_key")) == [
        ("https://example.org/a", "tax plan"),
        (None, "minutes"),
        (None, "minutes"),
        (None, "tax plan"),
        ("https://example.org/b", "report"),
    ]
    assert filled.first().url == "http://www.example.org/a/"
    assert [line.split(",")[0] for line in told] == [
        f"Source {rows[3].pk} is the same document as source {rows[0].pk}"
    ]
