"""Searching as a reader and as a program."""

import io
import json
import re

import pytest
from django.core.management import call_command

from claims.models import Claim

from .factories import (
    make_appearance,
    make_claim,
    make_published_claim,
    make_snapshot,
    make_source,
    make_speaker,
    make_topic,
)

pytestmark = pytest.mark.django_db


def read(client, **query):
    response = client.get("/claims/", query)
    return response.status_code, " ".join(response.content.decode().split())


def texts(page):
    """The sentences of the claims on a page, their marks taken off."""
    found = re.findall(r'<h3><a href="/claims/\d+/" lang="[^"]*">(.*?)</a></h3>', page)
    return [re.sub("<[^>]+>", "", text).strip() for text in found]


def test_a_reader_finds_claims_best_first_with_the_words_marked(client):
    make_claim("Taxes rose, and then nothing else happened in the town for many years.")
    make_claim("Taxes on taxes rose.")

    status, page = read(client, q="tax")

    assert status == 200
    assert texts(page) == [
        "Taxes on taxes rose.",
        "Taxes rose, and then nothing else happened in the town for many years.",
    ]
    assert '<mark class="hit">Taxes</mark> on <mark class="hit">taxes</mark> rose.' in page
    assert "Claims about “tax”" in page
    assert "<b>2 claims</b> match." in page
    assert 'value="tax"' in page


def test_words_that_a_list_does_not_show_are_shown_in_a_snippet(client):
    snapshot = make_snapshot("It is said that the herons left. Then it rained, they said.")
    claim = make_claim("Birds left the lake.")
    make_appearance(claim, snapshot=snapshot, exact="the herons left")

    page = read(client, q="heron")[1]

    assert 'the <mark class="hit">herons</mark> left' in page


def test_what_a_reader_typed_and_what_a_claim_says_is_never_markup(client):
    make_claim("The <b>tax</b> & rent rose.")

    page = read(client, q='tax "><script>alert(1)</script>')[1]
    found = read(client, q="tax")[1]

    assert "<script>alert" not in page
    assert "&lt;b&gt;" in found
    assert "<b>tax" not in found


def test_a_search_is_narrowed_ordered_and_paged(client, ratings):
    ada, ships = make_speaker("Ada"), make_topic("Ships")
    for number in range(30):
        make_claim(f"Taxes rose {'and taxes fell' if number == 3 else number}.", speaker=ada)
    make_claim("Taxes stayed.", topics=[ships], stated_on="2024-05", language="fr")
    make_published_claim("Taxes vanished.")

    newest = texts(read(client, q="taxes", order="newest")[1])
    best = texts(read(client, q="taxes")[1])
    of_ada = read(client, q="taxes", speaker="ada")[1]
    older = re.search(r'href="(/claims/\?[^"]*cursor=[^"]*)" rel="next"', of_ada)[1]
    second = client.get(older.replace("&amp;", "&")).content.decode()

    assert newest[:2] == ["Taxes vanished.", "Taxes stayed."]
    assert best[0] == "Taxes rose and taxes fell."
    assert "<b>30 claims</b> match." in of_ada
    assert len(texts(of_ada)) == 25
    assert len(texts(" ".join(second.split()))) == 5
    assert texts(read(client, q="taxes", topic="ships")[1]) == ["Taxes stayed."]
    assert texts(read(client, q="taxes", year="2024")[1]) == ["Taxes stayed."]
    assert texts(read(client, q="taxes", language="fr")[1]) == ["Taxes stayed."]
    assert texts(read(client, language="fr")[1]) == ["Taxes stayed."]
    assert texts(read(client, q="taxes", status="published")[1]) == ["Taxes vanished."]
    assert 'name="year" value="2024"' in read(client, q="taxes")[1]


def test_a_mistyped_word_finds_what_is_near_and_says_so(client):
    make_claim("Zeppelins landed.")

    page = read(client, q="zepelins")[1]

    assert texts(page) == ["Zeppelins landed."]
    assert "differ by a letter or two" in page


