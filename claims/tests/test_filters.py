import pytest
from django.http import QueryDict

from claims.filters import ClaimFilter, SourceFilter, SpeakerFilter
from claims.models import Claim, Speaker
from sources.models import Source

from .factories import (
    make_claim,
    make_published_claim,
    make_source,
    make_speaker,
    make_topic,
)

pytestmark = pytest.mark.django_db


def narrow(query):
    return ClaimFilter(QueryDict(query), queryset=Claim.objects.visible())


def found(query):
    filters = narrow(query)
    assert filters.is_valid(), filters.errors
    claims = Claim.objects.visible()
    rows = filters.find(size=100).rows(claims) if filters.is_search else filters.qs
    texts = [claim.text for claim in rows]
    assert len(texts) == len(set(texts))
    return set(texts)


@pytest.fixture
def claims(ratings):
    """Claims that differ in what they can be narrowed by."""
    housing, buses = make_topic("Housing"), make_topic("Buses")
    ada, ben = make_speaker("Ada"), make_speaker("Ben")
    make_claim("waiting", speaker=ada, topics=[housing, buses])
    make_published_claim("right", rating="true", speaker=ben, topics=[housing])
    make_published_claim("wrong", rating="false", speaker=ada, topics=[buses])
    make_claim("withdrawn", status="retracted", speaker=ben)
    make_claim("hidden", status="new", speaker=ada, topics=[housing])


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("", {"waiting", "right", "wrong", "withdrawn"}),
        ("status=in_review", {"waiting"}),
        ("status=in_review&status=published", {"waiting", "right", "wrong"}),
        ("status=published&status=published", {"right", "wrong"}),
        (
            "status=in_review&status=published&status=retracted",
            {"waiting", "right", "wrong", "withdrawn"},
        ),
        ("rating=true", {"right"}),
        ("rating=true&rating=false", {"right", "wrong"}),
        ("rating=mixed", set()),
        ("speaker=ada", {"waiting", "wrong"}),
        ("speaker=ada&speaker=ben", {"waiting", "right", "wrong", "withdrawn"}),
        ("topic=housing", {"waiting", "right"}),
        ("topic=housing&topic=buses", {"waiting", "right", "wrong"}),
        ("topic=buses&speaker=ada&status=published&rating=false", {"wrong"}),
        ("topic=buses&speaker=ben", set()),
    ],
)
def test_values_of_one_filter_widen_and_filters_narrow(claims, query, texts):
    assert found(query) == texts


def test_a_draft_rating_is_not_found(claims, reviewer, ratings):
    claim = Claim.objects.get(text="waiting")
    claim.reviews.create(number=1, author=reviewer, rating=ratings["mixed"])

    assert found("rating=mixed") == set()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=new", "There is no status “new”. Choose one from the list."),
        ("rating=half-true", "There is no “half-true”. Choose one from the list."),
        ("speaker=carl", "There is no “carl”. Choose one from the list."),
        ("speaker=ada&speaker=carl", "There is no “carl”. Choose one from the list."),
        ("topic=%00", "There is no “”. Choose one from the list."),
        ("topic=a%27%20or%201=1", "There is no “a' or 1=1”. Choose one from the list."),
        ("topic=" + "x" * 300, f"There is no “{'x' * 59}…”. Choose one from the list."),
        (
            "&".join(f"rating=r{place}" for place in range(51)),
            "Choose at most 50 values of one filter.",
        ),
    ],
)
def test_an_unknown_value_is_refused_by_name(claims, query, sentence):
    filters = narrow(query)

    assert not filters.is_valid()
    assert [str(error) for errors in filters.errors.values() for error in errors] == [sentence]


@pytest.mark.parametrize("topic", ["secret", "secret-too"])
def test_a_topic_of_hidden_claims_alone_is_as_unknown_as_none(claims, topic):
    make_claim(status="declined", topics=[make_topic("Secret")])

    filters = narrow(f"topic={topic}")

    assert filters.errors["topic"] == [f"There is no “{topic}”. Choose one from the list."]


def test_speakers_and_sources_are_narrowed_by_kind():
    make_speaker("Ada")
    make_speaker("Council", kind="organization")
    make_source("A law", kind="law")
    make_source("A post", kind="post")

    speakers = SpeakerFilter(QueryDict("kind=organization"), queryset=Speaker.objects.all())
    sources = SourceFilter(QueryDict("kind=law"), queryset=Source.objects.all())

    assert [speaker.name for speaker in speakers.qs] == ["Council"]
    assert [source.title for source in sources.qs] == ["A law"]
