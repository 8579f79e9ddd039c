"""Our work in numbers: how much, how fast, who waits, and what we choose to check."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from claims import charts, pace, workflow
from claims.models import Claim, Review

from . import factories

PAGE = "/our-work/"
NAMES = ["ratings", "days", "waiting", "links", "corrections", "topics", "speakers", "agreement"]


def read(client, path=PAGE):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def table(client, name):
    return list(csv.reader(io.StringIO(read(client, f"{PAGE}{name}.csv"))))


def recorded(claim, *, ago):
    Claim.objects.filter(pk=claim.pk).update(created_at=timezone.now() - timedelta(days=ago))
    return claim


def judged(days, *, ago=0, **fields):
    """Make a claim with a verdict that took so many days and was published so long ago."""
    claim = recorded(factories.make_published_claim(**fields), ago=ago + days)
    published = timezone.now() - timedelta(days=ago)
    Review.objects.filter(claim=claim).update(published_at=published)
    return claim


@pytest.fixture
def people(reviewer, editor, ratings):
    return {"author": reviewer, "approver": editor}


def test_the_median_and_the_middle_half_are_told_from_five_verdicts_on(client, people):
    for days in (1, 2, 4, 8):
        judged(days, **people)
    few = read(client)
    pace.caches["computed"].clear()
    judged(30, **people)
    enough = read(client)

    assert "days to a verdict" not in few
    assert "Half of our verdicts" not in few
    assert "<dd>4</dd>" in enough
    assert "Half of our verdicts took 4 days or less" in enough
    assert "the middle half took from 2 to 19" in enough
    assert "5 verdicts of the last twelve months" in enough
    found = client.get("/api/v1/stats/").json()["days_to_verdict"]
    assert found == {"verdicts": 5, "median": 4.0, "lower": 1.5, "upper": 19.0}


def test_days_count_to_the_first_verdict_whatever_became_of_it(client, people):
    claim = judged(3, ago=10, **people)
    draft = workflow.revise(claim, by=people["author"], kind="correction", note="Wrong year.")
    workflow.submit(draft, by=people["author"])
    factories.publish(draft, by=people["approver"])
    workflow.retract(draft, by=people["approver"], note="Wrong claim.")

    rows = table(client, "days")

    assert rows[0] == ["from_days", "to_days", "verdicts"]
    assert rows[2] == ["2", "3", "1"]
    assert sum(int(row[2]) for row in rows[1:]) == 1


def test_verdicts_of_years_ago_do_not_count_for_the_days(client, people):
    judged(3, ago=400, **people)

    assert sum(int(row[2]) for row in table(client, "days")[1:]) == 0


def test_who_waited_is_told_week_by_week(client, people):
    for _each in range(6):
        recorded(factories.make_claim(), ago=30)
    judged(40, ago=10, **people)  # waited from 50 days ago until 10 days ago
    recorded(factories.make_claim(status="new"), ago=30)

    weeks = [int(waiting) for _end, waiting in table(client, "waiting")[1:]]

    assert len(weeks) == 27
    assert weeks[-9:] == [0, 1, 1, 1, 7, 7, 7, 6, 6]
    assert "6 claims wait for their first verdict; at most 7 did in half a year" in read(client)


def test_a_claim_that_is_taken_up_again_does_not_wait_for_its_first_verdict(client, people):
    claim = judged(12, ago=10, **people)
    workflow.retract(claim.reviews.get(), by=people["approver"], note="We misread.")
    workflow.reopen(claim, by=people["approver"], reason="New figures.")

    weeks = [int(waiting) for _end, waiting in table(client, "waiting")[1:]]

    assert weeks[-1] == 0
    assert max(weeks) == 1


def test_no_more_than_so_many_verdicts_are_read_and_weeks_before_them_left_out(
    client, people, monkeypatch
):
    monkeypatch.setattr(pace, "MOST", 5)
    for ago in (1, 2, 20, 21, 22, 100):
        judged(1, ago=ago, **people)

    found = pace.pace()

    assert (found.verdicts, found.has_all) == (5, False)
    assert len(found.weeks) == 4
    assert "The newest 5 verdicts." in read(client)


def test_the_mix_is_drawn_from_five_verdicts_on_and_in_percent_from_twenty_on(client, people):
    claims = [judged(1, **people) for _each in range(4)]
    few = read(client)
    claims.append(judged(1, rating="false", **people))
    drawn = read(client)

    assert "We draw no chart for fewer than five verdicts." in few
    assert "Our most frequent rating is “Mostly true”: 4 of 5 verdicts" in drawn
    assert 'class="bar r-mtrue"' in drawn
    assert "%)" not in drawn
    for _each in range(15):
        judged(1, **people)
    assert "(95%)" in read(client)


def test_what_is_chosen_is_counted_by_topic_and_by_whom_speakers_speak_for(client, people):
    topic = factories.make_topic("Taxes")
    council = factories.make_speaker("The council", kind="organization")
    member = factories.make_speaker("Ada", affiliation="The council")
    nobody = factories.make_speaker("Ben")
    for speaker in (council, member, member, nobody):
        factories.make_published_claim(speaker=speaker, topics=[topic], **people)
    factories.make_claim(status="new", speaker=factories.make_speaker("HIDDEN"))

    assert table(client, "topics") == [["topic", "claims"], ["Taxes", "4"]]
    assert table(client, "speakers")[1:] == [
        ["The council", "3"],
        ["Speak for nobody that is named", "1"],
    ]
    assert 'href="/claims/?topic=taxes"' in read(client)
    assert "HIDDEN" not in read(client)


@pytest.mark.parametrize("name", NAMES)
def test_each_table_is_a_file(client, published_claim, name):
    response = client.get(f"{PAGE}{name}.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    headings, *rows = table(client, name)
    assert all(len(row) == len(headings) for row in rows)


def test_the_page_links_the_file_of_each_table_that_it_shows(client, people):
    for _each in range(5):
        judged(1, topics=[factories.make_topic()], speaker=factories.make_speaker(), **people)
        recorded(factories.make_claim(), ago=10)

    page = read(client)

    for name in set(NAMES) - {"links"}:
        assert f'href="{PAGE}{name}.csv"' in page


def test_a_table_that_is_not_there_is_not_found(client, db):
    assert client.get(f"{PAGE}secrets.csv").status_code == 404


def test_no_spreadsheet_takes_a_name_for_a_formula(client, people):
    factories.make_published_claim(topics=[factories.make_topic("=1+1")], **people)

    assert table(client, "topics")[1] == ["'=1+1", "1"]


def test_a_page_without_any_verdict_says_so_and_draws_nothing(client, ratings):
    page = read(client)

    assert "We draw no chart for fewer than five verdicts." in page
    assert "<rect" not in page


def test_columns_and_lines_lie_in_the_chart():
    tall, short = charts.columns([("0–1", 10), ("2+", 5)])
    ticks = charts.ticks(41)

    assert (tall.height, short.height) == (charts.HEIGHT, charts.HEIGHT // 2)
    assert tall.y + tall.height == short.y + short.height == charts.BASE
    assert [tick.value for tick in ticks] == [0, 10, 20, 30, 40, 50]
    (flat, rise) = charts.line([0, 50], 50)
    assert (flat.y1, flat.y2) == ("170.0", "170.0")
    assert (rise.x1, rise.y2) == ("92.00%", "20.0")
    assert charts.width_of(0, 9) == "0.00%"
    assert charts.width_of(1, 1000) == "0.50%"
