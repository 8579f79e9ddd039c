"""The marks of an article as W3C Web Annotations."""

import pytest
from django.utils import timezone

from claims import workflow
from claims.models import Claim
from sources.models import Link

from . import factories

TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


def asked(client, source, query="", status=200):
    response = client.get(f"/articles/{source.pk}/annotations/{query}")
    assert response.status_code == status
    return response


def items(client, source):
    return asked(client, source).json()["first"]["items"]


def words(annotation):
    return [body["value"] for body in annotation["body"] if "value" in body]


def quote_and_position(annotation):
    quote, position = annotation["target"]["selector"]
    return quote, position


@pytest.fixture
def article(ratings):
    """An article with an emoji before three sentences: one checked, one in review, one hidden."""
    snapshot = factories.make_snapshot("😀 Taxes doubled. Rents fell. A secret plan.")
    checked = factories.make_published_claim("Taxes rose.")
    factories.make_appearance(checked, exact="Taxes doubled.", snapshot=snapshot)
    factories.make_appearance(factories.make_claim(), exact="Rents fell.", snapshot=snapshot)
    hidden = factories.make_claim("HIDDEN", status="new")
    factories.make_appearance(hidden, exact="A secret plan.", snapshot=snapshot)
    return snapshot.source


def test_the_whole_document_is_as_the_model_says(client, ratings):
    captured = timezone.datetime(2026, 9, 1, 9, 58, 7, tzinfo=timezone.get_current_timezone())
    source = factories.make_source("Taxes", url="https://news.example/a")
    snapshot = factories.make_snapshot(
        "😀 The council said taxes doubled. Nobody asked.", source=source, captured_at=captured
    )
    claim = factories.make_published_claim("Taxes rose.", language="en")
    found = factories.make_appearance(claim, exact="taxes doubled", snapshot=snapshot)
    review = claim.reviews.get()
    here = f"http://testserver/articles/{source.pk}/annotations/"

    response = asked(client, source)

    assert response["Content-Type"] == TYPE
    assert response.json() == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": here,
        "type": "AnnotationCollection",
        "label": "Taxes",
        "total": 1,
        "first": {
            "id": f"{here}?page=1",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": [
                {
                    "id": f"{here}#{found.pk}",
                    "type": "Annotation",
                    "motivation": "assessing",
                    "created": review.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "body": [
                        {
                            "type": "TextualBody",
                            "purpose": "assessing",
                            "value": "Mostly true",
                            "format": "text/plain",
                            "language": "en",
                        },
                        {
                            "type": "TextualBody",
                            "purpose": "commenting",
                            "value": "The figures are right, the year is not.",
                            "format": "text/plain",
                            "language": "en",
                        },
                        {
                            "id": f"http://testserver/claims/{claim.pk}/",
                            "type": "Text",
                            "format": "text/html",
                        },
                    ],
                    "target": {
                        "source": "https://news.example/a",
                        "selector": [
                            {
                                "type": "TextQuoteSelector",
                                "exact": "taxes doubled",
                                "prefix": "😀 The council said ",
                                "suffix": ". Nobody asked.",
                            },
                            {"type": "TextPositionSelector", "start": 19, "end": 32},
                        ],
                        "state": {
                            "type": "TimeState",
                            "sourceDate": "2026-09-01T09:58:07Z",
                            "cached": f"http://testserver/sources/{source.pk}/copies/{snapshot.pk}/",
                        },
                    },
                }
            ],
        },
        "last": f"{here}?page=1",
    }


def test_positions_are_code_points_of_the_text_that_the_state_names(client, article):
    text = article.snapshots.get().text

    for annotation in items(client, article):
        quote, position = quote_and_position(annotation)
        assert text[position["start"] : position["end"]] == quote["exact"]
        state = annotation["target"]["state"]
        copy = client.get(state["cached"].removeprefix("http://testserver"))
        assert copy.status_code == 200


