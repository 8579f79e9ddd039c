"""The first rating stays hidden until the second is given: every door, and the page to rate on."""

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import workflow
from claims.models import BlindRating, Claim, Evidence, Rating, Review

from . import factories

FINDING = "Zinnober counts for nothing here."
SECRETS = [FINDING, "Quagga of a rationale", "Flimflam would move us", "The correction tells all"]
WORD = "Zebra-striped"


@pytest.fixture
def review(ratings, reviewer, editor):
    """A submitted new version whose every word would tell its rating to who sees it."""
    rating = Rating.objects.create(
        slug="zebra", alternate_name=WORD, definition="Both.", position=8, mark="mfalse"
    )
    claim = factories.make_published_claim(author=reviewer, approver=editor)
    Claim.objects.update(asks_blind_rating=True)
    claim.refresh_from_db()
    draft = workflow.revise(claim, by=reviewer, kind="correction", note=SECRETS[3])
    factories.complete(
        draft,
        rating=rating,
        finding=FINDING,
        rationale=SECRETS[1],
        what_would_change=SECRETS[2],
        labels=["no-measure"],
        confidence="low",
    )
    factories.make_evidence(draft, stance=Evidence.Stance.REFUTES, summary="Gives other figures.")
    workflow.submit(draft, by=reviewer)
    return draft


@pytest.fixture(params=["editor", "superuser", "administrator"])
def stranger(request, review, groups):
    """Somebody who did not write in the review, in each role."""
    if request.param == "superuser":
        return factories.make_person(is_superuser=True, is_staff=True)
    return factories.make_person(role=request.param)


def addresses(review):
    """Every page of the admin: each list, also searched and narrowed, and each row’s pages."""
    yield reverse("admin:index")
    for model, admin in site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        changelist = reverse(f"{name}_changelist")
        yield changelist
        yield f"{changelist}?q={FINDING}"
        yield f"{changelist}?_facets=True"
        for row in model._default_manager.all():
            for page in ("change", "history", "delete"):
                yield reverse(f"{name}_{page}", args=[row.pk])
        assert admin.show_full_result_count is False or model._meta.app_label != "claims"
    for page in ("blind", "approve", "preview", "change", "history"):
        yield reverse(f"admin:claims_review_{page}", args=[review.pk])
    for narrowed in ("rating__id__exact", "finding__startswith"):
        yield f"{reverse('admin:claims_review_changelist')}?{narrowed}={review.rating_id}"
    yield from ("/", "/claims/", f"/claims/{review.claim_id}/", "/corrections/", "/sources/")
    for name in ("claims", "reviews", "sources", "articles", "stats"):
        yield f"/api/v1/{name}/"
    yield f"/api/v1/claims/{review.claim_id}/"
    yield f"/api/v1/reviews/{review.pk}/"


def page_of(client, address):
    """Return what a person sees who opens the address; a page that is closed shows nothing."""
    response = client.get(address, follow=True)
    if response.status_code in (403, 404):
        return ""
    return b"".join(response).decode() if response.streaming else response.content.decode()


def is_told(page):
    """Say whether a page tells the rating of the review, rather than every step of the scale.

    The filters of lists and the choice on the page to rate on name each step once.
    """
    return page.count(WORD) != page.count("Mostly false") and page.count(WORD) > 0


@pytest.mark.unmeasured  # it opens hundreds of pages that have tests of their own
def test_no_door_tells_the_first_rating_to_who_has_not_rated(client, review, stranger):
    client.force_login(stranger)

    for address in addresses(review):
        page = page_of(client, address)
        shown = page.replace(f'value="{FINDING}"', "") if "?q=" in address else page
        assert [secret for secret in SECRETS if secret in shown] == [], address
        of_the_scale = "/claims/rating/" in address or address in ("/", "/claims/")
        assert of_the_scale or not is_told(page), address


@pytest.mark.parametrize(
    ("model", "narrowed"),
    [
        ("review", f"q={FINDING}"),
        ("review", "finding__startswith=Zin"),
        ("review", "rating__slug=zebra"),
        ("evidence", "stance=refutes"),
        ("submission", "content__rating__slug=zebra"),
        ("correction", f"q={SECRETS[3]}"),
        ("rating", "reviews={review}"),
    ],
)
def test_no_list_is_narrowed_until_the_first_rating_is_found(
    client, review, superuser, model, narrowed
):
    client.force_login(superuser)
    changelist = reverse(f"admin:claims_{model}_changelist")

    response = client.get(f"{changelist}?{narrowed.format(review=review.pk)}", follow=True)

    assert response.status_code == 400 or response.context["cl"].result_count == 0


