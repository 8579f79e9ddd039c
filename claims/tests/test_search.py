"""Finding claims by their words: the same hits, in the same order, on both databases."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import search, workflow
from claims.models import Claim, ClaimEntry, SearchChange, SearchWord, SourceEntry
from claims.paging import InvalidCursor, write_cursor
from claims.search import index, vocabulary
from claims.search.marking import marked_places, pieces, snippet_of
from claims.search.words import placed_words, words_of

from .factories import (
    make_appearance,
    make_claim,
    make_evidence,
    make_person,
    make_publisher,
    make_review,
    make_snapshot,
    make_source,
    make_speaker,
    make_topic,
)

pytestmark = pytest.mark.django_db

TEXTS = {
    "inflation": ("en", "Inflation has fallen to 3.4% since March, the minister said."),
    "vaccines": ("en", "Vaccines don’t cause autism, a study of 1,200,000 children found."),
    "bridges": ("en", "The city repaired 14 bridges; naïve drivers caused the COVID19 jams."),
    "zh-water": ("zh-Hans", "市长说自来水的价格去年上涨了百分之五。"),
    "zh-jobs": ("zh-Hans", "失业率已经下降到历史最低水平。"),
    "ja": ("ja", "ワクチンは自閉症を引き起こさない。"),
    "ko": ("ko", "장관은 실업률이 떨어졌다고 말했다."),
    "de": ("de", "Die Arbeitslosigkeit ist gestiegen; Straßenbau kostet Milliarden."),
    "fr": ("fr", "L’économie française a crû de 1,5 % et les hôpitaux ferment."),
    "es": ("es", "El gobierno construyó nuevas autopistas y escuelas públicas en Málaga."),
    "ru": ("ru", "Правительство повысило пенсии учителям и врачам, ёлки подорожали."),
    "ar": ("ar", "قال الوزير إن التضخم انخفض في المدارس."),
    "hi": ("hi", "सरकार ने किसानों का कर्ज माफ किया।"),
    "th": ("th", "วัคซีนไม่ทำให้เกิดออทิสติก"),
}
FINDS = {
    # inflected, in other case, without accents
    "inflation": ["inflation"],
    "INFLATION falls fallen": [],
    "vaccine": ["vaccines"],
    "vaccinated": ["vaccines"],
    "child": [],
    "repairing bridge": ["bridges"],
    "naive driver": ["bridges"],
    "ｂｒｉｄｇｅｓ": ["bridges"],
    "economie": ["fr"],
    "l'économie": ["fr"],
    "hopital": ["fr"],
    "francais": ["fr"],
    "Strassenbau": ["de"],
    "milliarde": ["de"],
    "escuela publica": ["es"],
    "malaga": ["es"],
    "autopista": ["es"],
    "пенсия": ["ru"],
    "учитель": ["ru"],
    "елка": ["ru"],
    "التضخم": ["ar"],
    "تضخم": ["ar"],
    "मदरसा": [],
    "किसान": ["hi"],
    "कर्ज": ["hi"],
    # scripts without spaces
    "自来水": ["zh-water"],
    "水": ["zh-jobs", "zh-water"],
    "失业": ["zh-jobs"],
    "失业率": ["zh-jobs"],
    "率": ["zh-jobs"],
    "价格 上涨": ["zh-water"],
    "水来": [],
    "ワクチン": ["ja"],
    "실업률": ["ko"],
    "วัคซีน": ["th"],
    # numbers
    "3.4%": ["inflation"],
    "3,4": ["inflation"],
    "1200000": ["vaccines"],
    "1.200.000 children": ["vaccines"],
    "1.5": ["fr"],
    "covid-19": ["bridges"],
    # phrases, beginnings, exclusions
    '"cause autism"': ["vaccines"],
    '"autism cause"': [],
    "“the minister said”": ["inflation"],
    "bridg*": ["bridges"],
    "vaccina*": ["vaccines"],
    "minist*": ["inflation"],
    "the -minister": ["bridges"],
    "city -bridges": [],
    # what says nothing is left out, unless there is nothing else
    "what is the inflation": ["inflation"],
    "the": ["bridges", "inflation"],
    # a letter or two wrong
    "inflatoin": ["inflation"],
    "vacine autism": ["vaccines"],
    "brigdes": ["bridges"],
    # what is no query finds nothing
    "AND OR NOT (": [],
    "a*b:c": [],
    '"': [],
    "'; drop table": [],
    "§statuspublished": [],
    "(*": [],
}


@pytest.fixture
def texts():
    return {
        make_claim(text, language=language).pk: name for name, (language, text) in TEXTS.items()
    }


def published(text=None, *, author=None, finding, rationale="The record.", **fields):
    author = author or make_person(role="reviewer")
    claim = make_claim(text, **fields)
    make_appearance(claim)
    review = make_review(claim, author=author, finding=finding, rationale=rationale)
    make_evidence(review)
    workflow.submit(review, by=author)
    workflow.publish(review, by=make_person(role="editor"))
    claim.refresh_from_db()
    return claim


def keys(query, **options):
    return [hit.claim for hit in search.find(search.parse(query), size=50, **options).hits]


@pytest.mark.parametrize("added_up", [False, True], ids=["fresh", "added up"])
def test_each_query_finds_the_claims_that_answer_it(texts, added_up):
    if added_up:
        index.add_up()

    found = {query: sorted(texts[key] for key in keys(query)) for query in FINDS}

    assert found == FINDS


def test_the_best_answer_comes_first_and_of_two_alike_the_newest():
    long = make_claim("Taxes rose, said the mayor of a city with a very long name by the sea.")
    twice = make_claim("Taxes on taxes rose.")
    older, newer = make_claim("Buses run late."), make_claim("Buses run late.")

    assert keys("tax") == [twice.pk, long.pk]
    assert keys("buses") == [newer.pk, older.pk]


def test_words_that_are_rarer_weigh_more():
    for number in range(5):
        make_claim(f"Taxes rose in district {number}.")
    rents = make_claim("Rents and taxes, and rents.")
    taxes = make_claim("Taxes, taxes and rents.")
    index.add_up()

    assert keys("taxes rents") == [rents.pk, taxes.pk]


def test_words_of_the_passage_the_speaker_the_topic_and_the_verdict_are_found():
    snapshot = make_snapshot("The harbour froze over, he said.")
    claim = published(
        "A thing was said.",
        speaker=make_speaker("Ada Quist"),
        topics=[make_topic("Fisheries")],
        finding="The thermometer disagrees.",
        rationale="The gauge at the pier never fell below five degrees.",
    )
    make_appearance(claim, snapshot=snapshot, exact="The harbour froze over")

    for query in ("quist", "fishery", "harbours froz*", "thermometer", '"gauge at the pier"'):
        assert keys(query) == [claim.pk], query
    assert keys('"degrees quist"') == []


def test_no_phrase_bridges_two_texts():
    make_claim("The tax", speaker=make_speaker("Rise Up"))

    assert keys('"tax rise"') == []
    assert len(keys("tax rise")) == 1


def test_of_words_like_a_mistyped_one_only_the_nearest_are_taken():
    company = make_claim("The companies left.")
    make_claim("The computing left.")

    assert keys("compnies") == [company.pk]


def test_what_readers_do_not_see_is_not_found_counted_or_suggested():
    for status in (Claim.Status.NEW, Claim.Status.DECLINED):
        make_claim("The zeppelins landed.", status=status)
    index.add_up()

    assert keys("zeppelins") == keys("zeppelinz") == []
    assert not SearchWord.objects.filter(word="zeppelin").exists()
    assert len(keys("zeppelins", is_public=False)) == 2


def test_a_draft_is_not_found_and_a_published_finding_is_until_it_is_withdrawn():
    author, approver = make_person(role="reviewer"), make_person(role="editor")
    claim = published(author=author, finding="Herons did it.")
    review = claim.reviews.published().get()
    draft = workflow.revise(claim, by=author, kind="update", note="New figures.")
    draft.finding = "Pelicans did it."
    draft.save()

    assert keys("heron") == [claim.pk]
    assert keys("pelican") == []
    workflow.discard(draft, by=author, reason="No need.")
    workflow.retract(review, by=approver, note="It was wrong.")
    assert keys("heron") == []


def test_every_edit_is_in_the_index_at_once(django_assert_num_queries):
    claim = make_claim("The lighthouse is new.")
    topic, speaker = make_topic("Ships"), make_speaker("Ada Quist")

    claim.text = "The windmill is new."
    claim.save()
    claim.topics.add(topic)
    appearance = make_appearance(claim, exact="taxes doubled")
    assert (keys("lighthouse"), keys("windmill ship doubled")) == ([], [claim.pk])
    claim.speaker = speaker
    claim.save()
    speaker.name, topic.name = "Ida Quist", "Boats"
    speaker.save()
    topic.save()
    appearance.delete()
    assert (keys("ada"), keys("ship"), keys("doubled")) == ([], [], [])
    assert keys("ida boat") == [claim.pk]
    assert list(index.differing()) == []


def test_a_merge_moves_the_passages_words_and_an_unmerge_brings_them_back(editor):
    one, other = make_claim("Trams are free."), make_claim("Buses are free.")
    make_appearance(one, snapshot=make_snapshot("Gulls, they said."), exact="Gulls")

    workflow.merge(one, into=other, by=editor)
    assert keys("gulls") == [other.pk]
    one.refresh_from_db()
    workflow.unmerge(one, by=editor)
    assert keys("gulls") == [one.pk]
    assert list(index.differing()) == []


def test_a_claim_that_is_listed_anew_is_the_newest_again(editor):
    claims = [make_claim(f"Taxes rose in place {number}.", status="new") for number in range(3)]
    for claim in reversed(claims):
        workflow.accept(claim, by=editor)

    assert keys("taxes", order=search.NEWEST) == [claim.pk for claim in claims]


@pytest.mark.parametrize("order", search.ORDERS)
def test_pages_lead_through_all_hits_and_back(order):
    expected = {make_claim(f"Taxes rose{' a lot' * (number % 3)}.").pk for number in range(11)}
    seen, cursor, pages = [], None, []
    while cursor or not pages:
        page = search.find(search.parse("taxes"), order=order, size=4, cursor=cursor)
        pages.append(page)
        seen += [hit.claim for hit in page.hits]
        cursor = page.next_cursor
    back = search.find(search.parse("taxes"), order=order, size=4, cursor=pages[-1].previous_cursor)

    assert len(seen) == 11
    assert set(seen) == expected
    assert seen == keys("taxes", order=order)
    assert back.hits == pages[1].hits
    assert (pages[0].previous_cursor, pages[0].count) == (None, 11)


@pytest.mark.parametrize("order", search.ORDERS)
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_page_that_is_gone_is_told_apart_from_an_empty_one(order, side):
    make_claim("Taxes rose.")
    beyond = {"after": (-1e9, 1), "before": (1e9, 2**60)}[side]
    cursor = write_cursor(side, *beyond)

    with pytest.raises(InvalidCursor, match="gone"):
        search.find(search.parse("taxes"), order=order, cursor=cursor)


def test_a_query_of_nothing_finds_nothing():
    make_claim("Taxes rose.")
    nothing = search.parse("…")

    assert search.find(nothing).hits == []
    assert search.keys_of_newest(nothing, 10) == search.sources_of_newest(nothing, 10) == []
    assert len(search.find(nothing, order=search.NEWEST).hits) == 1


def test_only_so_many_hits_are_ranked_and_counted(monkeypatch):
    monkeypatch.setattr(search.finding, "MOST_RANKED", 5)
    claims = [make_claim(f"Taxes rose in {2000 + number}.") for number in range(8)]

    found = search.find(search.parse("taxes"), size=50)
    newest = keys("taxes", order=search.NEWEST)

    assert (found.count, found.has_more) == (5, True)
    assert {hit.claim for hit in found.hits} == {claim.pk for claim in claims[3:]}
    assert newest == [claim.pk for claim in reversed(claims[3:])]
    first = search.find(search.parse("taxes"), order=search.NEWEST, size=5)
    rest = search.find(search.parse("taxes"), order=search.NEWEST, size=5, cursor=first.next_cursor)
    assert [hit.claim for hit in rest.hits] == [claim.pk for claim in reversed(claims[:3])]


def test_facets_count_what_was_found_and_a_chosen_one_shows_what_else_there_is():
    ada, ida = make_speaker("Ada"), make_speaker("Ida")
    ships, tolls = make_topic("Ships"), make_topic("Tolls")
    make_claim("Taxes rose.", speaker=ada, topics=[ships, tolls], stated_on="2024-05")
    make_claim("Taxes fell.", speaker=ida, topics=[ships], stated_on="2023", language="fr")
    make_claim("Taxes stayed.", speaker=ada)
    make_claim("Rents stayed.", speaker=ada)

    everything = search.find(search.parse("taxes"))
    of_ada = search.find(search.parse("taxes"), chosen={"speaker": [ada.pk], "topic": []})
    of_2024 = search.find(search.parse("taxes"), chosen={"year": [2024, 1999]})

    assert everything.facets["speaker"] == {ada.pk: 2, ida.pk: 1}
    assert everything.facets["topic"] == {ships.pk: 2, tolls.pk: 1}
    assert everything.facets["language"] == {"en": 2, "fr": 1}
    assert everything.facets["year"] == {2024: 1, 2023: 1}
    assert of_ada.count == 2
    assert of_ada.facets["speaker"] == {ada.pk: 2, ida.pk: 1}
    assert of_ada.facets["topic"] == {ships.pk: 1, tolls.pk: 1}
    assert of_2024.count == 1


def test_a_search_takes_the_same_queries_whatever_it_finds(django_assert_num_queries):
    make_claim("Taxes rose.")
    with django_assert_num_queries(3):
        keys("taxes")
    for number in range(30):
        make_claim(f"Taxes rose {number} times.")
    with django_assert_num_queries(3):
        keys("taxes")


def test_counts_of_words_are_right_before_and_after_they_are_added_up():
    claim = make_claim("Taxes rose.")
    make_claim("Taxes fell.")
    fresh = vocabulary.Vocabulary(["tax", "rose"])
    index.add_up()
    claim.text = "Rents rose."
    claim.save()
    changed = vocabulary.Vocabulary(["tax", "rose", "rent"])
    index.add_up()
    added_up = vocabulary.Vocabulary(["tax", "rose", "rent"])

    assert (fresh.entries, fresh["tax"], fresh["rose"]) == (2, 2, 1)
    assert (changed["tax"], changed["rose"], changed["rent"]) == (1, 1, 1)
    assert (added_up["tax"], added_up["rose"], added_up["rent"]) == (1, 1, 1)
    assert not SearchChange.objects.exists()


def test_counts_are_what_a_rebuild_counts(texts):
    index.add_up()
    before = dict(SearchWord.objects.filter(entries__gt=0).values_list("word", "entries"))
    entries = list(ClaimEntry.objects.order_by("claim").values_list("claim", *index.FIELDS))

    call_command("rebuild_search", verbosity=0)

    assert dict(SearchWord.objects.values_list("word", "entries")) == before
    assert list(ClaimEntry.objects.order_by("claim").values_list("claim", *index.FIELDS)) == entries


def test_the_check_says_how_many_claims_differ_and_the_rebuild_mends_it(capsys):
    same, other = make_claim("Taxes rose."), make_claim("Rents fell.")
    call_command("rebuild_search", check=True)
    assert "0 claims and 0 sources differ" in capsys.readouterr().out
    Claim.objects.filter(pk=same.pk).update(text="Buses run.")
    ClaimEntry.objects.filter(claim=other).delete()

    with pytest.raises(CommandError, match=f"2 claims differ.*#{same.pk}, #{other.pk}"):
        call_command("rebuild_search", check=True)
    call_command("rebuild_search")

    assert (keys("buses"), keys("rents"), keys("taxes")) == ([same.pk], [other.pk], [])
    assert "2 claims and 0 sources are in the search index" in capsys.readouterr().out


def test_the_check_says_which_counts_are_wrong(capsys):
    make_claim("Taxes rose.", topics=[make_topic("Money")])
    index.add_up()
    make_claim("Taxes fell.")
    call_command("rebuild_search", check=True)
    SearchWord.objects.filter(word="tax").update(entries=7)
    SearchWord.objects.filter(word__startswith="§topic").delete()

    with pytest.raises(CommandError, match=r"2 counts differ: tax, §topic\d+\."):
        call_command("rebuild_search", check=True)
    call_command("rebuild_search")

    call_command("rebuild_search", check=True)
    assert search.counted("topic")["topic"].total() == 1


def test_claims_without_an_entry_are_indexed_in_the_background(settings):
    claim = make_claim("Taxes rose.")
    ClaimEntry.objects.all().delete()

    assert index.add_missing(None) == "Taken into the search index: 1 claims and 0 sources"
    assert keys("taxes") == [claim.pk]
    assert index.add_missing(None) == ""


@pytest.mark.parametrize(
    ("query", "limit"), [("a" * 1001, "1000 characters"), ("tax " * 33, "32 words")]
)
def test_a_query_that_is_too_long_is_refused_with_the_limit(query, limit):
    with pytest.raises(ValidationError, match=limit):
        search.parse(query)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(st.characters(codec=None), max_size=60) | st.text("\"-*()§'\\&|!<>: a1水", max_size=30)
)
def test_any_string_is_a_query(texts, query):
    found = search.find(search.parse(query))

    assert found.count >= len(found.hits) >= 0


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec=None), max_size=80), st.sampled_from(["en", "zh", "ar", ""]))
def test_words_hold_nothing_that_a_database_could_read_as_more(text, language):
    for word in words_of(text, language):
        assert word
        assert len(word) <= 41
        assert not set(word) & set(" \"'§*:-()&|!<>\\\0_")


def test_what_answers_is_marked_where_it_stands():
    query = search.parse('vaccine "cause autism" 自闭 élèv*')
    text = "Vaccines don’t cause autism. 自闭症 Eleves."

    marked = [text[start:end] for start, end in marked_places(text, "en", query.wanted)]

    assert marked == ["Vaccines", "cause autism", "自闭", "Eleves"]
    assert "".join(piece.text for piece in pieces(text, "en", query.wanted)) == text


@pytest.mark.parametrize(
    ("text", "language", "query", "shown"),
    [
        ("Nothing of it.", "en", "taxes", ""),
        ("Taxes rose.", "en", "taxes", "[Taxes] rose."),
        ("Taxes rose.", "en", "tax*", "[Taxes] rose."),
        (f"{'so ' * 30}taxes rose", "en", "taxes", f"… {'so ' * 19}[taxes] rose"),
        (f"Taxes rose {'so ' * 90}", "en", "taxes", f"[Taxes] rose {'so ' * 68}so …"),
        (f"{'水' * 200}稅率{'水' * 300}", "zh", "稅率", f"… {'水' * 60}[稅率]{'水' * 158} …"),
    ],
)
def test_a_snippet_is_the_stretch_around_the_first_words_that_answer(text, language, query, shown):
    found = snippet_of(text, language, search.parse(query).wanted)

    told = "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in found)
    assert told == shown


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Rents rose 3.5 % in 2024 (…)", ["rent", "rose", "3٫5", "in", "2024"]),
        ("!!! ... --", []),
        ("稅率", ["稅率", "率"]),
        ("稅\u200b率", ["稅率", "率"]),
        ("\u0301\u0300", []),
        ("１２ ％", ["12"]),
    ],
)
def test_words_are_read_of_a_text_in_any_script(text, stems):
    assert [word.stem for word in placed_words(text, "en")] == stems


def test_sources_are_found_by_title_author_publisher_and_site_in_step_with_edits():
    publisher = make_publisher("Harbour Gazette")
    source = make_source(
        "Tides of 2024", author="Ada Quist", publisher=publisher, url="https://tidal.example/a"
    )

    def found(words):
        return search.sources_of_newest(search.parse(words), 10)

    for words in ("tide", "quist", '"harbour gazette"', "tidal.example", "tides -gazette -x"):
        assert found(words) == ([] if "-" in words else [source.pk]), words
    publisher.name, source.title = "Port Gazette", "Waves"
    publisher.save()
    source.save()
    assert (found("harbour"), found("tides"), found("port waves")) == ([], [], [source.pk])
    assert list(index.differing_sources()) == []
    source.delete()
    assert found("port waves") == []


def test_the_check_and_the_rebuild_know_sources_too(capsys):
    source = make_source("Tides")
    SourceEntry.objects.all().delete()

    with pytest.raises(CommandError, match=f"1 sources differ.*#{source.pk}"):
        call_command("rebuild_search", check=True)
    call_command("rebuild_search")

    assert search.sources_of_newest(search.parse("tide"), 10) == [source.pk]
    assert "0 claims and 1 sources are in the search index" in capsys.readouterr().out
