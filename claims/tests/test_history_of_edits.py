"""Who changed which field from what to what, as the admin shows it."""

import re

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.history import remembered_as
from accounts.timeline import place_in, timeline
from claims import workflow
from claims.admin.timeline import strands_of_claim
from claims.models import Appearance, Claim, Evidence, Rating, Review, Speaker, Topic
from claims.seeding import load
from claims.steps import STEPS

from . import factories
from .test_admin import address, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ratings, reviewer):
    """A draft by that reviewer, with a passage and a piece of evidence."""
    claim = factories.make_claim()
    factories.make_appearance(claim)
    review = factories.make_review(claim, author=reviewer)
    factories.make_evidence(review, source=factories.make_source("Yearbook"))
    return review


def edit(browser, row, **fields):
    """Open the form of a row, change fields, and save."""
    page = address(row)
    response = browser.post(page, form_of(browser.get(page)) | fields)
    assert response.status_code == 302, response.context["errors"]


def entries(browser, row, **asked):
    """Return what the history of a row shows, newest first."""
    return browser.get(address(row, "history"), asked).context["entries"]


def said(entry):
    """Return what an entry changed: by the name of the field, what was removed and added."""
    return {
        change.label: tuple(
            "".join(piece.text for piece in change.pieces if piece.change == side)
            for side in ("removed", "added")
        )
        for change in entry.changes
    }


def bulk_claims(number):
    return Claim.objects.bulk_create(
        Claim(text=f"Loaded claim {place} holds.") for place in range(number)
    )


def test_an_edit_shows_who_changed_which_words(desk, reviewer):
    speaker = factories.make_speaker("Ann Lee", description="Mayor of Springfield")

    edit(desk, speaker, description="Former mayor of Springfield")

    newest = entries(desk, speaker)[0]
    assert (newest.who, newest.did) == (str(reviewer), "Changed")
    assert said(newest) == {"Description": ("Mayor", "Former mayor")}


def test_removed_and_added_words_are_named_without_colour(desk):
    speaker = factories.make_speaker("Ann Lee", description="Mayor <b>")
    edit(desk, speaker, description="Member")

    page = desk.get(address(speaker, "history")).content.decode()

    assert re.search(r"<del><span class=\"vh\">removed: </span>Mayor", page)
    assert re.search(r"<ins><span class=\"vh\">added: </span>Member", page)
    assert "<b>" not in strip_tags(page)
    assert "Mayor <b>" not in page


def test_fields_are_shown_in_words(desk):
    speaker, other = factories.make_speaker("Ann Lee"), factories.make_speaker("Bo Roe")
    claim = factories.make_claim(speaker=speaker)

    edit(desk, claim, kind="opinion", speaker=other.pk)

    assert said(entries(desk, claim)[0]) == {
        "Kind": ("Statement of fact", "Opinion"),
        "Speaker": ("Ann Lee", "Bo Roe"),
    }


def test_days_booleans_and_labels_are_shown_in_words(desk, draft):
    edit(desk, draft, labels=["out-of-date"], as_of="2024-07-02", found_no_support="")

    assert said(entries(desk, draft)[0]) == {
        "Labels": ("", "Out of date"),
        "As of": ("", "2 July 2024"),
        "Looked for evidence for the claim and found none": ("yes", "no"),
    }


def test_a_rating_is_shown_by_its_word(desk, draft, ratings):
    edit(desk, draft, rating=ratings["false"].pk)

    assert said(entries(desk, draft)[0]) == {"Rating": ("Mostly true", "False")}


def test_what_was_named_and_then_removed_is_shown_as_gone(desk, superuser):
    speaker = factories.make_speaker("Ann Lee")
    claim = factories.make_claim()
    edit(desk, claim, speaker=speaker.pk)
    edit(desk, claim, speaker="")
    key = speaker.pk
    speaker.delete()

    assert said(entries(desk, claim)[0]) == {"Speaker": (f"#{key} (gone)", "")}


