"""Editors settle correction requests: in the admin, once each, by either of two verbs."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import workflow
from claims.models import Correction, Review
from claims.tests.factories import make_person
from tips import answering
from tips.models import CorrectionRequest
from tips.tests.factories import publish_draft, send, take_up

LIST = "/admin/tips/correctionrequest/"


def address(asked):
    return f"{LIST}{asked.pk}/change/"


@pytest.fixture
def asked(published_claim):
    """A request about the published verdict."""
    return send(published_claim, shows="Page 4")[0]


@pytest.fixture
def desk(client, editor):
    """A browser in which an editor is signed in."""
    client.force_login(editor)
    return client


def test_an_editor_answers_in_words(desk, asked, editor):
    response = desk.post(address(asked), {"verb": "answer", "answer": " The record says 2024. "})

    asked.refresh_from_db()
    assert response.url == address(asked)
    assert (asked.state, asked.answer) == ("answered", "The record says 2024.")
    assert asked.answered_by == editor
    assert asked.answered_at <= timezone.now()
    page = desk.get(address(asked)).content.decode()
    assert "The record says 2024." in page
    assert 'value="Answer"' not in page


def test_an_editor_begins_a_new_version(desk, asked, editor, published_claim):
    response = desk.post(
        address(asked), {"verb": "take_up", "kind": "correction", "note": "The year was wrong."}
    )

    asked.refresh_from_db()
    draft = published_claim.reviews.get(number=2)
    assert response.url == f"/admin/claims/claim/{published_claim.pk}/change/"
    assert (draft.status, draft.author) == ("draft", editor)
    assert Correction.objects.get(review=draft).note == "The year was wrong."
    assert (asked.state, asked.new_version, asked.is_open) == ("accepted", draft, False)


def test_a_page_shows_what_was_asked_about_what(desk, asked, published_claim):
    page = desk.get(address(asked)).content.decode()

    for words in ("The year is wrong.", "Page 4", published_claim.text, "Version 1", "once."):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"verb": "answer", "answer": " "}, "Write what the reader is to know."),
        ({"verb": "answer", "answer": "x" * 2001}, "at most 2000 characters"),
        ({"verb": "answer", "answer": "\x00"}, "Null characters are not allowed."),
        ({"verb": "take_up", "kind": "correction"}, "Tell readers what changes and why."),
        ({"verb": "take_up", "kind": "retraction", "note": "Wrong."}, "Select a valid choice."),
        ({"verb": "take_up", "note": "Wrong."}, "Choose correction, update or clarification."),
    ],
)
def test_a_refusal_keeps_what_was_typed(desk, asked, typed, sentence):
    response = desk.post(address(asked), typed)

    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert ("Wrong." in page) == ("note" in typed)
    asked.refresh_from_db()
    assert asked.is_open
    assert Review.objects.count() == 1


@pytest.mark.parametrize("verb", ["", "delete", "save"])
def test_an_unknown_verb_changes_nothing(desk, asked, verb):
    desk.post(address(asked), {"verb": verb, "wrong": "Changed", "state": "answered"})

    stored = CorrectionRequest.objects.get()
    assert (stored.wrong, stored.state) == (asked.wrong, "open")


def test_a_reviewer_reads_requests_and_cannot_settle_them(client, asked, reviewer):
    client.force_login(reviewer)

    page = client.get(address(asked)).content.decode()
    refused = client.post(address(asked), {"verb": "answer", "answer": "No."})

    assert "The year is wrong." in page
    assert 'value="Answer"' not in page
    assert refused.status_code == 200
    assert CorrectionRequest.objects.get().is_open
    with pytest.raises(PermissionDenied, match="Editors answer"):
        answering.answer(asked, by=reviewer, answer="No.")
    with pytest.raises(PermissionDenied, match="Editors answer"):
        take_up(asked, by=reviewer)


def test_who_may_not_see_requests_sees_none(client, asked, administrator):
    client.force_login(administrator)

    assert client.get(LIST).status_code == 403
    assert client.get(address(asked)).status_code == 404


def test_a_request_that_is_not_there_is_not_found(desk, asked):
    assert desk.get(f"{LIST}{asked.pk + 1}/change/").status_code == 404
    assert desk.get(f"{LIST}x/change/").status_code == 404


def test_nobody_adds_or_deletes_a_request_by_hand(client, superuser, asked):
    client.force_login(superuser)

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{asked.pk}/delete/", {"post": "yes"}).status_code == 403


def test_of_two_who_answer_at_once_one_is_told(asked, editor, superuser):
    seen_by_another = CorrectionRequest.objects.get(pk=asked.pk)
    answering.answer(asked, by=editor, answer="First.")

    with pytest.raises(ValidationError, match="Eddie Editor settled this request already"):
        answering.answer(seen_by_another, by=superuser, answer="Second.")
    with pytest.raises(ValidationError, match="Eddie Editor settled this request already"):
        take_up(seen_by_another, by=superuser)

    assert CorrectionRequest.objects.get().answer == "First."
    assert Review.objects.count() == 1


def test_whoever_comes_second_reads_who_was_first_and_loses_no_words(desk, asked, superuser):
    answering.answer(asked, by=superuser, answer="First.")

    page = desk.post(address(asked), {"verb": "answer", "answer": "Second."}).content.decode()

    assert "Sam Superuser settled this request already." in page
    assert ">\nSecond.</textarea>" in page
    assert CorrectionRequest.objects.get().answer == "First."


def test_no_second_version_is_begun_beside_an_open_one(desk, asked, reviewer, published_claim):
    workflow.revise(published_claim, by=reviewer, kind="update", note="New figures.")

    page = desk.get(address(asked)).content.decode()
    refused = desk.post(address(asked), {"verb": "take_up", "kind": "update", "note": "Mine."})

    assert "Somebody writes a new version already." in page
    assert "Somebody writes a new version of this verdict already." in refused.content.decode()
    assert CorrectionRequest.objects.get().is_open
    assert Review.objects.count() == 2


def test_a_withdrawn_verdict_is_answered_in_words_only(desk, asked, editor, published_claim):
    workflow.retract(published_claim.reviews.get(), by=editor, note="We misread it.")

    page = desk.get(address(asked)).content.decode()
    with pytest.raises(ValidationError, match="Verdict withdrawn"):
        take_up(asked, by=editor)
    answering.answer(asked, by=editor, answer="You are right. We withdrew it.")

    assert "only a verdict that stands gets a version" in page
    assert CorrectionRequest.objects.get().state == "answered"


def test_a_request_is_open_again_when_its_new_version_is_given_up(desk, asked, editor):
    draft = take_up(asked, by=editor)
    workflow.discard(draft, by=editor, reason="The verdict was right.")

    page = desk.get(address(asked)).content.decode()
    answering.answer(asked, by=editor, answer="The verdict was right.")

    assert "It was given up, so the request is open again." in page
    assert (asked.state, asked.new_version) == ("answered", None)


def test_a_new_version_may_follow_one_that_was_given_up(asked, editor, superuser):
    first = take_up(asked, by=editor)
    workflow.discard(first, by=editor, reason="Begin anew.")

    second = take_up(asked, by=superuser)

    stored = CorrectionRequest.objects.get()
    assert (stored.new_version, stored.answered_by, stored.is_open) == (second, superuser, False)


def test_a_version_that_is_published_settles_the_request_for_good(asked, editor, superuser):
    publish_draft(take_up(asked, by=editor), by=superuser)

    with pytest.raises(ValidationError, match="settled this request already"):
        answering.answer(asked, by=editor, answer="No.")

    assert not CorrectionRequest.objects.get().is_open


def test_the_list_narrows_to_what_waits(desk, asked, published_claim, editor, superuser):
    answered, _ = send(published_claim, wrong="Answered.")
    answering.answer(answered, by=editor, answer="No.")
    in_vain, _ = send(published_claim, wrong="In vain.")
    workflow.discard(take_up(in_vain, by=editor), by=editor, reason="Right as it was.")
    met, _ = send(published_claim, wrong="Met.")
    publish_draft(take_up(met, by=editor), by=superuser)

    def listed(state):
        return {row.pk for row in desk.get(LIST, {"state": state}).context["cl"].queryset}

    assert listed("open") == {asked.pk, in_vain.pk}
    assert listed("accepted") == {met.pk}
    assert listed("answered") == {answered.pk}
    assert listed("nonsense") == listed("open") | listed("accepted") | listed("answered")


def test_the_list_takes_the_same_queries_whatever_waits(
    desk, asked, published_claim, editor, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as before:
        desk.get(LIST)
    for number in range(4):
        send(published_claim, wrong=f"Number {number}.")
        send(published_claim, wrong=f"Number {number}.")
    answering.answer(asked, by=editor, answer="No.")
    taken_up, _ = send(wrong="Elsewhere.")
    take_up(taken_up, by=editor)

    with django_assert_num_queries(len(before)):
        page = desk.get(LIST).content.decode()

    assert "A new version was begun" in page
    assert "Answered in words" in page


def test_every_request_can_be_searched(desk, asked):
    assert asked.wrong in desk.get(LIST, {"q": "year"}).content.decode()


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "unknown"},
        {"wrong": ""},
        {"state": "accepted"},
        {"state": "answered"},
        {"answer": "Words without a state."},
        {"answered_at": "2026-11-25T09:00:00Z"},
    ],
    ids=str,
)
def test_the_database_refuses_what_must_never_be(asked, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.update(**broken)


def test_words_are_kept_once_for_each_version(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.create(
            review=asked.review, wrong="Others.", words_hash=asked.words_hash
        )


def test_the_queue_shows_who_waits(desk, asked, published_claim):
    page = desk.get("/admin/").content.decode()

    assert '<a href="#asked">Correction requests (1' in page
    assert "The year is wrong." in page
    assert f'href="{address(asked)}">Answer' in page


def test_the_queue_begins_with_what_was_given_up(desk, asked, published_claim, editor):
    in_vain, _ = send(published_claim, wrong="In vain.")
    workflow.discard(take_up(in_vain, by=editor), by=editor, reason="Right as it was.")
    settled, _ = send(published_claim, wrong="Settled.")
    answering.answer(settled, by=editor, answer="No.")

    response = desk.get("/admin/")

    assert [row.pk for row in response.context["asked"].rows] == [in_vain.pk, asked.pk]
    assert "The new version was given up" in response.content.decode()


def test_the_queue_shows_twenty_requests_and_counts_the_others(desk, published_claim):
    for number in range(21):
        send(published_claim, wrong=f"Number {number}.")

    response = desk.get("/admin/")

    assert len(response.context["asked"].rows) == 20
    assert "Correction requests (21" in response.content.decode()
    assert f'href="{LIST}?state=open"' in response.content.decode()


def test_the_queue_takes_the_same_queries_whatever_waits(
    desk, asked, published_claim, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as before:
        desk.get("/admin/")
    for number in range(4):
        send(published_claim, wrong=f"Number {number}.")

    with django_assert_num_queries(len(before)):
        desk.get("/admin/")


def test_the_queue_has_no_part_for_who_may_not_see_requests(client, asked):
    person = make_person(is_staff=True)
    client.force_login(person)

    assert "asked" not in client.get("/admin/").context
