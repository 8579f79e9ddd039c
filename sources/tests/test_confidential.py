"""Confidential sources at the desk: what they may hold, and who reads what tells who they are."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from claims.tests.factories import (
    make_appearance,
    make_person,
    make_publisher,
    make_snapshot,
    make_source,
)
from claims.tests.test_admin import form_of
from sources import suggestions
from sources.models import Capture, PrivateDetail, Source, SourceAddress
from tests.forms import posted_by

pytestmark = pytest.mark.django_db
SECRET = "Zinnober"
DETAIL = "private_detail-0-text"


def make_confidential(title="A former employee of the ministry", *, detail="", **fields):
    fields = {"url": "", "access_note": "We met twice and saw a badge."} | fields
    source = make_source(title, is_confidential=True, **fields)
    if detail:
        PrivateDetail.objects.create(source=source, text=detail)
    return source


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def others_desk(client, administrator):
    """The browser of somebody who sees sources and may not read what is private."""
    client.force_login(administrator)
    return client


def address(row, page="change"):
    return reverse(f"admin:sources_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (lambda: {"url": "https://example.org/x"}, "has no address"),
        (lambda: {"author": "Ann Writer"}, "names no author"),
        (lambda: {"publisher": make_publisher()}, "names no publisher"),
        (lambda: {"based_on": make_source()}, "based on no other"),
        (lambda: {"access_note": ""}, "Tell readers"),
    ],
)
def test_a_confidential_source_tells_nothing_and_says_how_we_know_it(fields, words):
    source = make_confidential()
    for name, value in fields().items():
        setattr(source, name, value)

    with pytest.raises(ValidationError, match=words):
        source.full_clean()
    with pytest.raises(IntegrityError):
        source.save()


def test_a_private_detail_belongs_to_a_confidential_source_only():
    detail = PrivateDetail(source=make_source(), text=SECRET)

    with pytest.raises(ValidationError, match="Only a confidential source"):
        detail.full_clean()


def test_a_source_with_a_private_detail_stays_confidential():
    source = make_confidential(detail=SECRET)
    source.is_confidential = False

    with pytest.raises(ValidationError, match="Remove that first"):
        source.full_clean()

    source.private_detail.delete()
    Source.objects.get(pk=source.pk).full_clean()


def test_a_document_in_which_claims_were_made_does_not_become_confidential():
    source = make_appearance().snapshot.source
    source.is_confidential = True

    with pytest.raises(ValidationError, match="Claims were recorded in this document"):
        source.full_clean()


def test_a_note_on_a_retraction_needs_its_date():
    source = make_source(retracted_on="2025-03", retraction_note="The figures were made up.")
    source.full_clean()
    source.retracted_on = ""

    with pytest.raises(ValidationError, match="Say when"):
        source.full_clean()
    with pytest.raises(IntegrityError):
        source.save()


def test_a_reviewer_adds_a_confidential_source_with_its_detail_at_once(desk):
    page = reverse("admin:sources_source_add")
    typed = {
        "title": "A former employee",
        "access_note": "We met.",
        "is_confidential": "on",
        DETAIL: SECRET,
    }

    response = desk.post(page, form_of(desk.get(page)) | typed)

    assert response.status_code == 302, response.context["errors"]
    assert Source.objects.get().private_detail.text == SECRET
    assert SECRET not in LogEntry.objects.get().change_message + LogEntry.objects.get().object_repr


def test_a_detail_beside_a_source_that_is_not_confidential_is_refused_at_the_form(desk):
    source = make_source()
    page = address(source)

    response = desk.post(page, form_of(desk.get(page)) | {DETAIL: SECRET})

    assert "Only a confidential source" in response.content.decode()
    assert not PrivateDetail.objects.exists()


def test_who_may_read_a_detail_sees_who_changed_it(desk, reviewer):
    source = make_confidential(detail="Old words")
    page = address(source)

    desk.post(page, posted_by(desk.get(page), "source_form") | {DETAIL: SECRET})
    html = desk.get(address(source, "history")).content.decode()

    assert PrivateDetail.objects.get().text == SECRET
    assert "Private detail" in html
    assert SECRET in html
    assert reviewer.display_name in html
    assert SECRET not in LogEntry.objects.latest("pk").get_change_message()


def test_two_people_who_change_a_detail_at_once_overwrite_nothing(desk):
    source = make_confidential(detail="Old words")
    page = address(source)
    opened = posted_by(desk.get(page), "source_form")
    desk.post(page, opened | {DETAIL: "First"})

    response = desk.post(page, opened | {DETAIL: "Second"})

    assert response.status_code == 409
    assert "First" in response.content.decode()
    assert PrivateDetail.objects.get().text == "First"


def test_nobody_else_reads_a_detail_or_what_was_read_of_the_source(others_desk):
    source = make_confidential(detail=SECRET)
    snapshot = make_snapshot(f"{SECRET} said so.", source=source)
    capture = Capture.objects.create(source=source, transcription=SECRET, file="x")
    other = SourceAddress.objects.create(source=source, canonical_url=f"https://{SECRET}.example/")

    pages = [others_desk.get(address(source))]
    pages += [
        others_desk.get(reverse(f"admin:sources_{name}_changelist"), {"q": SECRET})
        for name in ("source", "snapshot", "capture", "sourceaddress")
    ]
    pages += [others_desk.get(address(row), follow=True) for row in (snapshot, capture, other)]
    pages.append(others_desk.get("/admin/"))

    assert 'id="copies"' not in pages[0].content.decode()
    for page in pages:
        html = page.content.decode().replace(f'value="{SECRET}"', "").replace(f"q={SECRET}", "")
        assert SECRET not in html
        assert snapshot.sha256 not in html
    assert others_desk.get(address(source, "history")).status_code == 403
    assert others_desk.get(address(make_source(), "history")).status_code == 200


def test_nobody_finds_a_source_by_its_private_detail(desk):
    make_confidential(detail=SECRET)
    named = {"app_label": "claims", "model_name": "evidence", "field_name": "source"}

    found = desk.get(reverse("admin:autocomplete"), named | {"term": SECRET}).json()
    listed = desk.get(reverse("admin:sources_source_changelist"), {"q": SECRET})

    assert found["results"] == []
    assert "A former employee" not in listed.content.decode()


def test_who_sees_copies_is_offered_none_of_a_confidential_source(others_desk, administrator):
    make_snapshot(SECRET, source=make_confidential(SECRET))
    administrator.user_permissions.set(permissions("change_evidence", "add_evidence"))
    named = {"app_label": "claims", "model_name": "evidence", "field_name": "snapshot"}

    found = others_desk.get(reverse("admin:autocomplete"), named | {"term": SECRET}).json()

    assert found["results"] == []


def permissions(*names):
    return Permission.objects.filter(codename__in=names)


def test_who_only_reads_a_detail_may_not_change_it(client):
    person = make_person(is_staff=True)
    person.user_permissions.set(permissions("view_source", "change_source", "view_privatedetail"))
    client.force_login(person)
    source = make_confidential(detail=SECRET)
    page = address(source)
    opened = client.get(page)

    client.post(page, posted_by(opened, "source_form") | {DETAIL: "Changed"})

    assert SECRET in opened.content.decode()
    assert PrivateDetail.objects.get().text == SECRET


def test_nothing_that_a_copy_told_is_offered_for_a_confidential_source(reviewer):
    source = make_confidential()
    told = {"title": "x", "authors": SECRET, "publisher": SECRET, "published_on": "2024"}
    Capture.objects.create(
        source=source,
        state="captured",
        snapshot=make_snapshot(source=source),
        next_attempt_at=None,
        ended_at=timezone.now(),
        found=told | {"guessed": []},
    )

    assert suggestions.suggestions(source) == []
    assert suggestions.confirm(source, ["author", "publisher"], by=reviewer) == []


def test_a_copy_of_a_confidential_source_is_uploaded_and_stays_private(desk):
    html = desk.get(address(make_confidential(), "upload")).content.decode()

    assert "readers never see the file or its text" in html
    assert "Readers can download it" not in html
