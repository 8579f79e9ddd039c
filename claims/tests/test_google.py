"""Google’s Fact Check Tools API: what its own client, unmodified, reads from us."""

import json

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from claims import workflow
from claims.api.field_mask import InvalidMask, masked, parse
from claims.models import Review
from claims.search import index

from . import factories

SEARCH = "/v1alpha1/claims:search"


@pytest.fixture
def service(live_server):
    with build(
        "factchecktools",
        "v1alpha1",
        developerKey="a-key",
        client_options={"api_endpoint": live_server.url},
        static_discovery=True,
    ) as service:
        yield service


@pytest.fixture
def claims(db):
    """Three verdicts about taxes, of them one in French, and claims that nobody may read."""
    factories.make_ratings()
    english = factories.make_published_claim(
        "Taxes doubled in two years.",
        speaker=factories.make_speaker("Ada Costa", same_as="https://www.wikidata.org/wiki/Q1"),
        stated_on="2024-07-02",
    )
    older = factories.make_published_claim("Taxes fell by half.", stated_on="2024-07")
    french = factories.make_published_claim("Taxes have tripled.", language="fr-CA")
    factories.make_claim("SECRET taxes.", status="new")
    factories.make_claim("SECRET taxes in review.")
    Review.objects.filter(claim=older).update(published_at="2020-01-02T03:04:05Z")
    type(older).objects.filter(pk=older.pk).update(listed_at="2020-01-02T03:04:05Z")
    index.rebuild()
    return {"english": english, "older": older, "french": french}


def texts(answer):
    return {claim["text"] for claim in answer.get("claims", [])}


def test_googles_client_reads_a_claim_as_it_reads_google(service, claims, live_server, settings):
    settings.SITE_URL = "https://www.facts.example"
    claim = claims["english"]
    review = claim.reviews.get()

    answer = service.claims().search(query="two years", languageCode="en-US").execute()

    assert answer == {
        "claims": [
            {
                "text": "Taxes doubled in two years.",
                "claimant": "Ada Costa",
                "claimDate": "2024-07-02T00:00:00Z",
                "claimReview": [
                    {
                        "publisher": {"name": "Claims Tracker", "site": "facts.example"},
                        "url": f"https://www.facts.example/claims/{claim.pk}/",
                        "title": review.finding,
                        "reviewDate": review.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                        "textualRating": "Mostly true",
                        "languageCode": "en",
                    }
                ],
            }
        ]
    }


def test_googles_client_pages_to_the_end(service, claims):
    request = service.claims().search(query="taxes", pageSize=1)
    found = []
    while request is not None:
        answer = request.execute()
        found += texts(answer)
        request = service.claims().search_next(request, answer)

    assert len(found) == len(set(found)) == 3


def test_what_is_not_published_is_not_found(service, claims):
    answer = service.claims().search(query="taxes").execute()

    assert texts(answer) == {claim.text for claim in claims.values()}
    assert "SECRET" not in json.dumps(answer)
    assert service.claims().search(query="secret").execute() == {}


def test_a_withdrawn_verdict_is_gone(service, claims):
    claim = claims["english"]
    editor = factories.make_person(role="editor")
    workflow.retract(claim.reviews.get(), by=editor, note="We misread it.")

    assert service.claims().search(query="two years").execute() == {}


def test_a_search_is_narrowed_as_google_narrows_it(service, claims):
    search = service.claims().search

    assert texts(search(query="taxes", languageCode="fr").execute()) == {"Taxes have tripled."}
    assert claims["older"].text not in texts(search(query="taxes", maxAgeDays=30).execute())
    ours, other = "localhost", "nytimes.com"
    assert len(texts(search(reviewPublisherSiteFilter=ours).execute())) == 3
    assert search(query="taxes", reviewPublisherSiteFilter=other).execute() == {}
    assert len(texts(search(query="taxes", offset=2).execute())) == 1
    assert search(query="taxes", offset=50).execute() == {}
    assert search(query="taxes", offset=2_000_000).execute() == {}


def test_a_claim_dated_to_the_month_has_no_day(service, claims):
    (claim,) = service.claims().search(query="half").execute()["claims"]

    assert "claimDate" not in claim


def test_what_google_has_no_field_for_is_told_on_request_only(client, claims):
    plain, more = (
        client.get(f"{SEARCH}?query=two+years{extra}").json()["claims"][0]["claimReview"][0]
        for extra in ("", "&extras=true")
    )

    assert set(more) - set(plain) >= {"reviewBody", "ratingValue", "citations"}
    assert (more["ratingValue"], more["worstRating"], more["bestRating"]) == (4, 1, 5)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Give a query, or a reviewPublisherSiteFilter."),
        ("query=%20", "Give a query, or a reviewPublisherSiteFilter."),
        ("query=!!", "The query holds no letter and no digit."),
        ("query=a&query=b", "Give query once."),
        ("query=taxes&colour=red", "There is no parameter 'colour' here."),
        ("query=taxes&pageSize=x", "pageSize is a whole number from 0 to 2147483647."),
        ("query=taxes&pageSize=-1", "pageSize is a whole number from 0 to 2147483647."),
        ("query=taxes&offset=99999999999", "offset is a whole number from 0 to 2147483647."),
        ("query=taxes&pageToken=x", "pageToken is not one of ours: begin at the first page."),
        ("query=taxes&pageToken=WzEsMl0", "With a pageToken all other fields stay as they were."),
        ("query=taxes&languageCode=!", "languageCode is a language tag, such as en-US."),
        ("query=taxes&alt=proto", "Only alt=json is answered here."),
        ("query=taxes&callback=f", "No script is answered here: ask for JSON, from any site."),
        ("query=taxes&fields=claims(", "fields is a list of names"),
        (f"query={'a' * 1001}", "Search for at most 1000 characters"),
    ],
)
def test_bad_questions_are_refused_in_googles_form(client, db, query, sentence):
    answer = client.get(f"{SEARCH}?{query}")

    assert answer.status_code == 400
    told = answer.json()["error"]
    assert (told["code"], told["status"]) == (400, "INVALID_ARGUMENT")
    assert told["message"].startswith(sentence)


