"""“Was this checked before?” at the desk, on pages, by programs and by commands."""

import csv
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from claims import embedding, search
from claims.management.commands import find_duplicates
from claims.models import Claim
from claims.search import index

from .factories import make_claim, make_person, make_published_claim, make_snapshot

pytestmark = pytest.mark.django_db

SAID = "The harbour bridge was closed for eleven months because its bolts had rusted."
AGAIN = "Because its bolts had rusted, the harbour bridge was closed for eleven months."
ADD = reverse("admin:claims_claim_add")


@pytest.fixture
def bridge(ratings):
    """A claim with a verdict among others."""
    for number in range(6):
        make_claim(f"Rents rose by {number} percent in the old town, said a tenant.")
    claim = make_published_claim(SAID)
    index.add_up()
    return claim


def entered(text, *, passage=None, **others):
    """What the form of a new claim sends."""
    fields = {"text": text, "kind": "fact", "language": "en", "stated_on": ""}
    for prefix in ("appearances", "contact_attempts", "reviews", "evidence"):
        fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    if passage:
        snapshot, exact = passage
        fields |= {
            "appearances-TOTAL_FORMS": 1,
            "appearances-0-snapshot": snapshot.pk,
            "appearances-0-exact": exact,
            "appearances-0-attribution": "own-words",
        }
    return fields | others


def test_a_claim_that_is_there_already_is_held_up_once_and_shown(client, reviewer, bridge):
    client.force_login(reviewer)
    before = Claim.objects.count()

    warned = client.post(ADD, entered(AGAIN))
    page = warned.content.decode()
    own = client.post(ADD, entered(AGAIN, _own="1"))

    assert warned.status_code == 200
    assert SAID in page
    assert "Nothing was saved yet." in page
    assert f'name="_same_as" value="{bridge.pk}"' in page
    assert own.status_code == 302
    assert Claim.objects.count() == before + 1


def test_another_claim_is_recorded_without_a_question(client, reviewer, bridge):
    client.force_login(reviewer)

    done = client.post(ADD, entered("Herons nest on the roof of the library."))

    assert done.status_code == 302, done.context_data["errors"]


def test_a_passage_that_says_the_same_is_added_to_the_claim_in_one_click(client, reviewer, bridge):
    client.force_login(reviewer)
    snapshot = make_snapshot(f"They wrote: {AGAIN}")
    before = Claim.objects.count()

    done = client.post(ADD, entered(AGAIN, passage=(snapshot, AGAIN), _same_as=bridge.pk))

    assert done.status_code == 302
    assert done.url == reverse("admin:claims_claim_change", args=[bridge.pk])
    assert bridge.appearances.filter(snapshot=snapshot, exact=AGAIN).exists()
    assert Claim.objects.count() == before


def test_a_passage_that_is_not_in_its_copy_is_not_added_and_nothing_is_lost(
    client, reviewer, bridge
):
    client.force_login(reviewer)
    passage = make_snapshot("Something else."), AGAIN

    page = client.post(ADD, entered(AGAIN, passage=passage, _same_as=bridge.pk))

    assert page.status_code == 200
    assert AGAIN in page.content.decode()
    assert bridge.appearances.count() == 1


def test_without_a_passage_one_is_led_to_the_claim(client, reviewer, bridge):
    client.force_login(reviewer)

    page = client.post(ADD, entered(AGAIN, _same_as=bridge.pk), follow=True)

    assert "You gave no passage" in page.content.decode()


@pytest.mark.parametrize("key", ["999999", "x", "\0"])
def test_a_claim_that_is_not_there_takes_no_passage(client, reviewer, bridge, key):
    client.force_login(reviewer)

    assert client.post(ADD, entered(AGAIN, _same_as=key)).status_code == 404


def test_who_may_not_write_adds_no_passage(client, bridge):
    client.force_login(make_person(is_staff=True))

    assert client.post(ADD, entered(AGAIN, _same_as=bridge.pk)).status_code == 403


