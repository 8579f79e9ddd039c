"""Passages that evidence quotes: where they stand, their language and their translation."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from claims import gate, versions, workflow
from claims.models import Evidence

from . import factories

pytestmark = pytest.mark.django_db
TEXT = "The ministry counted 412 schools. Nobody asked.\nThe ministry counted 412 schools. Twice."


@pytest.fixture
def author():
    return factories.make_person("Alma", role="reviewer")


@pytest.fixture
def draft(author):
    return factories.make_review(author=author)


def quote(draft, passage, text=TEXT, **fields):
    snapshot = factories.make_snapshot(text)
    fields.setdefault("summary", "It says so.")
    found = Evidence(
        review=draft, source=snapshot.source, snapshot=snapshot, passage=passage,
        stance="supports", **fields,
    )  # fmt: skip
    found.full_clean()
    found.save()
    return found


def line(review, name):
    return next(found for found in gate.checklist(review) if found.name == name)


def test_a_passage_has_its_place_and_its_context_in_code_points(draft):
    found = quote(draft, "counted 412", text="🐘 The ministry counted 412 schools.")
    assert (found.start, found.end) == (15, 26)
    assert (found.prefix, found.suffix) == ("🐘 The ministry ", " schools.")


def test_of_words_that_stand_twice_the_first_is_meant_unless_the_start_says_another(draft):
    assert quote(draft, "counted 412 schools").start == 13
    assert quote(draft, "counted 412 schools", start=61).start == 61
    assert quote(draft, "counted 412 schools", start=5).start == 13


def test_without_a_copy_a_passage_has_no_place(draft):
    found = quote(draft, "counted 412 schools")
    found.snapshot = None
    found.full_clean()
    assert (found.start, found.end, found.prefix, found.suffix) == (None, None, "", "")


def test_a_copied_passage_keeps_its_place(draft):
    found = quote(draft, "Nobody asked", translation="Niemand fragte")
    copied = found.copied_to(draft)
    for name in ("start", "end", "prefix", "suffix", "translation", "passage_language"):
        assert getattr(copied, name) == getattr(found, name)


def test_a_passage_that_does_not_stand_in_its_copy_is_not_submitted(draft, author):
    found = quote(draft, "Nobody asked")
    Evidence.objects.filter(pk=found.pk).update(passage="Nobody answered")
    assert not line(draft, "passages").is_met
    with pytest.raises(ValidationError, match="does not stand in the kept copy"):
        workflow.submit(draft, by=author)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_place_of_a_passage_must_be_right_too(draft, author):
    found = quote(draft, "Nobody asked")
    Evidence.objects.filter(pk=found.pk).update(start=1, end=13)
    with pytest.raises(ValidationError, match="does not stand"):
        workflow.submit(draft, by=author)


def test_the_database_refuses_an_end_before_the_start_and_a_translation_of_nothing(draft):
    found = quote(draft, "Nobody asked")
    for wrong in ({"end": found.start}, {"end": None}, {"passage": "", "translation": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=found.pk).update(**wrong)


def test_a_passage_in_another_language_needs_a_translation(draft):
    found = quote(draft, "Nobody asked", passage_language="zh-Hans")
    assert not line(draft, "translations").is_met
    found.translation = "Nobody asked at all"
    found.save()
    assert line(draft, "translations").is_met


def test_the_language_of_the_source_counts_and_variants_are_one_language(draft):
    found = quote(draft, "Nobody asked")
    found.source.language = "de"
    found.source.save()
    assert not line(draft, "translations").is_met
    found.source.language = "EN-GB"
    found.source.save()
    assert line(draft, "translations").is_met


def test_a_language_tag_is_a_language_tag(draft):
    with pytest.raises(ValidationError, match="language tag"):
        quote(draft, "Nobody asked", passage_language="Chinese (simplified)")


def test_readers_and_programs_get_the_passage_with_its_language_and_translation(client, draft):
    quote(draft, "Nobody asked", passage_language="fr", translation="None did ask")
    workflow.submit(draft, by=draft.author)
    factories.publish(draft, by=factories.make_person(role="editor"))
    for address in (draft.claim.get_absolute_url(), f"/claims/{draft.claim_id}/v1/"):
        page = client.get(address).content.decode()
        assert '<blockquote lang="fr">Nobody asked</blockquote>' in page
        assert '<span lang="en">None did ask</span>' in page
    said = client.get(f"/api/v1/reviews/{draft.pk}/").json()["evidence"][-1]
    assert said["translation"] == "None did ask"
    assert (said["start"], said["end"]) == (34, 46)
    assert said["prefix"].endswith("schools. ")


def test_a_new_translation_is_a_change_that_readers_are_shown(draft):
    found = quote(draft, "Nobody asked", passage_language="fr", translation="None did ask")
    before = versions.content_of(draft)
    Evidence.objects.filter(pk=found.pk).update(translation="Not one asked")
    assert [each.part for each in versions.differences(before, versions.content_of(draft))]
    older = versions.content_of(draft)
    for evidence in older["evidence"]:
        del evidence["translation"], evidence["passage_language"]
    Evidence.objects.filter(pk=found.pk).update(translation="", passage_language="")
    assert versions.differences(older, versions.content_of(draft)) == []


def test_passages_that_were_quoted_before_get_their_place(draft):
    found = quote(draft, "Nobody asked")
    lost = quote(draft, "Twice.")
    Evidence.objects.update(start=None, end=None, prefix="", suffix="")
    Evidence.objects.filter(pk=lost.pk).update(passage="Thrice.")
    migration = import_module("claims.migrations.0016_find_place_of_quoted_passages")
    migration.find_places(apps, SimpleNamespace(connection=connection))
    before = (found.start, found.end, found.prefix, found.suffix)
    found.refresh_from_db()
    lost.refresh_from_db()
    assert (found.start, found.end, found.prefix, found.suffix) == before
    assert lost.start is None


class TestFinder:
    """The page that finds words in a kept copy, and quotes them in the draft."""

    def find(self, client, draft, words="412 schools"):
        snapshot = factories.make_snapshot(TEXT)
        page = reverse("admin:claims_claim_passages", args=[draft.claim_id])
        return page, snapshot, client.get(page, {"snapshot": snapshot.pk, "words": words})

    def test_a_found_passage_becomes_evidence_at_its_place(self, client, draft, author):
        client.force_login(author)
        page, snapshot, answer = self.find(client, draft)
        assert answer.content.decode().count("Add to the sources") == 2
        client.post(page, {
            "snapshot": snapshot.pk, "passage": "412 schools", "start": 69,
            "stance": "refutes", "summary": "There were 412.", "is_primary": "on",
        })  # fmt: skip
        found = draft.evidence.get(snapshot=snapshot)
        assert (found.source, found.start, found.stance) == (snapshot.source, 69, "refutes")
        assert found.is_primary
        assert found.review.contributors.count() == 0

    def test_a_colleague_who_quotes_becomes_a_contributor(self, client, draft):
        colleague = factories.make_person("Bea", role="reviewer")
        client.force_login(colleague)
        page, snapshot, _answer = self.find(client, draft)
        client.post(page, {
            "snapshot": snapshot.pk, "passage": "412 schools", "start": 21,
            "stance": "refutes", "summary": "There were 412.",
        })  # fmt: skip
        assert list(draft.contributors.all()) == [colleague]

    def test_words_that_are_not_there_are_not_quoted(self, client, draft, author):
        client.force_login(author)
        page, snapshot, _answer = self.find(client, draft)
        answer = client.post(page, {
            "snapshot": snapshot.pk, "passage": "413 schools", "start": 21,
            "stance": "refutes", "summary": "There were 413.",
        }, follow=True)  # fmt: skip
        assert "These words do not occur in the kept copy" in answer.content.decode()
        assert not draft.evidence.filter(snapshot=snapshot).exists()

    def test_without_a_draft_nothing_is_quoted(self, client, author):
        claim = factories.make_claim()
        client.force_login(author)
        page = reverse("admin:claims_claim_passages", args=[claim.pk])
        snapshot = factories.make_snapshot(TEXT)
        answer = client.get(page, {"snapshot": snapshot.pk, "words": "412"})
        assert "Add to the sources" not in answer.content.decode()
        said = {"snapshot": snapshot.pk, "passage": "412", "stance": "refutes", "summary": "x"}
        assert client.post(page, said).status_code == 404
        assert not Evidence.objects.exists()