def test_the_author_and_who_rated_read_it_all(client, review, reviewer, editor, ratings):
    page = reverse("admin:claims_review_change", args=[review.pk])
    client.force_login(reviewer)
    assert FINDING in client.get(page).content.decode()
    client.force_login(editor)
    assert client.get(page).status_code == 302

    workflow.rate_blind(review, by=editor, rating=ratings["mixed"])

    assert FINDING in client.get(page).content.decode()
    approve = client.get(reverse("admin:claims_review_approve", args=[review.pk]))
    assert FINDING in approve.content.decode()


def test_evidence_is_shown_without_what_it_is_taken_to_prove(client, review, editor):
    client.force_login(editor)

    page = client.get(reverse("admin:claims_review_blind", args=[review.pk])).content.decode()

    assert "Gives other figures." in page
    assert review.claim.text in page
    assert "Refutes" not in page
    assert "Supports" not in page


def test_a_draft_of_a_claim_that_asks_is_read_by_its_writers_alone(client, ratings, reviewer):
    claim = factories.make_claim(asks_blind_rating=True)
    draft = factories.make_review(claim, author=reviewer, finding=FINDING)
    page = reverse("admin:claims_claim_change", args=[claim.pk])

    client.force_login(reviewer)
    assert FINDING in client.get(page).content.decode()
    client.force_login(factories.make_person(role="editor"))
    html = client.get(page).content.decode()

    assert FINDING not in html
    assert "hidden from you" in html
    change = client.get(reverse("admin:claims_review_change", args=[draft.pk]), follow=True)
    assert FINDING not in change.content.decode()


def test_a_draft_that_is_hidden_is_not_changed_by_a_forged_form(client, ratings, reviewer, editor):
    claim = factories.make_claim(asks_blind_rating=True)
    draft = factories.make_review(claim, author=reviewer)

    client.force_login(editor)
    client.post(reverse("admin:claims_review_change", args=[draft.pk]), {"finding": "Forged."})

    draft.refresh_from_db()
    assert draft.finding != "Forged."


def test_a_reviewer_rates_blind_on_its_page_and_then_sees_both(client, review, ratings, groups):
    second = factories.make_person("Sue Second", role="reviewer")
    client.force_login(second)
    page = reverse("admin:claims_review_blind", args=[review.pk])

    response = client.post(
        page, {"revision": "1", "rating": "mixed", "note": "The year."}, follow=True
    )

    html = response.content.decode()
    assert BlindRating.objects.get().by == second
    assert WORD in html
    assert "The ratings differ" in html
    assert "Only Rita Reviewer, who writes it, or an editor." in html


def test_a_blind_rating_without_a_choice_keeps_what_was_typed(client, review, editor):
    client.force_login(editor)
    page = reverse("admin:claims_review_blind", args=[review.pk])

    html = client.post(page, {"revision": "1", "note": "The year."}).content.decode()

    assert "Choose a rating." in html
    assert "The year." in html
    assert not BlindRating.objects.exists()


def test_an_editor_settles_a_difference_with_a_button(client, review, editor, ratings):
    workflow.rate_blind(review, by=editor, rating=ratings["mixed"])
    client.force_login(editor)
    page = client.get(reverse("admin:claims_review_blind", args=[review.pk])).content.decode()
    assert 'name="resolution"' in page
    step = reverse("admin:claims_review_step", args=[review.pk, "resolve_disagreement"])

    client.post(step, {"resolution": "The year is a slip."})

    page = client.get(reverse("admin:claims_review_blind", args=[review.pk])).content.decode()
    assert "The year is a slip." in page
    assert 'name="resolution"' not in page


def test_a_claim_that_does_not_ask_has_no_page_to_rate_on(client, published_claim, editor):
    client.force_login(editor)
    page = reverse("admin:claims_review_blind", args=[published_claim.reviews.get().pk])

    html = client.get(page, follow=True).content.decode()

    assert "does not ask for a blind rating" in html
    assert client.get(reverse("admin:claims_review_blind", args=[999])).status_code == 404


def test_who_stepped_aside_is_told_so_on_the_page_to_rate_on(client, review, editor):
    workflow.recuse(review.claim, by=editor, reason="A stake.")
    client.force_login(editor)

    page = client.get(reverse("admin:claims_review_blind", args=[review.pk])).content.decode()

    assert "You stepped aside from this claim." in page
    assert 'name="rating"' not in page