def test_topics_are_remembered(desk):
    taxes, schools = factories.make_topic("Taxes"), factories.make_topic("Schools")
    claim = factories.make_claim(topics=[taxes])

    edit(desk, claim, topics=[taxes.pk, schools.pk])

    assert said(entries(desk, claim)[0]) == {"Topics": ("", ", Schools")}


def test_the_first_edit_after_a_bulk_load_shows_what_stood_there(desk, reviewer):
    claim = bulk_claims(1)[0]

    edit(desk, claim, text="Loaded claim 0 is half right.")

    edited, found = entries(desk, claim)
    assert said(edited) == {"Claim": ("holds", "is half right")}
    assert (found.who, found.changes) == ("", [])
    assert found.did == "How it stood before the first edit that is remembered"


def test_topics_given_in_bulk_are_known_before_their_first_edit(desk):
    taxes, schools = factories.make_topic("Taxes"), factories.make_topic("Schools")
    claim = bulk_claims(1)[0]
    Claim.topics.through.objects.bulk_create([Claim.topics.through(claim=claim, topic=taxes)])

    claim.topics.set([taxes, schools])

    assert said(entries(desk, claim)[0]) == {"Topics": ("", ", Schools")}


def test_nobody_is_credited_with_what_changed_past_the_history(desk, reviewer, draft):
    Review.objects.update(finding="Changed past the history.")

    edit(desk, draft, rationale="The record shows other figures.")

    edited, found = entries(desk, draft)[:2]
    assert (edited.who, list(said(edited))) == (str(reviewer), ["Rationale"])
    assert (found.who, "Finding" in said(found)) == ("", True)
    assert found.did == "Changed by a step, or together with other rows"


def test_a_save_that_changes_nothing_leaves_no_trace(desk):
    speaker = factories.make_speaker("Ann Lee")

    edit(desk, speaker)
    speaker.save()

    assert [entry.did for entry in entries(desk, speaker)] == ["Recorded"]


def test_after_a_save_that_changes_nothing_the_next_edit_is_remembered(desk):
    speaker = factories.make_speaker("Ann Lee")
    speaker.save()

    speaker.name = "Ann Li"
    speaker.save()

    assert said(entries(desk, speaker)[0]) == {"Name": ("Lee", "Li")}


def test_a_change_of_named_fields_is_remembered():
    speaker = factories.make_speaker("Ann Lee")

    speaker.name = "Ann Li"
    speaker.save(update_fields=["name"])

    assert list(speaker.history.values_list("name", flat=True)) == ["Ann Li", "Ann Lee"]


def test_steps_and_edits_stand_in_one_time_line(client, ratings, reviewer, editor):
    claim = factories.make_claim(status=Claim.Status.NEW)
    client.force_login(editor)
    edit(client, claim, kind="opinion")
    workflow.accept(claim, by=reviewer)
    edit(client, claim, kind="fact")

    told = entries(client, claim)

    assert [entry.did for entry in told] == ["Changed", "Accept for review", "Changed", "Recorded"]
    assert said(told[1]) == {"Status": ("New, not public", "In review")}
    assert told[1].who == str(reviewer)


def test_a_review_shows_its_steps_with_their_reasons(desk, draft, reviewer):
    workflow.submit(draft, by=reviewer)
    workflow.send_back(draft, by=reviewer, reason="A better source.")

    newest = entries(desk, draft)[0]

    assert (newest.did, newest.reason) == ("Send back", "A better source.")
    assert said(newest) == {"Status": ("Waiting for a second person", "Draft")}


def test_a_claim_shows_the_edits_of_its_passages_and_contacts(desk, draft):
    claim = draft.claim
    attempt = factories.make_contact_attempt(claim, asked="The mayor’s office")
    edit(desk, claim.appearances.get(), speaker_role="former mayor")
    attempt.how = "by telephone"
    attempt.save()

    contact, passage = entries(desk, claim)[:2]

    assert contact.part == "Contact attempt: The mayor’s office"
    assert said(contact) == {"How": ("mail", "telephone")}
    assert passage.part == "Appearance: taxes doubled"
    assert said(passage) == {"Speaker’s role as given there": ("", "former mayor")}