def test_a_search_without_hits_says_what_that_means(client, ratings):
    make_claim("Taxes rose.", speaker=make_speaker("Ada"))

    page = read(client, q="zeppelin", speaker="ada")[1]

    assert "We have no claim that matches" in page
    assert "does not mean a claim is true or false" in page
    assert 'href="/claims/?q=zeppelin"' in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": "a" * 1001}, "at most 1000 characters"),
        ({"q": "tax " * 33}, "at most 32 words"),
        ({"q": "tax", "order": "best"}, "There is no order “best”."),
        ({"q": "tax", "year": "12"}, "“12” is no year"),
        ({"q": "tax", "language": "e n"}, "“e n” is no language tag"),
        ({"year": ["2000"] * 51}, "at most 50 values"),
        ({"q": "tax", "cursor": "x"}, "Start again from its first page"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_words(client, query, sentence):
    status, page = read(client, **query)

    assert status == 400
    assert sentence in page


@pytest.mark.parametrize(
    "words",
    ["\0", '"', "'; drop table", "a" * 1000, "*", "-", "\u202etax", "NEAR(a b)", "{head}:a"],
)
def test_no_words_break_the_page_or_the_api(client, words):
    assert read(client, q=words)[0] == 200
    assert client.get("/api/v1/claims/", {"q": words}).status_code == 200


def test_a_lone_surrogate_and_an_empty_query_are_no_search(client):
    make_claim("Taxes rose.")

    assert client.get("/claims/?q=%ED%A0%80").status_code == 200
    assert texts(read(client, q="  ")[1]) == ["Taxes rose."]
    assert texts(read(client, q="(")[1]) == []


def test_programs_search_like_readers(client):
    hidden = make_claim("Taxes rose in secret.", status=Claim.Status.NEW)
    for number in range(3):
        make_claim(f"Taxes rose {number} times.")

    answer = client.get("/api/v1/claims/", {"q": "taxes", "limit": 2, "order": "newest"}).json()
    following = client.get(answer["next"]).json()

    found = [row["text"] for row in answer["results"] + following["results"]]
    assert found == ["Taxes rose 2 times.", "Taxes rose 1 times.", "Taxes rose 0 times."]
    assert answer["found"] == {"count": 3, "has_more": False, "is_corrected": False}
    assert following["next"] is None
    assert hidden.text not in found
    assert "found" not in client.get("/api/v1/claims/").json()


def test_the_api_refuses_a_query_that_is_too_long(client):
    answer = client.get("/api/v1/claims/", {"q": "a" * 1001})

    assert answer.status_code == 400
    assert "1000 characters" in json.dumps(answer.json())


def test_a_search_page_takes_as_many_queries_whatever_it_finds(
    client, ratings, django_assert_max_num_queries
):
    make_claim("Taxes rose.", speaker=make_speaker(), topics=[make_topic()])
    with django_assert_max_num_queries(13):
        read(client, q="taxes")
    for number in range(40):
        make_claim(f"Taxes {number}.", speaker=make_speaker(), topics=[make_topic()])
    with django_assert_max_num_queries(13):
        read(client, q="taxes")


def test_the_command_answers_queries_and_a_file_of_them(tmp_path, capsys):
    claim = make_claim("Taxes rose.")
    file = tmp_path / "queries.txt"
    file.write_text(f"taxes\n{'a' * 1001}\n")

    with pytest.raises(SystemExit, match="1"):
        call_command("search", "rose", "--from", str(file), "--json")
    rose, taxes, refused = map(json.loads, capsys.readouterr().out.splitlines())
    call_command("search", "rose")
    told = capsys.readouterr().out

    assert rose["results"] == [
        {
            "claim": claim.pk,
            "score": rose["results"][0]["score"],
            "text": "Taxes rose.",
            "path": f"/claims/{claim.pk}/",
        }
    ]
    assert (taxes["query"], taxes["count"], taxes["has_more"]) == ("taxes", 1, False)
    assert "1000 characters" in refused["refused"]
    assert f"#{claim.pk}  Taxes rose." in told
    assert ": 0 found" in told_of("…")


def told_of(query):
    out = io.StringIO()
    call_command("search", query, stdout=out)
    return out.getvalue()


def suggested(client, typed):
    return client.get("/claims/suggestions/", {"q": typed}).json()


def test_while_a_reader_types_claims_speakers_and_topics_are_suggested(client):
    speaker, topic = make_speaker("Ada Hospice"), make_topic("Hospitals")
    make_claim("Hospitals closed.", speaker=speaker, topics=[topic])
    make_claim("Rents rose.", speaker=make_speaker("Ida"), topics=[make_topic("Rents")])

    assert suggested(client, "hospi") == {
        "speakers": ["Ada Hospice"],
        "topics": ["Hospitals"],
        "claims": ["Hospitals closed."],
    }
    assert suggested(client, "hospitals clo")["claims"] == ["Hospitals closed."]
    assert suggested(client, "ada ho")["speakers"] == ["Ada Hospice"]


def test_nothing_unpublished_is_suggested(client):
    make_claim(
        "Zeppelins landed.",
        status=Claim.Status.NEW,
        speaker=make_speaker("Zeno"),
        topics=[make_topic("Zeppelins")],
    )

    nothing = {"speakers": [], "topics": [], "claims": []}
    assert suggested(client, "zeppelins") == suggested(client, "zen") == nothing


def test_too_little_and_too_much_typed_is_answered(client):
    make_claim("Taxes rose.")
    make_claim("水", language="zh")

    assert suggested(client, "t")["claims"] == suggested(client, "")["claims"] == []
    assert suggested(client, "水")["claims"] == ["水"]
    assert client.get("/claims/suggestions/", {"q": "a" * 1001}).status_code == 400


def test_reviewers_find_every_claim_by_its_words_and_by_what_they_type(client, reviewer):
    client.force_login(reviewer)
    public = make_claim("Hospitals closed.")
    hidden = make_claim("The hospital burned.", status=Claim.Status.NEW)
    make_claim("Rents rose.")

    page = client.get("/admin/claims/claim/", {"q": "hospi"}).content.decode()
    too_long = client.get("/admin/claims/claim/", {"q": "a" * 2000})

    assert set(re.findall(r"/admin/claims/claim/(\d+)/change/", page)) == {
        str(public.pk),
        str(hidden.pk),
    }
    assert "Finds words of all claims" in page
    assert too_long.status_code == 200


def test_sources_are_found_by_words_on_their_list_and_by_programs(client):
    shown, other = make_source("Tides of 2024"), make_source("Rents of 2024")
    make_source("Tides nobody cites")
    for source in (shown, other):
        make_appearance(snapshot=make_snapshot("taxes doubled", source=source))

    page = client.get("/sources/", {"q": "tide"}).content.decode()
    answer = client.get("/api/v1/sources/", {"q": "tide"}).json()

    assert "Tides of 2024" in page
    assert "Rents of 2024" not in page
    assert "nobody cites" not in page
    assert [row["title"] for row in answer["results"]] == ["Tides of 2024"]
    assert client.get("/sources/", {"q": "a" * 1001}).status_code == 400
