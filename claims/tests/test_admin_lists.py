"""Lists of the desk: what they look through when there are more rows than that."""

import pytest
from django.urls import reverse

from accounts import listing
from claims import queue
from claims.admin.claim import ClaimAdmin
from claims.admin.speaker import SpeakerAdmin
from claims.models import Claim, Transition
from claims.tests import factories

CLAIMS = reverse("admin:claims_claim_changelist")
SPEAKERS = reverse("admin:claims_speaker_changelist")
STEPS = reverse("admin:claims_transition_changelist")


@pytest.fixture
def desk(client, editor, monkeypatch):
    """A browser of an editor whose lists reach no further than three rows."""
    monkeypatch.setattr(listing, "NEWEST", 3)
    client.force_login(editor)
    return client


@pytest.fixture
def claims(db):
    """Five claims, the oldest first; the first is declined."""
    declined = factories.make_claim("Frogs sing.", status=Claim.Status.DECLINED, kind="opinion")
    return [declined, *(factories.make_claim(f"Rents rose {n} times.") for n in range(1, 5))]


def shown(desk, address):
    return list(desk.get(address).context_data["cl"].result_list)


def test_a_list_pages_its_first_rows_and_says_that_there_are_more(desk, claims):
    page = desk.get(CLAIMS)

    assert "the first 3 of more claims" in page.content.decode()
    assert page.context_data["cl"].paginator.count == 3


def test_a_search_looks_through_the_newest_rows(desk, monkeypatch):
    monkeypatch.setattr(SpeakerAdmin, "searched", 3)
    speakers = [factories.make_speaker(name) for name in ("Ida", "Ada", "Ada B", "Ada C")]

    assert shown(desk, f"{SPEAKERS}?q=ada") == speakers[:0:-1]
    assert shown(desk, f"{SPEAKERS}?q=ida") == []


def test_claims_are_found_by_their_words_however_old_they_are(desk, claims):
    assert shown(desk, f"{CLAIMS}?q=frogs") == [claims[0]]


def test_a_search_within_a_filter_looks_through_the_newest_of_those(desk, claims):
    assert shown(desk, f"{CLAIMS}?q=frogs&status__exact=declined") == [claims[0]]


def test_a_number_is_found_however_old_it_is(desk, claims):
    assert shown(desk, f"{CLAIMS}?q=%23{claims[0].pk}") == [claims[0]]


@pytest.mark.parametrize("number", ["9" * 30, "0", "²"])
def test_a_number_that_nothing_has_finds_nothing(desk, claims, number):
    assert shown(desk, f"{CLAIMS}?q=%23{number}") == []


def test_suggestions_are_of_the_newest_rows(desk, claims):
    asked = {"app_label": "claims", "model_name": "appearance", "field_name": "claim"}

    found = desk.get(reverse("admin:autocomplete"), asked | {"term": "rents"}).json()["results"]

    assert [each["id"] for each in found] == [str(claim.pk) for claim in claims[:1:-1]]


def test_a_filter_with_an_index_has_all_rows(desk, claims):
    page = desk.get(f"{CLAIMS}?status__exact=declined")

    assert list(page.context_data["cl"].result_list) == [claims[0]]
    assert "were looked through" not in page.content.decode()


def test_another_filter_looks_through_the_newest_rows_and_says_so(desk, claims):
    page = desk.get(f"{CLAIMS}?kind__exact=opinion")

    assert list(page.context_data["cl"].result_list) == []
    assert "Only the newest 10,000 were looked through." in page.content.decode()


def test_a_question_that_the_database_cannot_answer_is_no_fault_of_the_server(desk):
    address = reverse("admin:claims_review_changelist")

    response = desk.get(address, {"labels__contains": '["out-of-date"]'})

    assert response.status_code in (200, 302)


def test_a_long_list_keeps_its_order(desk, claims):
    assert shown(desk, f"{CLAIMS}?o=1") == claims[::-1]


def test_a_short_list_can_be_sorted_by_a_column(client, editor, claims):
    client.force_login(editor)

    assert shown(client, f"{CLAIMS}?o=1") == sorted(claims, key=lambda claim: claim.text)


def test_an_action_with_all_rows_takes_those_that_are_shown(desk):
    new = [factories.make_claim(status=Claim.Status.NEW) for _ in range(5)]
    accept = {"action": "accept", "select_across": "1", "index": "0"}

    desk.post(CLAIMS, accept | {"_selected_action": [new[0].pk]})

    assert list(Claim.objects.filter(status=Claim.Status.IN_REVIEW)) == new[:1:-1]


def test_steps_are_filtered_by_what_was_done(desk, published_claim):
    found = shown(desk, f"{STEPS}?verb=publish")

    assert found == list(Transition.objects.filter(verb="publish"))


def test_the_queue_looks_for_claims_not_begun_among_the_newest_given(reviewer, monkeypatch):
    monkeypatch.setattr(queue, "MOST_COUNTED", 2)
    given = [factories.make_claim(assigned_to=reviewer) for _ in range(4)]

    part = queue.not_begun(reviewer)

    assert part.rows == given[2:]


def test_words_that_stand_elsewhere_are_found(desk, published_claim):
    words = published_claim.text.split()[0]

    found = shown(desk, f"{STEPS}?q={words}")

    assert found == list(published_claim.transitions.order_by("-pk"))[: len(found)]
    assert found


def test_a_later_page_shows_the_rows_that_follow(client, editor, monkeypatch):
    monkeypatch.setattr(ClaimAdmin, "list_per_page", 2)
    claims = [factories.make_claim() for _ in range(5)]
    client.force_login(editor)

    assert shown(client, f"{CLAIMS}?p=2") == [claims[2], claims[1]]