def test_a_passage_that_was_merged_into_a_claim_says_where_it_came_from(
    desk, ratings, reviewer, editor
):
    claim, into = factories.make_claim("One."), factories.make_claim("Other.")
    passage = factories.make_appearance(claim)
    workflow.merge(claim, into=into, by=editor)

    edit(desk, Appearance.objects.get(pk=passage.pk), speaker_role="mayor")

    edited, moved = [entry for entry in entries(desk, into) if "Appearance" in entry.part]
    assert list(said(edited)) == ["Speaker’s role as given there"]
    assert (moved.who, said(moved)["Claim"]) == ("", ("One.", "Other."))


def test_removed_evidence_is_shown_with_its_last_words_and_who_removed_it(desk, draft, reviewer):
    evidence = draft.evidence.get()
    desk.post(address(evidence, "delete"), {"post": "yes"})

    newest = entries(desk, draft)[0]

    assert (newest.who, newest.did) == (str(reviewer), "Removed")
    assert newest.part == "Evidence: Yearbook"
    assert said(newest)["What it shows"] == ("Gives the same figures.", "")


def test_evidence_added_on_the_page_of_the_claim_stands_in_the_history_of_the_review(
    desk, draft, reviewer
):
    source = factories.make_source("Almanac")
    page = address(draft.claim)
    posted = form_of(desk.get(page))
    place = posted["evidence-INITIAL_FORMS"]
    posted |= {
        "evidence-TOTAL_FORMS": place + 1,
        f"evidence-{place}-source": source.pk,
        f"evidence-{place}-stance": "refutes",
        f"evidence-{place}-summary": "Gives other figures.",
        f"evidence-{place}-position": "0",
    }
    assert desk.post(page, posted).status_code == 302

    newest = entries(desk, draft)[0]

    assert (newest.who, newest.did, newest.part) == (
        str(reviewer),
        "Recorded",
        "Evidence: Almanac",
    )
    assert said(newest)["Stance"] == ("", "Refutes")


@pytest.mark.parametrize("page", ["evidence", "appearance", "contact attempt"])
def test_a_part_has_a_history_of_its_own(desk, draft, page):
    row = {
        "evidence": draft.evidence.get,
        "appearance": draft.claim.appearances.get,
        "contact attempt": lambda: factories.make_contact_attempt(draft.claim),
    }[page]()

    assert [entry.did for entry in entries(desk, row)] == ["Recorded"]


def test_the_history_of_a_published_review_is_still_shown(desk, published_claim):
    review = published_claim.reviews.get()

    assert entries(desk, review)[0].did == "Publish"


def test_what_a_verb_records_is_remembered_as_the_persons_through_every_door(
    desk, reviewer, ratings
):
    claim = factories.make_claim()

    review = STEPS["start"].take(claim, by=reviewer, said={})

    assert review.history.get().history_user == reviewer


def test_a_step_through_the_api_is_remembered_as_the_persons(desk, ratings, reviewer):
    claim = factories.make_claim()

    response = desk.post(f"/api/v1/claims/{claim.pk}/start/", content_type="application/json")

    assert response.status_code == 200, response.content
    assert Review.objects.get().history.get().history_user == reviewer


def test_what_a_command_does_is_nobodys(desk, settings):
    load(settings.BASE_DIR / "seeds", ("ratings",))
    speaker = factories.make_speaker("Ann Lee")

    assert entries(desk, Rating.objects.first())[0].who == "a command (load_seed)"
    assert entries(desk, speaker)[0].who == "a command"