def test_two_records_of_a_claim_are_merged_from_the_page_of_one(client, editor, bridge):
    client.force_login(editor)
    again = make_claim(AGAIN, status=Claim.Status.NEW)
    page = client.get(reverse("admin:claims_claim_change", args=[again.pk])).content.decode()

    assert "Was this checked before?" in page
    assert f'name="into" value="{bridge.pk}"' in page
    step = reverse("admin:claims_claim_step", args=[again.pk, "merge"])
    client.post(step, {"into": bridge.pk})
    again.refresh_from_db()
    assert again.merged_into == bridge


def test_the_desk_is_warned_of_claims_that_readers_do_not_see(client, reviewer, ratings):
    hidden = make_claim(SAID, status=Claim.Status.NEW)
    for number in range(6):
        make_claim(f"Rents rose by {number} percent in the old town, said a tenant.")
    client.force_login(reviewer)

    page = client.post(ADD, entered(AGAIN)).content.decode()

    assert f'name="_same_as" value="{hidden.pk}"' in page


def test_a_page_leads_to_related_claims_and_never_to_a_hidden_one(client, bridge):
    near = make_claim("The harbour bridge was closed because its bolts had rusted, the mayor said.")
    hidden = make_claim(AGAIN, status=Claim.Status.NEW)

    page = client.get(f"/claims/{bridge.pk}/").content.decode()
    Claim.objects.filter(pk=near.pk).update(status=Claim.Status.DECLINED)
    later = client.get(f"/claims/{bridge.pk}/").content.decode()

    assert "Related claims" in page
    assert f'href="/claims/{near.pk}/"' in page
    assert f"/claims/{hidden.pk}/" not in page
    assert f'href="/claims/{near.pk}/"' not in later


def asked(client, texts, **others):
    return client.post(
        "/api/v1/match/", json.dumps({"texts": texts, **others}), content_type="application/json"
    )


def test_programs_ask_of_many_texts_at_once(client, bridge):
    make_claim(AGAIN, status=Claim.Status.NEW)

    answer = asked(client, [AGAIN, "Herons nest on roofs.", ""], limit=2).json()

    first, second, third = answer["results"]
    assert first["text"] == AGAIN
    best = first["matches"][0]
    assert best["claim"]["id"] == bridge.pk
    assert best["claim"]["rating"] == "Mostly true"
    assert best["certainty"] in ("certain", "likely")
    assert {"bolts", "rusted"} <= set(best["shared_words"])
    assert len(first["matches"]) <= 2
    assert all(match["certainty"] == "none" for match in second["matches"])
    assert third["matches"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"texts": []}, "texts"),
        ({"texts": ["a"] * 101}, "texts"),
        ({"texts": ["a" * 5001]}, "texts"),
        ({"texts": ["a"], "limit": 21}, "limit"),
        ({}, "texts"),
        ([], "non_field_errors"),
    ],
)
def test_what_programs_may_not_ask_is_refused_by_name(client, bridge, body, field):
    answer = client.post("/api/v1/match/", json.dumps(body), content_type="application/json")

    assert answer.status_code == 400
    assert field in json.dumps(answer.json())


def test_asking_for_too_many_texts_has_to_wait(client, bridge, settings, time_machine):
    time_machine.move_to("2026-11-02T10:00:20Z", tick=False)
    settings.MATCH_TEXTS_A_MINUTE = 5

    def ask(texts, **extra):
        told = {"texts": ["The bridge is shut."] * texts}
        return client.post("/api/v1/match/", told, content_type="application/json", **extra)

    answers = [ask(3).status_code, ask(2).status_code, ask(1).status_code]
    refused = ask(1)

    assert answers == [200, 200, 429]
    assert refused.json()["code"] == "throttled"
    assert refused["Retry-After"] == "40"
    assert ask(1, REMOTE_ADDR="192.0.2.7").status_code == 200
    time_machine.move_to("2026-11-02T10:01:01Z", tick=False)
    assert ask(5).status_code == 200
    settings.MATCH_TEXTS_A_MINUTE = 0
    assert ask(6).status_code == 200


def test_asking_many_texts_takes_no_more_queries_for_their_verdicts(
    client, bridge, django_assert_max_num_queries
):
    asked(client, [AGAIN])
    with django_assert_max_num_queries(60):
        asked(client, [AGAIN, SAID, "Rents rose in the old town", "Nothing of it"])


