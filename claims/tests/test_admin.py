"""The editors' desk, through its addresses."""

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import notes, workflow
from claims.models import (
    Appearance,
    Claim,
    ClaimEntry,
    ClaimMeaning,
    Correction,
    Evidence,
    Note,
    Override,
    Rating,
    Recusal,
    Review,
    Risk,
    SearchChange,
    SearchWord,
    SourceEntry,
    Transition,
)
from sources.models import Link, LinkCheck, PrivateDetail

from . import factories


def address(row, page="change"):
    options = row._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[row.pk])


def listing(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def step(row, verb):
    options = row._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_step", args=[row.pk, verb])


def form_of(response):
    """Return what a browser would post when nothing was changed."""
    form = response.context["adminform"].form
    posted = {}
    for each in [form, *inline_forms(response)]:
        for bound in each:
            value = bound.value()
            if value is not None and value is not False:
                posted[bound.html_name] = value
    posted |= response.context.get("edit_numbers", {})
    posted |= {"_opened": response.context["opened"]} if "opened" in response.context else {}
    for inline in response.context["inline_admin_formsets"]:
        for bound in inline.formset.management_form:
            posted[bound.html_name] = bound.value()
    return posted


def inline_forms(response):
    return [form for inline in response.context["inline_admin_formsets"] for form in inline.formset]


@pytest.fixture
def draft(ratings, reviewer):
    """A draft by that reviewer, with a piece of evidence."""
    claim = factories.make_claim()
    factories.make_appearance(claim)
    review = factories.make_review(claim, author=reviewer)
    factories.make_evidence(review)
    return review


def fill_every_table(number):
    for _ in range(number):
        claim = factories.make_published_claim(
            speaker=factories.make_speaker(), topics=[factories.make_topic()]
        )
        source = claim.appearances.get().snapshot.source
        source.publisher = factories.make_publisher()
        source.save()
        factories.make_contact_attempt(claim)
        Link.objects.create(source=source)
        LinkCheck.objects.create(source=source, result="works", status=200)
        Risk.objects.create(appearance=claim.appearances.get(), kind="gone")
        draft = factories.make_draft(author=claim.reviews.get().author)
        Override.objects.create(review=draft, line="contact", reason="None.", by=draft.author)
        notes.write(claim, by=draft.author, text=f"Look, @{draft.author.username}.")
        workflow.recuse(claim, by=claim.reviews.get().author, reason="A stake.")
        Rating.objects.create(
            slug=f"r{claim.pk}", alternate_name=f"R{claim.pk}", position=9, mark="none"
        )


INDEX = (ClaimEntry, ClaimMeaning, SourceEntry, SearchWord, SearchChange)
LISTED = [
    model
    for app in ("accounts", "sources", "claims")
    for model in apps.get_app_config(app).get_models()
    # Rows of history have the page of the row whose edits they keep; a private detail is only
    # ever read on the page of its source, and the index by searching.
    if not hasattr(model, "instance_type") and model not in (PrivateDetail, *INDEX)
]


def queries_of(client, page, **asked):
    """Return what a page asks of the database, once it was opened."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page, asked)
    assert response.status_code == 200, page
    return [query["sql"] for query in queries]


@pytest.fixture(scope="module")
def asked_by_lists(django_db_setup, django_db_blocker):
    """What each list asks with two rows of every kind, and with seven: filling takes long."""
    client = Client()
    with django_db_blocker.unblock(), transaction.atomic():
        factories.make_groups()
        client.force_login(factories.make_person(is_superuser=True, is_staff=True))
        fill_every_table(2)
        few = {model: queries_of(client, listing(model)) for model in LISTED}
        fill_every_table(5)
        many = {model: queries_of(client, listing(model), all="") for model in LISTED}
        transaction.set_rollback(True)
    return few, many


@pytest.mark.django_db
@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
def test_every_model_has_a_list_in_a_fixed_number_of_queries(asked_by_lists, model):
    few, many = (asked[model] for asked in asked_by_lists)

    assert site.is_registered(model)
    assert len(few) == len(many), "\n".join(many)


@pytest.mark.parametrize("model", list(site._registry), ids=lambda model: model.__name__)
def test_every_list_can_be_searched(client, superuser, published_claim, model):
    client.force_login(superuser)

    response = client.get(listing(model), {"q": "nothing has these words"})

    assert response.status_code == 200


@pytest.mark.parametrize("row", ["claim", "review"])
def test_a_page_takes_the_same_number_of_queries_whatever_its_evidence(
    desk, draft, row, django_assert_num_queries
):
    page = address(draft if row == "review" else draft.claim)
    desk.get(page)
    with CaptureQueriesContext(connection) as before:
        desk.get(page)
    for _ in range(3):
        source = factories.make_source()
        factories.make_evidence(
            draft, source=source, snapshot=factories.make_snapshot(source=source)
        )
        factories.make_appearance(draft.claim)

    with django_assert_num_queries(len(before)):
        assert desk.get(page).status_code == 200


def test_a_reviewer_records_a_claim_with_its_passage(desk, reviewer):
    snapshot = factories.make_snapshot("The council said taxes doubled.")
    posted = form_of(desk.get(reverse("admin:claims_claim_add"))) | {
        "text": "Taxes doubled.",
        "kind": "fact",
        "language": "en",
        "stated_on": "2024-07",
        "appearances-TOTAL_FORMS": "1",
        "appearances-0-snapshot": snapshot.pk,
        "appearances-0-exact": "taxes doubled",
        "appearances-0-attribution": "reported-speech",
    }

    response = desk.post(reverse("admin:claims_claim_add"), posted)

    assert response.status_code == 302, response.context["errors"]
    appearance = Appearance.objects.get()
    assert (appearance.start, appearance.claim.status) == (17, "new")


def test_words_that_are_not_in_the_snapshot_are_refused_at_their_field(desk):
    snapshot = factories.make_snapshot("The council said taxes doubled.")
    posted = form_of(desk.get(reverse("admin:claims_claim_add"))) | {
        "text": "Taxes tripled.",
        "kind": "fact",
        "language": "en",
        "appearances-TOTAL_FORMS": "1",
        "appearances-0-snapshot": snapshot.pk,
        "appearances-0-exact": "taxes tripled",
        "appearances-0-attribution": "reported-speech",
    }

    response = desk.post(reverse("admin:claims_claim_add"), posted)

    assert list(inline_forms(response)[0].errors) == ["exact"]
    assert not Claim.objects.exists()


def test_a_reviewer_writes_a_draft(desk, draft):
    page = address(draft)
    posted = form_of(desk.get(page)) | {
        "finding": "It is half right.",
        "labels": ["out-of-date", "self-reported"],
    }

    response = desk.post(page, posted)

    draft.refresh_from_db()
    assert response.status_code == 302, response.context["errors"]
    assert draft.finding == "It is half right."
    assert draft.labels == ["out-of-date", "self-reported"]


def test_ratings_are_offered_with_what_they_mean_and_without_retired_ones(desk, draft):
    Rating.objects.filter(slug="false").update(is_retired=True)

    page = desk.get(address(draft)).content.decode()

    assert "Important parts hold up and important parts do not." in page
    assert "The evidence contradicts the claim." not in page


def test_the_buttons_take_a_claim_to_a_published_verdict(client, ratings, reviewer, editor):
    claim = factories.make_claim(status=Claim.Status.NEW)
    client.force_login(reviewer)
    client.post(step(claim, "accept"))
    client.post(step(claim, "start"))
    review = Review.objects.get()
    factories.complete(review)
    client.post(step(review, "submit"))
    client.force_login(editor)

    response = client.post(step(review, "publish"), follow=True)

    review.refresh_from_db()
    assert (review.status, review.author, review.approver) == ("published", reviewer, editor)
    assert "It now stands at “Published”" in response.content.decode()


def test_the_author_is_told_why_publish_may_not_be_pressed_and_cannot_force_it(
    client, ratings, editor
):
    review = factories.make_review(author=editor)
    workflow.submit(review, by=editor)
    client.force_login(editor)

    page = client.get(address(review)).content.decode()
    response = client.post(step(review, "publish"), follow=True)

    assert page.count("Someone other than the author must publish a review") == 1
    assert "Ask a colleague" in response.content.decode()
    review.refresh_from_db()
    assert review.status == "submitted"


def test_a_button_of_another_role_says_so_and_does_nothing(desk, draft, reviewer):
    workflow.submit(draft, by=reviewer)
    other = factories.make_person(role="reviewer")
    desk.force_login(other)

    assert "Your role may not do this" in desk.get(address(draft)).content.decode()
    response = desk.post(step(draft, "publish"), follow=True)

    assert "may not do this (publish)" in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == "submitted"


def test_a_button_out_of_turn_says_where_the_work_stands(desk, draft):
    page = desk.get(address(draft.claim)).content.decode()

    assert "It stands at “In review”" in page


def test_somebody_elses_draft_is_not_sent_on(client, draft, editor):
    client.force_login(editor)

    assert "Only Rita Reviewer, who writes it" in client.get(address(draft)).content.decode()


def test_an_incomplete_draft_is_refused_with_what_is_missing(desk, draft):
    Review.objects.update(finding="")

    response = desk.post(step(draft, "submit"), follow=True)

    assert "finding: Needed before" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "put"])
def test_a_step_is_only_posted(desk, draft, method):
    assert getattr(desk, method)(step(draft, "submit")).status_code == 405


@pytest.mark.parametrize("verb", ["nonsense", "publish-all"])
def test_a_step_that_does_not_exist_is_not_found(desk, draft, verb):
    assert desk.post(step(draft, verb)).status_code == 404


def test_a_step_needs_the_token_of_its_form(draft, reviewer):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(reviewer)

    assert browser.post(step(draft, "submit")).status_code == 403


def test_actions_of_a_list_take_each_row_and_tell_of_each(desk, reviewer):
    new = factories.make_claim(status=Claim.Status.NEW)
    taken = factories.make_claim()

    response = desk.post(
        listing(Claim),
        {"action": "accept", "_selected_action": [new.pk, taken.pk]},
        follow=True,
    )

    page = response.content.decode()
    assert "It now stands at “In review”" in page
    assert "This cannot be done now (accept)" in page
    assert Transition.objects.count() == 1


def test_no_list_offers_a_verb_that_the_role_lacks(desk, draft):
    actions = desk.get(listing(Review)).context["action_form"].fields["action"].choices

    assert {name for name, _ in actions} == {"", "submit"}


@pytest.mark.parametrize("state", ["submitted", "published"])
def test_what_was_sent_on_is_read_only_also_by_a_forged_form(
    client, draft, reviewer, editor, superuser, state
):
    client.force_login(superuser)
    posted = form_of(client.get(address(draft))) | {"finding": "Forged."}
    workflow.submit(draft, by=reviewer)
    if state == "published":
        workflow.publish(draft, by=editor)

    response = client.post(address(draft), posted)

    draft.refresh_from_db()
    assert response.status_code == 403
    assert draft.finding != "Forged."


def test_evidence_of_a_published_review_is_read_only(client, published_claim, superuser):
    evidence = Evidence.objects.get()
    client.force_login(superuser)

    assert client.get(address(evidence)).context["has_change_permission"] is False
    assert client.post(address(evidence), {"summary": "Forged."}).status_code == 403
    assert client.post(address(evidence, "delete"), {"post": "yes"}).status_code == 403


def test_evidence_of_a_draft_is_changed_and_removed_alone(desk, draft):
    evidence = Evidence.objects.get()
    posted = form_of(desk.get(address(evidence))) | {"summary": "Gives other figures."}

    assert desk.post(address(evidence), posted).status_code == 302
    assert Evidence.objects.get().summary == "Gives other figures."
    assert desk.post(address(evidence, "delete"), {"post": "yes"}).status_code == 302
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("model", [Review, Evidence, Transition, Recusal, Note])
def test_what_only_the_workflow_writes_is_not_added_by_hand(client, superuser, model):
    client.force_login(superuser)
    add = reverse(f"admin:claims_{model._meta.model_name}_add")

    assert client.get(add).status_code == 403


def test_what_happened_is_read_only_for_superusers_too(client, superuser, published_claim):
    client.force_login(superuser)
    transition = Transition.objects.first()

    assert client.get(address(transition)).status_code == 200
    assert client.post(address(transition), {"verb": "x"}).status_code == 403
    assert client.post(address(transition, "delete"), {"post": "yes"}).status_code == 403


def test_a_claim_with_a_history_is_not_deleted(client, superuser, published_claim):
    client.force_login(superuser)

    page = client.get(address(published_claim, "delete")).content.decode()
    client.post(address(published_claim, "delete"), {"post": "yes"})

    assert "Cannot delete claim" in page
    assert Claim.objects.filter(pk=published_claim.pk).exists()


@pytest.mark.parametrize(("status", "is_linked"), [("in_review", True), ("new", False)])
def test_a_claim_links_to_its_page_when_readers_may_see_it(desk, status, is_linked):
    claim = factories.make_claim(status=status)

    page = desk.get(address(claim)).content.decode()

    assert (f'href="/claims/{claim.pk}/"' in page) == is_linked


def test_the_admin_runs_nothing_inline(desk, draft):
    policy = desk.get(address(draft))["Content-Security-Policy"]

    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    assert "style-src-attr 'unsafe-inline'" in policy


def test_a_review_is_sent_back_with_what_to_mend(client, draft, reviewer, editor):
    workflow.submit(draft, by=reviewer)
    client.force_login(editor)

    client.post(step(draft, "send_back"), {"reason": "Name the year."})

    draft.refresh_from_db()
    assert draft.status == "draft"
    assert draft.transitions.get(verb="send_back").reason == "Name the year."


def test_a_step_that_asks_for_a_reason_is_refused_without_one(client, draft, reviewer, editor):
    workflow.submit(draft, by=reviewer)
    client.force_login(editor)

    response = client.post(step(draft, "send_back"), follow=True)

    assert "Say what is to be mended" in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == "submitted"


def test_the_author_may_take_back_what_was_sent_on(desk, draft, reviewer):
    workflow.submit(draft, by=reviewer)

    page = desk.get(address(draft)).content.decode()
    desk.post(step(draft, "send_back"), {"reason": "A better source."})

    assert 'name="reason"' in page
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_an_approval_of_a_page_read_before_a_change_is_void(client, draft, reviewer, editor):
    workflow.submit(draft, by=reviewer)
    client.force_login(editor)
    page = client.get(address(draft)).content.decode()
    assert 'name="revision" value="1"' in page
    workflow.send_back(draft, by=reviewer, reason="A better source.")
    workflow.submit(draft, by=reviewer)

    response = client.post(step(draft, "publish"), {"revision": "1"}, follow=True)

    assert "changed after you read it" in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == "submitted"


def test_a_verdict_is_corrected_and_withdrawn_from_the_admin(
    client, published_claim, reviewer, editor
):
    client.force_login(reviewer)
    client.post(
        step(published_claim, "revise"),
        {"kind": "correction", "note": "The year was wrong."},
    )
    draft = published_claim.reviews.get(number=2)
    client.post(step(draft, "submit"))
    client.force_login(editor)
    client.post(step(draft, "publish"))
    client.post(step(draft, "retract"), {"note": "We misread the table."})

    stand = published_claim.reviews.order_by("number").values_list("status", flat=True)
    assert list(stand) == ["superseded", "retracted"]
    assert [correction.note for correction in Correction.objects.visible().order_by("pk")] == [
        "The year was wrong.",
        "We misread the table.",
    ]