def test_an_editor_lets_the_rating_pass_from_the_page_to_rate_on(client, review, editor):
    client.force_login(editor)
    page = reverse("admin:claims_review_blind", args=[review.pk])
    assert 'value="blind-rating"' in client.get(page).content.decode()
    step = reverse("admin:claims_review_step", args=[review.pk, "override"])

    client.post(step, {"line": "blind-rating", "reason": "Nobody else reads Urdu."})

    assert review.overrides.get().line == "blind-rating"
    assert (
        FINDING
        in client.get(reverse("admin:claims_review_approve", args=[review.pk])).content.decode()
    )


def test_the_queue_leads_to_the_page_to_rate_on_and_then_to_the_second_review(
    client, review, editor, ratings
):
    client.force_login(editor)
    blind = reverse("admin:claims_review_blind", args=[review.pk])
    approve = reverse("admin:claims_review_approve", args=[review.pk])

    before = client.get(reverse("admin:index")).content.decode()
    workflow.rate_blind(review, by=editor, rating=ratings["mixed"])
    after = client.get(reverse("admin:index")).content.decode()

    assert (blind in before, approve in before) == (True, False)
    assert (blind in after, approve in after) == (False, True)


def test_the_queue_tells_the_author_of_a_difference(client, review, reviewer, editor, ratings):
    workflow.rate_blind(review, by=editor, rating=ratings["mixed"])
    client.force_login(reviewer)

    assert "The blind rating differs" in client.get(reverse("admin:index")).content.decode()
    workflow.resolve_disagreement(review, by=reviewer, resolution="A slip.")
    assert "The blind rating differs" not in client.get(reverse("admin:index")).content.decode()


def test_the_queue_takes_a_fixed_number_of_queries_whatever_waits_to_be_rated(
    client, ratings, reviewer, editor, django_assert_num_queries
):
    client.force_login(editor)
    factories.make_review_to_rate_blind(author=reviewer)
    with CaptureQueriesContext(connection) as before:
        client.get(reverse("admin:index"))
    for _ in range(4):
        factories.make_review_to_rate_blind(author=reviewer)

    with django_assert_num_queries(len(before)):
        assert client.get(reverse("admin:index")).content.decode().count("Rate blind") == 5


def test_lists_take_a_fixed_number_of_queries_whatever_is_hidden(
    client, ratings, reviewer, editor, django_assert_num_queries
):
    client.force_login(editor)
    changelist = reverse("admin:claims_review_changelist")
    factories.make_review_to_rate_blind(author=reviewer)
    with CaptureQueriesContext(connection) as before:
        client.get(changelist)
    for _ in range(4):
        factories.make_review_to_rate_blind(author=reviewer)

    with django_assert_num_queries(len(before)):
        page = client.get(changelist).content.decode()

    assert page.count("hidden until rated blind") == 5


def test_both_ratings_are_listed_once_given(client, review, editor, ratings):
    workflow.rate_blind(review, by=editor, rating=ratings["mixed"])
    workflow.resolve_disagreement(review, by=editor, resolution="A slip.")
    client.force_login(editor)

    assert WORD in client.get(reverse("admin:claims_blindrating_changelist")).content.decode()
    assert "A slip." in client.get(reverse("admin:claims_resolution_changelist")).content.decode()


def test_a_blind_rating_is_asked_for_on_the_page_of_the_claim(client, ratings, reviewer):
    claim = factories.make_claim()
    client.force_login(reviewer)
    page = reverse("admin:claims_claim_change", args=[claim.pk])
    assert 'name="asks_blind_rating"' in client.get(page).content.decode()
    Claim.objects.update(asks_blind_rating=True)
    review = factories.make_review(Claim.objects.get(), author=reviewer)
    workflow.submit(review, by=reviewer)

    assert 'name="asks_blind_rating"' not in client.get(page).content.decode()


def test_a_claim_is_rated_blind_and_settled_through_the_api(client, review, editor):
    client.force_login(editor)
    api = f"/api/v1/reviews/{review.pk}"
    as_json = {"content_type": "application/json"}

    rated = client.post(f"{api}/rate_blind/", {"rating": "mixed"}, **as_json)
    refused = client.post(f"{api}/publish/", {"revision": 1}, **as_json)
    settled = client.post(f"{api}/resolve_disagreement/", {"resolution": "A slip."}, **as_json)
    published = client.post(f"{api}/publish/", {"revision": 1}, **as_json)

    assert WORD not in rated.content.decode()
    assert [rated.status_code, refused.status_code] == [200, 400]
    assert [settled.status_code, published.status_code] == [200, 200]
    assert Review.objects.get(pk=review.pk).status == "published"