def test_what_is_done_for_somebody_is_theirs_only_as_long_as_it_is_done(editor):
    with remembered_as(by=editor):
        inside = factories.make_speaker()
    outside = factories.make_speaker()

    assert inside.history.get().history_user == editor
    assert outside.history.get().history_user is None


def test_who_is_signed_in_is_forgotten_when_the_answer_is_given(desk):
    edit(desk, factories.make_speaker(), name="Ann Li")

    assert factories.make_speaker().history.get().history_user is None


def test_the_history_outlives_the_account_of_who_edited(desk, superuser):
    speaker = factories.make_speaker("Ann Lee")
    with remembered_as(by=superuser):
        speaker.name = "Ann Li"
        speaker.save()

    superuser.delete()

    assert said(entries(desk, speaker)[0]) == {"Name": ("Lee", "Li")}


@pytest.mark.parametrize("row", ["claim", "review"])
def test_a_history_takes_the_same_number_of_queries_however_long_it_is(
    client, superuser, draft, ratings, row, django_assert_max_num_queries
):
    client.force_login(superuser)
    subject = draft if row == "review" else draft.claim
    happen(draft, ratings, 2)
    with CaptureQueriesContext(connection) as before:
        few = len(entries(client, subject))
    happen(draft, ratings, 8)

    with django_assert_max_num_queries(len(before)):
        many = len(entries(client, subject))

    assert many > few + 8


def happen(draft, ratings, times):
    """Let much happen to a claim, its parts, its draft and the evidence of that."""
    author = draft.author
    for turn in range(times):
        claim = Claim.objects.get(pk=draft.claim_id)
        claim.speaker = factories.make_speaker()
        claim.save()
        claim.topics.set([factories.make_topic()])
        factories.make_appearance(claim)
        factories.make_contact_attempt(claim)
        review = Review.objects.get(pk=draft.pk)
        review.rating = ratings["false" if turn % 2 else "mostly-true"]
        review.finding = f"Finding {turn} of {times}."
        review.save()
        evidence = factories.make_evidence(review, snapshot=None)
        evidence.source = factories.make_source()
        evidence.save()
        workflow.submit(review, by=author)
        workflow.send_back(review, by=author, reason="Once more.")


def test_a_long_history_is_read_page_by_page_without_a_gap(desk):
    speaker = factories.make_speaker("Ann 0")
    for number in range(1, 101):
        speaker.name = f"Ann {number}"
        speaker.save()

    told, before = [], {}
    for _page in range(3):
        context = desk.get(address(speaker, "history"), before).context
        told += context["entries"]
        before = {"before": str(context["older"])}

    assert [said(entry)["Name"][1] for entry in told[:-1]] == [
        str(number) for number in range(100, 0, -1)
    ]
    assert (len(told), context["older"]) == (101, None)


def test_what_happened_at_the_same_moment_is_not_lost_between_pages(draft, ratings):
    happen(draft, ratings, 6)
    moment = Claim.history.latest().history_date
    for happened in (Claim.history, Appearance.history):
        happened.update(history_date=moment)
    draft.claim.transitions.update(at=moment)
    strands = strands_of_claim(draft.claim_id, draft.author)
    whole, _end = timeline(strands, size=100)

    told, place = timeline(strands, size=4)
    while place:
        page, place = timeline(strands, place_in(str(place)), size=4)
        told += page

    assert told == whole


@pytest.mark.parametrize(
    "before", ["", "yesterday", "1-2", "1-0-1-1", "٣-0-1", "1" * 20 + "-0-1", "1-0-" + "9" * 30]
)
def test_an_address_that_no_page_gave_is_not_found(desk, before):
    response = desk.get(address(factories.make_speaker(), "history"), {"before": before})

    assert response.status_code == 404


@pytest.mark.parametrize("before", ["0-0-0", "9" * 16 + "-9-" + "9" * 18])
def test_a_history_may_be_read_from_any_moment(desk, before):
    response = desk.get(address(factories.make_speaker(), "history"), {"before": before})

    assert response.status_code == 200


