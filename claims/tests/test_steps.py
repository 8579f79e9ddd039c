"""The verbs through their other doors: the API and the command line."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from claims import workflow
from claims.models import Claim, Review, Transition
from claims.steps import STEPS

from . import factories


def post(client, address, body=None, status=200):
    response = client.post(address, body or {}, content_type="application/json")
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def review(ratings, reviewer):
    return factories.make_review(author=reviewer)


def take_step(*args, **options):
    out = io.StringIO()
    call_command("take_step", *args, stdout=out, **options)
    return out.getvalue()


def test_a_claim_goes_from_new_to_published_through_the_api(desk, editors_desk, ratings, reviewer):
    claim = factories.make_claim(status=Claim.Status.NEW)
    factories.make_appearance(claim)

    accepted = post(desk, f"/api/v1/claims/{claim.pk}/accept/")
    started = post(desk, f"/api/v1/claims/{claim.pk}/start/")
    review = Review.objects.get(pk=started["review"])
    factories.complete(review)
    submitted = post(desk, f"/api/v1/reviews/{review.pk}/submit/")
    published = post(editors_desk, f"/api/v1/reviews/{review.pk}/publish/", {"revision": 1})

    assert accepted["claim_status"] == "in_review"
    assert (submitted["review_status"], submitted["revision"]) == ("submitted", 1)
    assert (published["review_status"], published["claim_status"]) == ("published", "published")
    verbs = list(Transition.objects.order_by("pk").values_list("verb", "by__display_name"))
    assert verbs == [
        ("accept", "Rita Reviewer"),
        ("start", "Rita Reviewer"),
        ("submit", "Rita Reviewer"),
        ("publish", "Eddie Editor"),
    ]


def test_nobody_publishes_their_own_words_through_the_api(editors_desk, ratings, editor):
    review = factories.make_review(author=editor)
    workflow.submit(review, by=editor)

    refused = post(
        editors_desk, f"/api/v1/reviews/{review.pk}/publish/", {"revision": 1}, status=400
    )

    assert refused["code"] == "second_person"
    assert "Ask a colleague" in refused["detail"]
    assert Review.objects.get().status == "submitted"


def test_a_step_from_elsewhere_than_it_stands_is_a_conflict(desk, review):
    answer = post(desk, f"/api/v1/claims/{review.claim_id}/accept/", status=409)

    assert answer["code"] == "not_allowed"
    assert "In review" in answer["detail"]


def test_an_approval_of_an_older_revision_is_a_conflict(editors_desk, review, reviewer, editor):
    workflow.submit(review, by=reviewer)
    workflow.send_back(review, by=editor, reason="Name the year.")
    workflow.submit(review, by=reviewer)

    answer = post(
        editors_desk, f"/api/v1/reviews/{review.pk}/publish/", {"revision": 1}, status=409
    )

    assert answer["code"] == "changed_since_read"


@pytest.mark.parametrize("body", [{}, {"revision": "first"}, {"revision": None}])
def test_an_approval_through_the_api_says_which_revision_was_read(
    editors_desk, review, reviewer, body
):
    workflow.submit(review, by=reviewer)

    answer = post(editors_desk, f"/api/v1/reviews/{review.pk}/publish/", body, status=400)

    assert answer["errors"][0]["field"] == "revision"
    assert Review.objects.get().status == "submitted"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 5001}, "reason"),
    ],
)
def test_what_a_step_needs_is_named_by_its_field(desk, review, body, field):
    answer = post(desk, f"/api/v1/claims/{review.claim_id}/decline/", body, status=400)

    assert [error["field"] for error in answer["errors"]] == [field]
    assert Claim.objects.get().status == "in_review"


@pytest.mark.parametrize(
    "body", [{"reason": "x", "note": "y"}, ["reason"], "reason", {"reason": ["x"], "why": 1}]
)
def test_a_body_that_is_not_understood_changes_nothing(desk, review, body):
    post(desk, f"/api/v1/claims/{review.claim_id}/decline/", body, status=400)

    assert Claim.objects.get().status == "in_review"


def test_a_claim_is_assigned_and_merged_through_the_api(editors_desk, reviewer):
    claim, other = factories.make_claim(), factories.make_claim()

    post(editors_desk, f"/api/v1/claims/{claim.pk}/assign/", {"to": reviewer.username})
    post(editors_desk, f"/api/v1/claims/{other.pk}/merge/", {"into": claim.pk})

    claim.refresh_from_db()
    other.refresh_from_db()
    assert (claim.assigned_to, other.merged_into) == (reviewer, claim)
    post(editors_desk, f"/api/v1/claims/{claim.pk}/assign/", {"to": "nobody-here"}, status=400)
    post(editors_desk, f"/api/v1/claims/{claim.pk}/merge/", {"into": 10**15}, status=400)


@pytest.mark.parametrize("step", STEPS.values(), ids=lambda step: step.name)
def test_a_step_is_closed_to_strangers_and_to_readers_who_signed_in(client, step, ratings, review):
    key = review.pk if step.subject is Review else review.claim_id
    address = f"/api/v1/{step.subject._meta.model_name}s/{key}/{step.name}/"

    post(client, address, status=403)
    client.force_login(factories.make_person())
    post(client, address, status=403)
    client.force_login(factories.make_person(is_staff=True))
    post(client, address, status=404)
    assert Review.objects.get().status == "draft"


def test_a_step_through_the_api_needs_the_csrf_token_of_the_page(review, reviewer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)

    post(client, f"/api/v1/reviews/{review.pk}/submit/", status=403)

    assert Review.objects.get().status == "draft"


def test_a_step_with_a_row_that_does_not_exist_is_not_found(desk):
    post(desk, "/api/v1/claims/999/accept/", status=404)
    post(desk, "/api/v1/reviews/999/submit/", status=404)


def test_a_step_is_taken_from_a_terminal(review, reviewer, editor):
    said = take_step("submit", review.pk, by=reviewer.username)
    take_step("send_back", review.pk, by=editor.username, say=["reason=Name the year = 2024."])

    assert said == f"submit: review {review.pk} stands at “Waiting for a second person”.\n"
    back = Transition.objects.get(verb="send_back")
    assert (back.reason, back.by) == ("Name the year = 2024.", editor)


@pytest.mark.parametrize(
    ("verb", "options", "sentence"),
    [
        ("publish", {}, "Your account may not do this"),
        ("retract", {"say": ["reason=x"]}, "retract asks for note, not for reason"),
        ("discard", {}, "Say why the draft is given up"),
        ("submit", {"by": "nobody"}, "no active account “nobody”"),
        ("accept", {"key": 999}, "There is no claim 999"),
    ],
)
def test_a_terminal_is_refused_in_the_same_words(review, reviewer, verb, options, sentence):
    options = {"by": reviewer.username} | options
    key = options.pop("key", review.pk)

    with pytest.raises(CommandError, match=sentence):
        take_step(verb, key, **options)

    assert Review.objects.get().status == "draft"