def test_googles_client_understands_our_refusals(service, claims):
    with pytest.raises(HttpError, match="Give a query") as refused:
        service.claims().search().execute()
    assert refused.value.resp.status == 400
    with pytest.raises(HttpError, match="There is no such method here"):
        service.claims().imageSearch(imageUri="https://facts.example/a.png").execute()
    with pytest.raises(HttpError, match="This site is only read"):
        service.pages().delete(name="pages/1").execute()


def test_a_token_is_for_the_same_question(client, claims):
    token = client.get(f"{SEARCH}?query=taxes&pageSize=1").json()["nextPageToken"]

    other = client.get(f"{SEARCH}?query=two+years&pageSize=1&pageToken={token}")

    assert (
        other.json()["error"]["message"] == "With a pageToken all other fields stay as they were."
    )


def test_pages_tell_the_markup_of_each(service, claims, live_server):
    claim = claims["english"]
    url = f"{live_server.url}/claims/{claim.pk}/"

    (page,) = service.pages().list(url=url).execute()["claimReviewMarkupPages"]

    assert page["name"] == f"pages/{claim.pk}"
    assert page == service.pages().get(name=page["name"]).execute()
    (markup,) = page["claimReviewMarkups"]
    assert markup["url"] == page["pageUrl"] == url
    assert markup["claimDate"] == "2024-07-02"
    assert markup["claimAuthor"] == {
        "name": "Ada Costa",
        "sameAs": "https://www.wikidata.org/wiki/Q1",
    }
    assert markup["rating"]["ratingValue"] == 4
    assert page["versionId"] == "1"


def test_pages_of_our_site_are_listed_to_the_end(service, claims):
    request, found = service.pages().list(organization="localhost", pageSize=2), []
    while request is not None:
        answer = request.execute()
        found += [page["name"] for page in answer["claimReviewMarkupPages"]]
        request = service.pages().list_next(request, answer)

    assert found == [
        f"pages/{key}" for key in sorted((c.pk for c in claims.values()), reverse=True)
    ]
    assert service.pages().list(organization="nytimes.com").execute() == {}


@pytest.mark.parametrize("url", ["https://other.example/claims/1/", "x", "http://[", "/claims/0/"])
def test_a_page_that_is_not_ours_is_none(client, db, url):
    assert client.get("/v1alpha1/pages", {"url": url}).json() == {}


def test_a_page_that_does_not_exist_is_not_found(client, claims):
    answer = client.get("/v1alpha1/pages/999")

    assert answer.status_code == 404
    assert answer.json()["error"]["status"] == "NOT_FOUND"


def test_pages_are_asked_for_by_one_of_two(client, db):
    for query in ("", "?url=x&organization=y"):
        told = client.get(f"/v1alpha1/pages{query}").json()["error"]
        assert told["message"] == "Give either url or organization."


def test_any_site_may_read_it(client, claims):
    answer = client.get(f"{SEARCH}?query=taxes&prettyPrint=false&key=x&quotaUser=y")

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert b"\n" not in answer.content
    assert b"\n" in client.get(f"{SEARCH}?query=taxes").content


@pytest.mark.parametrize("extra", ["", "&extras=true"])
def test_a_search_takes_the_same_queries_whatever_it_finds(
    client, claims, django_assert_num_queries, extra, django_assert_max_num_queries
):
    with django_assert_max_num_queries(15):
        client.get(f"{SEARCH}?query=taxes{extra}")


def test_fields_cut_an_answer_down(client, claims):
    answer = client.get(f"{SEARCH}?query=two+years&fields=claims(text,claimReview/publisher/site)")

    assert answer.json() == {
        "claims": [
            {
                "text": "Taxes doubled in two years.",
                "claimReview": [{"publisher": {"site": "testserver"}}],
            }
        ]
    }


DOCUMENT = {"a": [{"b": 1, "c": {"d": 2, "e": 3}}], "f": 4}


@pytest.mark.parametrize(
    ("mask", "left"),
    [
        ("f", {"f": 4}),
        ("a/b", {"a": [{"b": 1}]}),
        ("a(b,c/d),f", {"a": [{"b": 1, "c": {"d": 2}}], "f": 4}),
        ("a(c(e))", {"a": [{"c": {"e": 3}}]}),
        ("a/*/d", {"a": [{"b": 1, "c": {"d": 2}}]}),
        ("*", DOCUMENT),
        ("x", {}),
    ],
)
def test_a_mask_keeps_what_it_names(mask, left):
    assert masked(DOCUMENT, parse(mask)) == left


@pytest.mark.parametrize("mask", ["(", ")", "a(", "a)", "a(b", "a,", ",", "a;b", "é", "a(" * 50])
def test_what_is_no_mask_is_refused(mask):
    with pytest.raises(InvalidMask):
        parse(mask)