def test_only_what_readers_see_is_annotated(client, article):
    response = asked(client, article)

    assert [words(each)[0] for each in response.json()["first"]["items"]] == [
        "Mostly true",
        "In review",
    ]
    assert response.json()["total"] == 2
    assert "HIDDEN" not in response.content.decode()
    assert "A secret plan." not in [
        quote_and_position(each)[0]["exact"] for each in items(client, article)
    ]


def test_a_draft_is_not_told_and_a_withdrawn_verdict_neither(
    client, article, reviewer, editor, ratings
):
    in_review = Claim.objects.get(status="in_review")
    factories.make_review(in_review, author=reviewer, finding="DRAFTED", rating=ratings["false"])
    published = Claim.objects.get(status="published")
    workflow.retract(published.reviews.get(), by=editor, note="We misread the table.")

    assert [words(each) for each in items(client, article)] == [
        ["Verdict withdrawn"],
        ["In review"],
    ]


def test_pages_are_cut_and_named(client, ratings, monkeypatch):
    monkeypatch.setattr("claims.annotations.PAGE_SIZE", 2)
    sentences = [f"Sentence {number} holds." for number in range(5)]
    snapshot = factories.make_snapshot(" ".join(sentences))
    for exact in sentences:
        factories.make_appearance(factories.make_claim(), exact=exact, snapshot=snapshot)

    seen, query = [], "?page=1"
    while query:
        page = asked(client, snapshot.source, query).json()
        assert page["type"] == "AnnotationPage"
        assert page["startIndex"] == len(seen)
        assert page["partOf"]["total"] == 5
        seen += [quote_and_position(each)[0]["exact"] for each in page["items"]]
        query = page["next"].partition("annotations/")[2] if "next" in page else ""

    assert seen == sentences
    assert page["id"] == asked(client, snapshot.source).json()["last"]
    assert page["prev"].endswith("?page=2")


@pytest.mark.parametrize(
    ("page", "status"), [("0", 404), ("2", 404), ("x", 400), ("", 400), ("²", 400)]
)
def test_a_page_that_is_not_there_is_refused(client, article, page, status):
    asked(client, article, f"?page={page}", status=status)


def test_what_the_article_says_now_is_what_is_annotated(client, article):
    old = article.snapshots.get()
    type(old).objects.filter(pk=old.pk).update(final_url=article.url)
    new = factories.make_snapshot(
        "Rents fell. And: Taxes halved.", source=article, final_url=article.url
    )
    Link.objects.update_or_create(source=article, defaults={"current": new})

    (annotation,) = items(client, article)

    quote, position = quote_and_position(annotation)
    assert (quote["exact"], position["start"]) == ("Rents fell.", 0)
    assert annotation["target"]["state"]["cached"].endswith(f"/copies/{new.pk}/")


def test_who_has_the_annotations_is_told_that_they_are_still_so(client, article):
    tag = asked(client, article)["ETag"]
    path = f"/articles/{article.pk}/annotations/"

    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_document_without_visible_claims_has_no_annotations(client, db):
    asked(
        client,
        factories.make_appearance(factories.make_claim(status="new")).snapshot.source,
        status=404,
    )


def test_an_article_names_its_annotations(client, article):
    html = client.get(f"/articles/{article.pk}/").content.decode()

    assert f'href="/articles/{article.pk}/annotations/"' in html
    assert "application/ld+json; profile=&quot;http://www.w3.org/ns/anno.jsonld&quot;" in html


def test_annotations_take_the_same_number_of_queries_whatever_the_claims(
    client, ratings, django_assert_num_queries
):
    def article_of(count):
        sentences = [f"Sentence {number} holds." for number in range(count)]
        snapshot = factories.make_snapshot(" ".join(sentences))
        for exact in sentences:
            claim = factories.make_published_claim(speaker=factories.make_speaker())
            factories.make_appearance(claim, exact=exact, snapshot=snapshot)
        return snapshot.source

    for source, count in ((article_of(2), 2), (article_of(9), 9)):
        with django_assert_num_queries(5):
            assert len(items(client, source)) == count
