"""Recording documents in the admin."""

from django.urls import reverse

from claims.tests.factories import make_snapshot, make_source
from sources.models import Snapshot, Source


def test_a_reviewer_keeps_what_a_document_says(client, reviewer):
    client.force_login(reviewer)
    source = make_source()

    response = client.post(
        reverse("admin:sources_snapshot_add"),
        {
            "source": source.pk,
            "text": "What it says.",
            "captured_at_0": "2026-01-01",
            "captured_at_1": "12:00",
        },
    )

    assert response.status_code == 302
    assert Snapshot.objects.get().text == "What it says."


def test_a_kept_copy_is_read_only_for_superusers_too(client, superuser):
    client.force_login(superuser)
    snapshot = make_snapshot()
    page = reverse("admin:sources_snapshot_change", args=[snapshot.pk])

    assert client.get(page).status_code == 200
    assert client.post(page, {"text": "Forged."}).status_code == 403


def test_a_source_that_exists_is_refused_at_its_form(client, reviewer):
    client.force_login(reviewer)
    source = make_source()
    page = reverse("admin:sources_source_change", args=[source.pk])
    assert "snapshots" in client.get(page).content.decode().lower()

    response = client.post(
        reverse("admin:sources_source_add"),
        {
            "kind": "article",
            "title": "Again",
            "url": source.url,
            "snapshots-TOTAL_FORMS": 0,
            "snapshots-INITIAL_FORMS": 0,
        },
    )

    assert "exists already" in response.content.decode()
    assert Source.objects.count() == 1