def test_the_command_answers_texts_and_a_file_of_them(tmp_path, capsys, bridge):
    file = tmp_path / "texts.txt"
    file.write_text(f"{AGAIN}\n{'a' * 5001}\n")

    with pytest.raises(SystemExit, match="1"):
        call_command("match", "--from", str(file), "--json")
    found, refused = map(json.loads, capsys.readouterr().out.splitlines())
    call_command("match", AGAIN)
    told = capsys.readouterr().out

    assert found["matches"][0]["claim"] == bridge.pk
    assert "5000 characters" in refused["refused"]
    assert refused["text"] == "a" * 200
    assert re.search(rf"(certain|likely) +#{bridge.pk} ", told)
    with pytest.raises(CommandError, match="Give a text"):
        call_command("match")
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("match", "--from", str(tmp_path / "none.txt"))
    with pytest.raises(CommandError, match="limit from 1 to 100"):
        call_command("match", AGAIN, limit=0)


def test_the_command_reads_what_is_piped_into_it_and_says_what_it_refused(
    monkeypatch, capsys, bridge
):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"Zebras.\n{'a' * 5001}\n{AGAIN}\n"))

    with pytest.raises(SystemExit, match="1"):
        call_command("match", "--from", "-")
    told = capsys.readouterr()

    assert "Zebras.\n  nothing like it\n" in told.out
    assert f"#{bridge.pk} " in told.out
    assert "5000 characters" in told.err


def test_without_a_model_the_commands_say_that_they_compare_words_alone(
    monkeypatch, tmp_path, capsys, bridge
):
    monkeypatch.setattr(embedding, "is_available", lambda: False)

    call_command("match", AGAIN)
    call_command("find_duplicates", "-")

    told = capsys.readouterr()
    assert told.err.count("By words alone") == 2
    assert f"#{bridge.pk} " in told.out


def test_the_whole_collection_is_looked_through_for_duplicates(tmp_path, bridge):
    again = make_claim(AGAIN, status=Claim.Status.NEW)
    make_claim("=1+1 is a sum that a spreadsheet would work out.")
    index.add_up()
    table, lines = tmp_path / "pairs.csv", tmp_path / "pairs.ndjson"

    call_command("find_duplicates", str(table))
    call_command("find_duplicates", str(lines))

    with table.open(newline="") as file:
        pairs = {(row["older"], row["younger"]) for row in csv.DictReader(file)}
    assert (str(bridge.pk), str(again.pk)) in pairs
    assert json.loads(lines.read_text().splitlines()[0])["older_text"]
    with pytest.raises(CommandError, match="is there already"):
        call_command("find_duplicates", str(table))
    with pytest.raises(CommandError, match=r"ends in \.csv or \.ndjson"):
        call_command("find_duplicates", str(tmp_path / "pairs.txt"))
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("find_duplicates", str(tmp_path / "no-folder" / "pairs.csv"))


def test_the_report_of_duplicates_may_hold_what_is_certain_alone(monkeypatch, capsys, bridge):
    make_claim(AGAIN, status=Claim.Status.NEW)
    monkeypatch.setattr(find_duplicates, "TOLD_EACH", 4)
    index.add_up()

    call_command("find_duplicates", "-")
    both = capsys.readouterr()
    call_command("find_duplicates", "-", certain=True)
    certain = capsys.readouterr()

    assert "4 claims compared" in both.err
    rows = list(csv.DictReader(io.StringIO(both.out)))
    assert {row["certainty"] for row in rows} <= {"certain", "likely"}
    assert list(csv.DictReader(io.StringIO(certain.out))) == [
        row for row in rows if row["certainty"] == "certain"
    ]


@pytest.mark.parametrize("text", ['"', "a" * 5000, "水" * 5000, "\u202e" * 50, "#"])
def test_any_text_is_answered(client, bridge, text):
    assert asked(client, [text]).status_code == 200
    assert search.parse("bridge").wanted


def test_which_of_many_texts_cannot_be_read_is_said(client, bridge):
    answer = asked(client, ["fine", "a\0b"])

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "texts.1"