def test_a_history_asks_for_the_permission_to_see_the_row(client, groups):
    client.force_login(factories.make_person(is_staff=True))
    rows = [factories.make_claim(), factories.make_speaker(), factories.make_source()]

    assert {client.get(address(row, "history")).status_code for row in rows} == {403}


def test_parts_that_a_person_may_not_see_are_left_out(client, draft, groups):
    person = factories.make_person(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_claim"))
    client.force_login(person)

    told = entries(client, draft.claim)

    assert [(entry.did, entry.part) for entry in told] == [("Recorded", "")]


def test_a_row_that_is_not_there_leads_back_to_the_desk(desk):
    assert desk.get(reverse("admin:claims_claim_history", args=[0])).status_code == 302


def test_rows_whose_edits_are_not_remembered_keep_the_log_of_the_admin(client, superuser):
    client.force_login(superuser)

    assert "action_list" in client.get(address(superuser, "history")).context


def test_no_history_is_changed_or_removed_through_the_admin(desk):
    assert not [model for model in site._registry if hasattr(model, "instance_type")]


def test_the_history_runs_nothing_inline(desk, draft):
    page = desk.get(address(draft, "history")).content.decode()

    body = page[page.index('id="change-history"') :]
    assert "style=" not in body
    assert "<script" not in body[: body.index("</table>")]


def test_a_bulk_load_writes_no_history(django_assert_num_queries):
    with django_assert_num_queries(1):
        claims = bulk_claims(50)

    assert not Claim.history.exists()
    assert len(claims) == 50


def test_an_edit_takes_the_same_number_of_queries_after_many_edits(
    django_assert_num_queries,
):
    speaker = factories.make_speaker("Ann 0")
    with CaptureQueriesContext(connection) as first:
        speaker.name = "Ann 1"
        speaker.save()
    for number in range(2, 30):
        speaker.name = f"Ann {number}"
        speaker.save()

    speaker.name = "Ann 30"
    with django_assert_num_queries(len(first)):
        speaker.save()


def test_a_fixture_is_loaded_without_history(tmp_path):
    file = tmp_path / "topics.json"
    file.write_text(
        '[{"model": "claims.topic", "pk": 1, "fields": {"name": "Taxes", "slug": "taxes"}}]'
    )

    call_command("loaddata", str(file), verbosity=0)

    assert Topic.objects.count() == 1
    assert not Topic.history.exists()


def test_readers_see_nothing_of_the_history(client, draft, reviewer):
    claim = draft.claim
    claim.background = "Secret words."
    claim.save()

    pages = [client.get(f"/claims/{claim.pk}/"), client.get(f"/api/v1/claims/{claim.pk}/")]

    assert all(page.status_code == 200 for page in pages)
    assert not any("Secret words" in page.content.decode() for page in pages)
    assert client.get(address(claim, "history")).status_code == 302
    assert not any("history" in page.json() for page in pages[1:])


def test_a_topic_that_was_removed_is_nobodys_change_of_the_claim(desk):
    taxes, schools = factories.make_topic("Taxes"), factories.make_topic("Schools")
    claim = factories.make_claim(topics=[taxes, schools])
    taxes.delete()

    edit(desk, claim, kind="opinion")

    edited, found = entries(desk, claim)[:2]
    assert list(said(edited)) == ["Kind"]
    assert found.who == ""
    assert "(gone)" in said(found)["Topics"][0]


def test_evidence_is_remembered_when_a_queryset_removes_it(draft):
    key = draft.evidence.get().pk

    Evidence.objects.filter(review=draft).delete()

    assert Evidence.history.filter(id=key).first().history_type == "-"


def test_a_speaker_that_was_removed_keeps_its_history():
    speaker = factories.make_speaker("Ann Lee")
    key = speaker.pk

    speaker.delete()

    assert [row.history_type for row in Speaker.history.filter(id=key)] == ["-", "+"]
