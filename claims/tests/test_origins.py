"""How many sources there are, and how many origins: what reprints another counts once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import workflow
from claims.models import Claim
from claims.origins import DEEPEST, origins

from .factories import (
    make_draft,
    make_evidence,
    make_publisher,
    make_review,
    make_source,
)

pytestmark = pytest.mark.django_db


def make_papers(count, **fields):
    """Documents of as many different publishers."""
    return [make_source(publisher=make_publisher(), **fields) for _ in range(count)]


def make_syndicated(count):
    """Papers that belong to one agency, and what the agency wrote itself."""
    agency = make_publisher()
    papers = [
        make_source(publisher=make_publisher(part_of=agency), title="Wire") for _ in range(count)
    ]
    return [make_source(publisher=agency), *papers]


def make_chain(length):
    source = make_source(publisher=make_publisher())
    for _ in range(length):
        source = make_source(publisher=make_publisher(), based_on=source)
    return source


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_four_papers_that_reprint_one_wire_story_are_one_origin_with_it():
    wire = make_source("Wire", publisher=make_publisher("Agency"))
    reprints = make_papers(4, based_on=wire)

    assert len(origins([wire, *reprints])) == 1
    assert len(origins(reprints)) == 1
    assert len(origins([wire, *reprints, *make_papers(1)])) == 2


def test_papers_of_one_agency_are_one_origin():
    assert len(origins(make_syndicated(4))) == 1
    assert len(origins([*make_syndicated(4), *make_papers(1)])) == 2


def test_documents_of_nobody_are_each_an_origin_of_their_own():
    assert len(origins([make_source(), make_source()])) == 2
    assert origins([]) == set()


def test_a_circle_is_one_origin_from_wherever_it_is_entered():
    one = make_source()
    other = make_source(based_on=one)
    one.based_on = other
    one.save()

    assert len(origins([one, other, make_source(based_on=other)])) == 1


def test_origins_take_the_same_queries_for_few_sources_and_for_many():
    def count(number):
        wire = make_chain(2)
        sources = [*make_papers(number, based_on=wire), *make_syndicated(number)]
        with CaptureQueriesContext(connection) as asked:
            assert len(origins(sources)) == 2
        return len(asked)

    assert count(1) == count(12)


def test_a_chain_is_followed_so_far_and_no_further():
    with CaptureQueriesContext(connection) as asked:
        assert len(origins([make_chain(DEEPEST - 1)])) == 1
    long = make_chain(2 * DEEPEST)
    with CaptureQueriesContext(connection) as asked:
        assert len(origins([long])) == 1

    assert len(asked) == DEEPEST + 1


def published_with(sources, reviewer, editor):
    review = make_review(author=reviewer)
    for source in sources:
        make_evidence(review, source=source)
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)
    return Claim.objects.get(pk=review.claim_id)


def test_readers_are_told_of_how_many_origins_the_sources_are(client, ratings, reviewer, editor):
    wire = make_source("The wire’s story", publisher=make_publisher(), language="fr")
    sources = [wire, *make_papers(2, based_on=wire), make_source()]
    claim = published_with(sources, reviewer, editor)

    response = client.get(claim.get_absolute_url())

    assert "4 sources of 2 independent origins. Sources that reprint" in words(response)
    based_on = f'Based on <a href="{wire.get_absolute_url()}" lang="fr">The wire’s story</a>'
    assert response.content.decode().count(based_on) == 2


def test_sources_that_are_all_independent_need_no_count(client, ratings, reviewer, editor):
    claim = published_with([make_source(), make_source()], reviewer, editor)

    assert "independent origin" not in words(client.get(claim.get_absolute_url()))


def test_a_document_that_stands_twice_in_a_verdict_is_one_source(client, ratings, reviewer, editor):
    claim = published_with([source := make_source(), source], reviewer, editor)

    assert "independent origin" not in words(client.get(claim.get_absolute_url()))


def test_sources_being_read_tell_their_origins_too(client, reviewer):
    wire = make_source(publisher=make_publisher())
    review = make_draft(author=reviewer)
    for source in [wire, *make_papers(1, based_on=wire)]:
        make_evidence(review, source=source)

    html = words(client.get(review.claim.get_absolute_url()))

    assert "2 sources of one origin." in html
    assert f"Based on {wire.title}" in html


def test_readers_can_open_what_a_source_is_based_on(client, ratings, reviewer, editor):
    wire = make_source("Wire")
    published_with(make_papers(1, based_on=wire), reviewer, editor)

    assert client.get(wire.get_absolute_url()).status_code == 200
    assert client.get(f"/api/v1/sources/{wire.pk}/").status_code == 200
    assert client.get(make_source().get_absolute_url()).status_code == 404


def test_a_claim_page_takes_the_same_queries_for_few_reprints_and_for_many(
    client, ratings, reviewer, editor, django_assert_num_queries
):
    def page_with(count):
        sources = [*make_papers(count, based_on=make_chain(1)), *make_syndicated(count)]
        return published_with(sources, reviewer, editor).get_absolute_url()

    few, many = page_with(1), page_with(12)
    for address in (few, many):
        client.get(address)  # which claims are related is found once a day

    with CaptureQueriesContext(connection) as asked:
        client.get(few)
    with django_assert_num_queries(len(asked)):
        client.get(many)
