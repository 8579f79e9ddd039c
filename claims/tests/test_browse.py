"""The lists and the pages of speakers and sources, as a reader walks through them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims import workflow
from claims.models import Claim, Evidence, Rating, Review, Speaker
from claims.search import index

from .factories import (
    make_appearance,
    make_claim,
    make_evidence,
    make_person,
    make_public_copy,
    make_published_claim,
    make_publisher,
    make_ratings,
    make_review,
    make_snapshot,
    make_source,
    make_speaker,
    make_topic,
)

pytestmark = pytest.mark.django_db

WALKED = re.compile(r"/|/(claims|articles)/(\?.*)?|/(speakers|sources)/.*")
LISTS = ["home", "claims", "articles", "speakers", "sources"]


def read(client, address):
    """Return a page as text, its white space made even."""
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return " ".join(response.content.decode().split())


def links(page):
    return re.findall(r'href="([^"#]+)"', page.replace("&amp;", "&"))


def refusal(client, address, query):
    response = client.get(address, query)
    assert response.status_code == 400
    return response.content.decode()


def make_many(number, *, speaker=None, topic=None, rating="true", **fields):
    """Claims with a verdict, of one speaker and topic, without the workflow and its cost."""
    now = timezone.now()
    author, approver = make_person(), make_person()
    claims = Claim.objects.bulk_create(
        Claim(
            text=f"Claim {place} of many.",
            status=Claim.Status.PUBLISHED,
            speaker=speaker,
            listed_at=now - timedelta(hours=place // 2),
            **fields,
        )
        for place in range(number)
    )
    Review.objects.bulk_create(
        Review(
            claim=claim,
            number=1,
            status=Review.Status.PUBLISHED,
            rating=make_ratings()[rating],
            finding="The record shows it.",
            author=author,
            approver=approver,
            published_at=now,
        )
        for claim in claims
    )
    if topic:
        topic.claims.add(*claims)
    index.refresh([claim.pk for claim in claims])
    return claims


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_while_there_is_nothing_yet(client, name):
    page = read(client, reverse(name))

    assert "<h1>" in page


def test_home_counts_what_readers_can_see(client):
    make_published_claim()
    make_claim(status="new")
    make_appearance(make_claim())

    page = read(client, reverse("home"))

    assert "<dt>claims recorded</dt><dd>2</dd>" in page
    assert "<dt>verdict published</dt><dd>1</dd>" in page
    assert "<dt>in review</dt><dd>1</dd>" in page
    assert "<dt>sources</dt><dd>3</dd>" in page


def test_home_leads_into_the_claims_by_rating_topic_and_speaker(client):
    make_published_claim(speaker=make_speaker("Ada Okafor"), topics=[make_topic("Housing")])

    page = read(client, reverse("home"))

    assert {"/claims/?rating=mostly-true", "/claims/?topic=housing"} <= set(links(page))
    assert "/claims/?speaker=ada-okafor" in links(page)
    assert "/claims/?rating=false" not in links(page)


def test_home_shows_the_latest_verdicts_what_is_in_review_and_the_latest_article(client):
    make_published_claim("Rents doubled.")
    waiting = make_claim("Buses are late.")
    article = make_source("The town gazette")
    make_appearance(waiting, snapshot=make_snapshot(source=article))

    page = read(client, reverse("home"))

    assert "Rents doubled." in page
    assert page.index("In review now") < page.index("Buses are late.")
    assert "The town gazette" in page
    assert reverse("article", args=[article.pk]) in links(page)


def test_home_and_its_facets_do_not_grow_with_the_data(client):
    for _ in range(20):
        make_claim(speaker=make_speaker(), topics=[make_topic()])

    page = read(client, reverse("home"))

    assert len([link for link in links(page) if "?speaker=" in link]) == 12
    assert len([link for link in links(page) if "?topic=" in link]) == 12


@pytest.mark.parametrize("name", ["home", "claims"])
def test_a_page_takes_the_same_queries_for_few_claims_and_for_many(
    client, name, django_assert_num_queries, django_assert_max_num_queries
):
    make_many(3, speaker=make_speaker(), topic=make_topic())
    with django_assert_max_num_queries(16) as few:
        read(client, reverse(name))

    make_many(57, speaker=make_speaker(), topic=make_topic())

    with django_assert_num_queries(len(few.captured_queries)):
        read(client, reverse(name))


def test_a_claim_in_the_list_shows_verdict_finding_claimant_and_labels(client):
    claim = make_claim(
        "Rents doubled.",
        speaker=make_speaker("Ada Okafor"),
        stated_on="2024-07",
        topics=[make_topic("Housing")],
    )
    author, editor = make_person(role="reviewer"), make_person(role="editor")
    review = make_review(claim, author=author, labels=["out-of-date"])
    make_evidence(review)
    workflow.submit(review, by=author)
    workflow.publish(review, by=editor)

    page = read(client, reverse("claims"))

    for words in ["Rents doubled.", "Mostly true", "Ada Okafor", "July 2024", "Housing"]:
        assert words in page
    assert "Out of date" in page
    assert "The figures are right, the year is not." in page
    assert "1 source" in page


def test_a_claim_that_nobody_said_is_the_publishers_or_the_documents_own(client):
    gazette = make_source("Page one", publisher=make_publisher("Town Gazette"))
    leaflet = make_source("A leaflet")
    make_appearance(snapshot=make_snapshot(source=gazette))
    make_appearance(snapshot=make_snapshot(source=leaflet))
    make_claim("Floats free.")

    page = read(client, reverse("claims"))

    assert "Town Gazette" in page
    assert "Own words of “A leaflet”" in page
    assert "Nobody named" in page


def test_a_claim_in_review_is_listed_without_any_lean(client):
    review = make_review(make_claim("Buses are late."), author=make_person(role="reviewer"))

    page = read(client, reverse("claims") + "?status=in_review")

    assert "Buses are late." in page
    assert "No verdict yet." in page
    assert review.finding not in page


def test_a_withdrawn_verdict_is_listed_as_withdrawn_without_its_finding(client):
    claim = make_published_claim("Rents doubled.")
    Review.objects.filter(claim=claim).update(status=Review.Status.RETRACTED)
    Claim.objects.filter(pk=claim.pk).update(status=Claim.Status.RETRACTED)
    index.refresh([claim.pk])

    page = read(client, reverse("claims") + "?status=retracted")

    assert "Rents doubled." in page
    assert "We withdrew our verdict." in page
    assert "The figures are right" not in page


def test_claims_page_by_page_are_each_shown_once_and_the_filter_stays(client):
    topic = make_topic("Housing")
    make_many(60, topic=topic)
    make_many(5)
    address, seen = reverse("claims") + "?topic=housing", []

    while address:
        page = read(client, address)
        seen += re.findall(r'<h3><a href="(/claims/\d+/)"', page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = older and older[1].replace("&amp;", "&")
        assert not address or "topic=housing" in address

    newest = topic.claims.newest_first()
    assert seen == [claim.get_absolute_url() for claim in newest]


def test_the_way_back_leads_to_the_first_page_again(client):
    make_many(60)
    first = read(client, reverse("claims"))
    second = read(client, re.search(r'href="([^"]+)" rel="next"', first)[1])

    back = read(client, re.search(r'href="([^"]+)" rel="prev"', second)[1].replace("&amp;", "&"))

    assert re.findall(r"Claim \d+ of", back) == re.findall(r"Claim \d+ of", first)
    assert 'rel="prev"' not in back


def test_filters_in_use_are_listed_each_with_a_way_to_take_it_off(client):
    make_claim(speaker=make_speaker("Ada Okafor"), topics=[make_topic("Housing")])

    page = read(client, reverse("claims") + "?speaker=ada-okafor&topic=housing")

    assert "Filters (2 on)" in page
    assert "Speaker: Ada Okafor" in page
    assert {"/claims/?topic=housing", "/claims/?speaker=ada-okafor"} <= set(links(page))
    assert page.count(" checked>") == 2


def test_a_chosen_speaker_is_among_the_options_however_few_their_claims(client):
    for _ in range(13):
        make_many(2, speaker=make_speaker())
    make_claim(speaker=make_speaker("Quiet Quentin"))

    without = read(client, reverse("claims"))
    chosen = read(client, reverse("claims") + "?speaker=quiet-quentin")

    assert 'value="quiet-quentin"' not in without
    assert 'value="quiet-quentin" checked' in chosen
    assert chosen.count('id="speaker-') == 13


def test_an_empty_result_says_what_it_does_not_mean(client):
    make_claim(speaker=make_speaker("Ada Okafor"))

    page = read(client, reverse("claims") + "?speaker=ada-okafor&status=published")

    assert "does not mean a claim is true or false" in page
    assert "/claims/" in links(page)


def test_all_claims_are_counted_and_those_that_match_up_to_a_thousand(client):
    make_many(1001)

    page = read(client, reverse("claims"))
    narrowed = read(client, reverse("claims") + "?status=published")
    index.add_up()
    added_up = read(client, reverse("claims"))

    assert "<b>1,001 claims</b>" in page
    assert "<b>1,001 claims</b>" in added_up
    assert "<b>More than 1,000 claims</b> match" in narrowed


def test_a_list_by_rating_goes_down_the_scale_and_ends_with_what_has_none(client):
    make_claim("Nobody knows yet.")
    make_many(30, rating="false")
    make_many(1, rating="true")
    address = reverse("claims") + "?order=rating"

    first = read(client, address)
    second = read(client, re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&"))

    assert "order=rating" in re.search(r'href="([^"]+)" rel="next"', first)[1]
    chips = re.findall(r'<article class="item">\s*<[^>]*chip r-(\w+)', first)
    assert chips == ["true"] + ["false"] * 24
    assert second.count("Claim ") >= 6
    assert second.rindex("Nobody knows yet.") > second.rindex("of many.")
    assert read(client, address + "&order=relevance")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"status": "new"}, "There is no status “new”"),
        ({"status": ["published", "merged"]}, "There is no status “merged”"),
        ({"rating": "bogus"}, "There is no “bogus”"),
        ({"speaker": "nobody"}, "There is no “nobody”"),
        ({"topic": "nothing"}, "There is no “nothing”"),
        ({"topic": ""}, "There is no “”"),
        ({"speaker": "a\0b"}, "There is no “ab”"),
        ({"topic": "x" * 50_000}, "There is no “xxx"),
        ({"speaker": [f"s{place}" for place in range(51)]}, "at most 50 values"),
        ({"cursor": ""}, "Start again"),
        ({"cursor": "a\0b"}, "Start again"),
        ({"cursor": "x" * 50_000}, "Start again"),
        ({"cursor": "WyJhZnRlciIsNSw1XQ"}, "Start again"),
    ],
)
def test_what_the_claims_list_does_not_know_is_refused_with_a_sentence(client, query, sentence):
    make_claim()

    assert sentence in refusal(client, reverse("claims"), query)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("speakers", {"kind": "robot"}),
        ("speakers", {"kind": "a\0b"}),
        ("speakers", {"cursor": "x"}),
        ("sources", {"kind": "rumour"}),
        ("sources", {"cursor": "WyJhZnRlciIsNSw2XQ"}),
        ("articles", {"cursor": "x"}),
    ],
)
def test_what_other_lists_do_not_know_is_refused_with_a_sentence(client, name, query):
    assert refusal(client, reverse(name), query)


def test_a_speaker_of_hidden_claims_alone_cannot_be_filtered_for(client):
    make_claim(status="new", speaker=make_speaker("Hidden Henry"))

    assert "There is no “hidden-henry”" in refusal(
        client, reverse("claims"), {"speaker": "hidden-henry"}
    )


def test_a_repeated_value_is_one_filter(client):
    make_many(2, rating="false")
    make_many(1, rating="true")

    page = read(client, reverse("claims") + "?" + "&".join(["rating=false"] * 30))

    assert "<b>2 claims</b>" in page
    assert page.count("Remove filter:") == 1


def test_only_the_whole_first_page_is_for_search_engines(client):
    make_many(30)
    whole = read(client, reverse("claims"))
    older = re.search(r'href="([^"]+)" rel="next"', whole)[1]

    narrowed = read(client, reverse("claims") + "?status=published")
    second = read(client, older)
    shared = read(client, reverse("claims") + "?utm_source=letter")

    for page in (whole, shared):
        assert '<link rel="canonical" href="http://testserver/claims/">' in page
        assert "noindex" not in page
    for page in (narrowed, second):
        assert "noindex" in page
        assert "canonical" not in page


def test_the_articles_list_counts_the_claims_marked_in_each(client):
    article = make_source("The town gazette", publisher=make_publisher("Gazette Ltd"))
    snapshot = make_snapshot("Rents doubled. Buses are late.", source=article)
    make_appearance(exact="Rents doubled.", snapshot=snapshot)
    make_appearance(exact="Buses are late.", snapshot=snapshot)
    make_appearance(make_claim(status="declined"), exact="Rents", snapshot=snapshot)

    page = read(client, reverse("articles"))

    assert "<b>2 claims</b>" in page
    assert "Gazette Ltd" in page
    assert "Date not shown" in page
    assert reverse("article", args=[article.pk]) in links(page)


def test_speakers_are_listed_by_name_page_by_page(client):
    for place in range(30):
        make_claim(speaker=make_speaker(f"Speaker {place:02}", slug=f"speaker-{place:02}"))

    first = read(client, reverse("speakers"))
    second = read(client, re.search(r'href="([^"]+)" rel="next"', first)[1])

    names = re.findall(r"Speaker \d\d", first + second)
    assert names == [f"Speaker {place:02}" for place in range(30)]


def test_speakers_can_be_narrowed_to_organizations(client):
    make_claim(speaker=make_speaker("Ada Okafor"))
    make_claim(speaker=make_speaker("Town Council", kind=Speaker.Kind.ORGANIZATION))

    page = read(client, reverse("speakers") + "?kind=organization")

    assert "Town Council" in page
    assert "Ada Okafor" not in page
    assert '<option value="organization" selected>' in page


@pytest.mark.parametrize("name", ["articles", "speakers", "sources"])
def test_other_lists_take_the_same_queries_for_few_rows_and_for_many(
    client, name, django_assert_num_queries, django_assert_max_num_queries
):
    def grow():
        make_appearance(make_claim(speaker=make_speaker()))

    grow()
    with django_assert_max_num_queries(5) as few:
        read(client, reverse(name))

    for _ in range(9):
        grow()

    with django_assert_num_queries(len(few.captured_queries)):
        read(client, reverse(name))


def test_a_speaker_page_says_who_they_are_and_that_it_is_no_score(client):
    speaker = make_speaker(
        "Ada Okafor",
        description="Mayor of the town.",
        affiliation="Town Council",
        same_as="https://www.wikidata.org/wiki/Q1",
    )
    make_many(1, speaker=speaker)

    page = read(client, speaker.get_absolute_url())

    for words in ["Ada Okafor", "Mayor of the town.", "Town Council"]:
        assert words in page
    assert "Do not read this as a score" in page
    assert "1 verdict is too few to compare" in page
    assert "https://www.wikidata.org/wiki/Q1" in links(page)


@pytest.mark.parametrize(
    ("verdicts", "has_chart", "has_percentages"),
    [(4, False, False), (5, True, False), (19, True, False), (20, True, True)],
)
def test_a_speaker_has_a_chart_from_five_verdicts_and_percentages_from_twenty(
    client, verdicts, has_chart, has_percentages
):
    speaker = make_speaker()
    make_many(verdicts - 1, speaker=speaker, rating="true")
    make_many(1, speaker=speaker, rating="false")

    page = read(client, speaker.get_absolute_url())

    assert f"{verdicts - 1} of {verdicts}" in page
    assert f">1 of {verdicts}" in page
    assert ("<rect" in page) == has_chart
    assert ("%)" in page) == has_percentages


def test_a_block_is_one_claim_until_there_are_too_many(client):
    few, many = make_speaker(), make_speaker()
    make_many(6, speaker=few)
    make_many(21, speaker=many)
    make_many(7, speaker=many, rating="false")

    assert read(client, few.get_absolute_url()).count("<rect") == 6
    assert read(client, many.get_absolute_url()).count("<rect") == 2
    assert 'width="33.33%"' in read(client, many.get_absolute_url())


def test_a_speaker_page_takes_the_same_queries_for_few_claims_and_for_many(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    speaker = make_speaker()
    make_many(3, speaker=speaker)
    with django_assert_max_num_queries(9) as few:
        read(client, speaker.get_absolute_url())

    make_many(57, speaker=speaker)

    with django_assert_num_queries(len(few.captured_queries)):
        read(client, speaker.get_absolute_url())


def test_a_speakers_claims_are_paged(client):
    speaker = make_speaker()
    make_many(30, speaker=speaker)

    first = read(client, speaker.get_absolute_url())
    second = read(client, re.search(r'href="([^"]+)" rel="next"', first)[1])

    assert len(re.findall(r"<h3>", first)) == 25
    assert len(re.findall(r"<h3>", second)) == 5
    assert refusal(client, speaker.get_absolute_url(), {"cursor": "x"})


def test_the_sources_list_says_whether_a_copy_is_kept_and_if_not_why(client):
    make_appearance(snapshot=make_snapshot(source=make_source("With a copy")))
    review = make_review(author=make_person(role="reviewer"))
    make_evidence(review, source=make_source("Without", access_note="Behind a paywall."))

    page = read(client, reverse("sources"))

    assert "Behind a paywall." in page
    assert page.index("Without") < page.index("No copy kept")
    assert page.index("With a copy") < page.rindex("Copy kept")
    assert "1 claim rests on it" in page
    assert "1 claim made in it" in page


def test_sources_can_be_narrowed_by_kind(client):
    make_appearance(snapshot=make_snapshot(source=make_source("A law", kind="law")))
    make_appearance(snapshot=make_snapshot(source=make_source("A post", kind="post")))

    page = read(client, reverse("sources") + "?kind=law")

    assert "A law" in page
    assert "A post" not in page


def test_a_source_page_shows_the_record_and_the_kept_copies(client):
    original = make_source("The original report")
    source = make_source(
        "The town gazette",
        publisher=make_publisher("Gazette Ltd", interests="Owned by the mayor."),
        author="Jo Writer",
        published_on="2024-07",
        language="fr",
        based_on=original,
        access_note="Sent by a reader.",
    )
    snapshot = make_snapshot(source=source)
    make_appearance(snapshot=snapshot)

    page = read(client, source.get_absolute_url())

    for words in ["The town gazette", "Gazette Ltd", "Owned by the mayor.", "Jo Writer"]:
        assert words in page
    for words in ["July 2024", "French", "Sent by a reader.", snapshot.sha256]:
        assert words in page
    assert {source.url, original.get_absolute_url()} <= set(links(page))
    assert reverse("article", args=[source.pk]) in links(page)
    assert source.get_absolute_url() in links(read(client, original.get_absolute_url()))


def test_a_source_page_says_what_is_not_known(client):
    source = make_source("A leaflet", url="", kind="report")
    make_evidence(make_review(author=make_person(role="reviewer")), source=source)

    page = read(client, source.get_absolute_url())

    assert "Date not shown" in page
    assert "Not named" in page
    assert "We kept no copy of this document" in page
    assert "Open the original" not in page


def test_a_source_page_shows_stance_for_verdicts_and_none_for_claims_in_review(client):
    claim = make_published_claim("Rents doubled.")
    source = Evidence.objects.get(review__claim=claim).source
    waiting = make_review(make_claim("Buses are late."), author=make_person(role="reviewer"))
    make_evidence(waiting, source=source, stance="refutes", summary="Shows the buses are punctual.")

    page = read(client, source.get_absolute_url())

    assert page.index("Rents doubled.") < page.index("Supports") < page.index("Buses are late.")
    assert "Refutes" not in page
    assert "punctual" not in page


def test_a_source_page_takes_the_same_queries_for_few_claims_and_for_many(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    source = make_source()
    snapshot = make_snapshot("a b c d e f g h i j k l", source=source)

    def grow(words):
        for word in words:
            claim = make_published_claim()
            Evidence.objects.bulk_create(
                [Evidence(review=claim.reviews.get(), source=source, stance="context", summary="x")]
            )
            make_appearance(claim, exact=word, snapshot=snapshot)
            make_evidence(make_review(author=make_person(role="reviewer")), source=source)
            make_public_copy(source)

    grow("a")
    with django_assert_max_num_queries(14) as few:
        read(client, source.get_absolute_url())

    grow("bcdef")

    with django_assert_num_queries(len(few.captured_queries)):
        read(client, source.get_absolute_url())


def test_a_source_page_links_to_the_newest_public_copy_and_to_no_other(client):
    claim = make_published_claim()
    source = Evidence.objects.get(review__claim=claim).source
    make_public_copy(source, state="waiting")
    make_public_copy(source, state="failed", reason="Hidden reason.")
    assert "Public copy" not in read(client, source.get_absolute_url())
    newer = make_public_copy(source, captured_at=datetime(2026, 3, 2, tzinfo=UTC))
    make_public_copy(source, captured_at=datetime(2026, 3, 1, tzinfo=UTC))

    page = read(client, source.get_absolute_url())

    link = f'<a href="{newer.url}" rel="nofollow">Internet Archive, 2 March 2026</a>'
    assert f"<dt>Public copy</dt><dd>{link}</dd>" in page
    assert page.count("web.archive.org") == 1
    assert "Hidden reason" not in page


@pytest.mark.parametrize("address", ["/sources/9/", f"/sources/{10**30}/", "/speakers/nobody/"])
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


def make_hidden_things():
    """Everything that no reader may see, each with the word SECRET; return hidden addresses."""
    reviewer = make_person("SECRET Reviewer", role="reviewer")
    sources = []
    for status in ("new", "declined", "merged"):
        into = make_claim("Buses are late.") if status == "merged" else None
        claim = make_claim(
            f"SECRET {status} claim",
            status=status,
            merged_into=into,
            speaker=make_speaker(f"SECRET {status} speaker", slug=f"secret-{status}"),
            topics=[make_topic(f"SECRET {status} topic")],
            background="SECRET background",
        )
        sources.append(make_source(f"SECRET {status} article"))
        make_appearance(claim, snapshot=make_snapshot(source=sources[-1]))
    merged = Claim.objects.get(status="merged")
    review = Review.objects.create(
        claim=merged,
        number=1,
        status=Review.Status.PUBLISHED,
        rating=make_secret_rating(),
        finding="SECRET finding of a merged claim",
        author=reviewer,
        approver=make_person(),
        published_at=timezone.now(),
    )
    sources.append(make_source("SECRET evidence of a merged claim"))
    Evidence.objects.bulk_create(
        [Evidence(review=review, source=sources[-1], stance="supports", summary="SECRET")]
    )
    return [source.get_absolute_url() for source in sources] + [
        f"/speakers/secret-{status}/" for status in ("new", "declined", "merged")
    ]


def make_secret_rating():
    return Rating.objects.create(
        slug="secret",
        alternate_name="SECRET",
        definition="x",
        mark="none",
        position=9,
        is_retired=True,
    )


def make_draft_on_show():
    """A claim in review and a published one, each with a draft that readers must not see."""
    reviewer = make_person("SECRET Drafter", role="reviewer")
    claim = make_claim(
        "Buses are late.", speaker=make_speaker("Ada Okafor"), background="SECRET background"
    )
    shared = make_source("A timetable")
    make_appearance(claim, snapshot=make_snapshot(source=shared))
    draft = make_review(
        claim,
        author=reviewer,
        rating=make_ratings()["false"],
        finding="SECRET finding",
        rationale="SECRET rationale",
        labels=["missing-context"],
    )
    make_evidence(draft, source=shared, stance="refutes", summary="SECRET summary", note="SECRET")
    published = make_published_claim("Rents doubled.", background="SECRET background")
    revision = Review.objects.create(
        claim=published, number=2, finding="SECRET revision", author=reviewer
    )
    Evidence.objects.create(
        review=revision,
        source=make_source("SECRET source of a revision"),
        stance="refutes",
        summary="SECRET",
    )


def walk(client):
    """Open every page of this kind that can be reached; return them by address."""
    pages, waiting = {}, [reverse(name) for name in LISTS]
    while waiting:
        address = waiting.pop()
        if address in pages or not re.match(
            r"/(claims/(\?|$)|articles/$|speakers|sources|$)", address
        ):
            continue
        pages[address] = read(client, address)
        waiting += links(pages[address])
    return pages


def test_no_page_shows_counts_or_links_anything_that_is_not_public(client):
    make_draft_on_show()
    before = {address: page for address, page in walk(client).items() if "/claims/?" in address}
    hidden = make_hidden_things()
    Claim.objects.filter(text="Buses are late.", speaker=None).update(status="new")

    pages = walk(client)

    assert {"/", "/claims/", "/articles/", "/speakers/", "/sources/"} <= pages.keys()
    assert "/speakers/ada-okafor/" in pages
    assert [address for address, page in pages.items() if "SECRET" in page] == []
    assert [page for page in pages.values() if "Missing context" in page or "Refutes" in page] == []
    assert [client.get(address).status_code for address in hidden] == [404] * len(hidden)
    assert before.keys() == {address for address in pages if "/claims/?" in address}
