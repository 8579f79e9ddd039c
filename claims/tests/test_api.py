"""What programs read at /api/v1/, through HTTP."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import workflow
from claims.models import Claim, Rating, Review

from . import factories

LISTS = ["claims", "reviews", "speakers", "topics", "articles", "sources", "ratings"]


def read(client, address, status=200, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def full_claim(published_claim):
    """A published claim with a speaker and a topic."""
    Claim.objects.update(speaker=factories.make_speaker("Ann"), stated_on="2024-07")
    published_claim.topics.add(factories.make_topic("Budget"))
    published_claim.refresh_from_db()
    return published_claim


def test_the_root_names_every_list(client):
    root = read(client, "/api/v1/")

    assert root == {name: f"http://testserver/api/v1/{name}/" for name in LISTS}


@pytest.mark.parametrize("name", LISTS)
def test_every_list_links_to_rows_that_can_be_read(client, full_claim, name):
    results = read(client, f"/api/v1/{name}/")["results"]

    assert results
    for row in results:
        assert read(client, row["url"])["url"] == row["url"]


def test_a_claim_is_read_with_its_verdict_and_links_to_its_page(client, full_claim):
    claim = read(client, f"/api/v1/claims/{full_claim.pk}/")

    assert claim["page_url"] == f"http://testserver/claims/{full_claim.pk}/"
    assert (claim["text"], claim["status"], claim["stated_on"]) == (
        full_claim.text,
        "published",
        "2024-07",
    )
    assert claim["speaker"]["name"] == "Ann"
    assert [topic["slug"] for topic in claim["topics"]] == ["budget"]
    assert claim["appearances"][0]["exact"] == "taxes doubled"
    review = claim["review"]
    assert (review["rating"]["alternate_name"], review["rating"]["rating_value"]) == (
        "Mostly true",
        4,
    )
    assert (review["author"], review["approver"]) == ("Rita Reviewer", "Eddie Editor")
    assert review["evidence"][0]["stance"] == "supports"
    assert claim["sources_being_read"] == []


def test_what_is_unknown_is_null(client, published_claim):
    claim = read(client, f"/api/v1/claims/{published_claim.pk}/")

    assert (claim["speaker"], claim["stated_on"]) == (None, None)
    assert claim["review"]["as_of"] is None


def test_a_claim_in_review_names_its_sources_and_nothing_of_the_draft(client, ratings, reviewer):
    claim = factories.make_claim(background="SECRET note")
    review = factories.make_review(claim, author=reviewer, finding="SECRET finding")
    source = factories.make_evidence(review, summary="SECRET summary").source

    response = client.get(f"/api/v1/claims/{claim.pk}/")

    assert response.json()["review"] is None
    assert response.json()["sources_being_read"] == [
        f"http://testserver/api/v1/sources/{source.pk}/"
    ]
    assert "SECRET" not in response.content.decode()


@pytest.mark.parametrize("status", ["new", "declined"])
def test_a_claim_that_is_not_public_is_not_there(client, db, status):
    claim = factories.make_claim(status=status, speaker=factories.make_speaker())
    factories.make_appearance(claim)

    read(client, f"/api/v1/claims/{claim.pk}/", status=404)

    for name in ("claims", "speakers", "articles", "sources"):
        assert read(client, f"/api/v1/{name}/")["results"] == []


def test_a_draft_is_not_among_the_reviews(client, ratings, reviewer):
    review = factories.make_review(author=reviewer)

    assert read(client, "/api/v1/reviews/")["results"] == []
    read(client, f"/api/v1/reviews/{review.pk}/", status=404)


def test_a_new_version_is_not_among_the_reviews_before_it_is_published(
    client, published_claim, reviewer
):
    draft = workflow.revise(published_claim, by=reviewer, kind="update", note="New data.")

    assert [row["number"] for row in read(client, "/api/v1/reviews/")["results"]] == [1]
    assert read(client, f"/api/v1/claims/{published_claim.pk}/")["review"]["number"] == 1
    read(client, f"/api/v1/reviews/{draft.pk}/", status=404)


def test_a_withdrawn_verdict_is_not_among_the_reviews(client, published_claim, editor):
    workflow.retract(published_claim.reviews.get(), by=editor, note="We misread the table.")

    assert read(client, "/api/v1/reviews/")["results"] == []
    assert read(client, f"/api/v1/claims/{published_claim.pk}/")["review"] is None


def test_an_article_is_read_with_its_text_and_where_each_claim_stands(client, published_claim):
    appearance = published_claim.appearances.get()

    article = read(client, f"/api/v1/articles/{appearance.snapshot.source_id}/")

    assert article["text"] == appearance.snapshot.text
    assert article["sha256"] == appearance.snapshot.sha256
    (annotation,) = article["annotations"]
    assert article["text"][annotation["start"] : annotation["end"]] == annotation["exact"]
    assert annotation["claim"].endswith(f"/claims/{published_claim.pk}/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=published", 1),
        ("status=in_review", 1),
        ("status=in_review&status=published", 2),
        ("rating=mostly-true", 1),
        ("rating=false", 0),
        ("speaker=ann", 2),
        ("topic=budget", 1),
        ("limit=1", 1),
    ],
)
def test_claims_are_narrowed(client, full_claim, query, found):
    factories.make_claim(speaker=full_claim.speaker)

    assert len(read(client, f"/api/v1/claims/?{query}")["results"]) == found


def test_pages_follow_each_other_to_the_end_and_back(client, db):
    claims = [factories.make_claim().pk for _ in range(5)]

    first = read(client, "/api/v1/claims/?limit=2")
    second = read(client, first["next"])
    third = read(client, second["next"])

    assert first["previous"] is None
    assert third["next"] is None
    assert [row["id"] for page in (first, second, third) for row in page["results"]] == claims[::-1]
    assert read(client, third["previous"])["results"] == second["results"]


@pytest.mark.parametrize(
    ("address", "field", "code"),
    [
        ("claims/?rating=great", "rating", "invalid_choice"),
        ("claims/?status=new", "status", "invalid_choice"),
        ("claims/?speaker=nobody", "speaker", "invalid_choice"),
        ("claims/?topic=%00", "topic", "invalid_choice"),
        ("claims/?colour=red", "colour", "unknown_parameter"),
        ("speakers/?kind=robot", "kind", "invalid_choice"),
        ("claims/?limit=0", "limit", "invalid_limit"),
        ("claims/?limit=101", "limit", "invalid_limit"),
        ("claims/?limit=٣", "limit", "invalid_limit"),
        ("claims/?limit=1e1", "limit", "invalid_limit"),
        ("claims/?cursor=nonsense", "cursor", "invalid_cursor"),
        ("claims/?cursor=", "cursor", "invalid_cursor"),
        ("ratings/?cursor=%FF%FE", "cursor", "invalid_cursor"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused_by_name(client, ratings, address, field, code):
    response = client.get(f"/api/v1/{address}")

    problem = response.json()
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert problem["status"] == 400
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert problem["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "claims/999/",
        "claims/0/",
        "claims/99999999999999999999999/",
        "claims/x/",
        "speakers/nobody/",
        "speakers/%00/",
        "topics/" + "x" * 300 + "/",
        "reviews/-1/",
        "nowhere/",
        "claims/1/nowhere/",
    ],
)
def test_what_is_not_there_is_a_problem_with_a_code(client, db, address):
    response = client.get(f"/api/v1/{address}")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "headers", "status", "code"),
    [
        ("post", {}, 405, "method_not_allowed"),
        ("get", {"accept": "text/html"}, 406, "not_acceptable"),
    ],
)
def test_what_the_api_cannot_do_is_a_problem_with_a_code(client, db, method, headers, status, code):
    response = getattr(client, method)("/api/v1/claims/", headers=headers)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


def fill_every_list(number):
    for _ in range(number):
        claim = factories.make_published_claim(
            speaker=factories.make_speaker(), topics=[factories.make_topic()]
        )
        evidence = factories.make_evidence(
            factories.make_review(author=factories.make_person(role="reviewer"))
        )
        factories.make_public_copy(evidence.source)
        slug = f"r{claim.pk}"
        Rating.objects.create(slug=slug, alternate_name=slug, position=9, mark="none")


def asked_by(client, name):
    """Return how many rows a list shows, and what it asks of the database."""
    with CaptureQueriesContext(connection) as queries:
        shown = read(client, f"/api/v1/{name}/?limit=100")["results"]
    return len(shown), [query["sql"] for query in queries]


@pytest.fixture(scope="module")
def asked_by_lists(django_db_setup, django_db_blocker):
    """What each list asks with one row of every kind, and with eleven: filling takes long."""
    client = Client()
    with django_db_blocker.unblock(), transaction.atomic():
        fill_every_list(1)
        few = {name: asked_by(client, name) for name in LISTS}
        fill_every_list(10)
        many = {name: asked_by(client, name) for name in LISTS}
        transaction.set_rollback(True)
    return few, many


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_the_same_number_of_queries_whatever_its_length(asked_by_lists, name):
    (_, few), (shown, many) = (asked[name] for asked in asked_by_lists)

    assert shown > 5
    assert len(few) == len(many), "\n".join(many)


def test_a_source_has_the_address_of_its_public_copy_or_null(client, full_claim):
    source = full_claim.reviews.get().evidence.get().source
    address = f"/api/v1/sources/{source.pk}/"
    factories.make_public_copy(source, state="failed", reason="No.")
    assert read(client, address)["public_copy"] is None

    copy = factories.make_public_copy(source)

    assert read(client, address)["public_copy"] == copy.url
    listed = read(client, "/api/v1/sources/")["results"]
    assert copy.url in [row["public_copy"] for row in listed]


def test_the_schema_describes_every_list_and_its_problems(client, db):
    response = client.get(
        reverse("v1:schema"), headers={"accept": "application/vnd.oai.openapi+json"}
    )

    schema = response.json()
    assert schema["openapi"].startswith("3.1")
    for name in LISTS:
        operation = schema["paths"][f"/api/v1/{name}/"]["get"]
        assert "application/problem+json" in operation["responses"]["400"]["content"]


def test_the_page_of_the_api_may_style_itself_but_not_call_elsewhere(client, db):
    response = client.get(reverse("v1:docs"))

    policy = response["Content-Security-Policy"]
    assert response.status_code == 200
    assert "script-src 'self';" in policy + ";"
    assert "connect-src 'self'" in policy


def test_published_reviews_are_the_ones_that_stand(client, published_claim):
    (review,) = read(client, "/api/v1/reviews/")["results"]

    assert review["id"] == Review.objects.published().get().pk
    assert review["claim"].endswith(f"/api/v1/claims/{published_claim.pk}/")
