"""A reader suggests a claim, is told what is there already, and sees what became of it."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims import workflow
from claims.models import Claim
from claims.search import index
from claims.tests.factories import make_claim, make_published_claim
from tips import moderating, sending
from tips.models import Suggestion, SuggestionReceipt

SAID = "The new tram line cost four hundred million euros."
CHECKED = "The harbour bridge was closed for eleven months because its bolts had rusted."
AGAIN = "Because its bolts had rusted, the harbour bridge was closed for eleven months."
FORM = "/suggest/"

pytestmark = pytest.mark.django_db


def send(client, *, seconds_ago=10, **typed):
    """Open the form a while ago, type, and send it; return the answer."""
    then = timezone.now() - datetime.timedelta(seconds=seconds_ago)
    with time_machine.travel(then, tick=False):
        stamp = client.get(FORM).context["form"]["stamp"].value()
    return client.post(FORM, {"said": SAID, "where": "On the radio", "stamp": stamp, **typed})


def suggested(**told):
    """Keep a suggestion, and return it with the address of its receipt."""
    token = sending.suggest(**{"said": SAID, "where": "On the radio", **told})
    receipt = SuggestionReceipt.objects.with_token(token).get()
    return receipt.suggestion, SuggestionReceipt.address_of(token)


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def bridge(ratings):
    """A claim with a verdict among others."""
    for number in range(6):
        make_claim(f"Rents rose by {number} percent in the old town, said a tenant.")
    claim = make_published_claim(CHECKED)
    index.add_up()
    return claim


def test_a_suggestion_is_kept_and_its_receipt_shown(client):
    response = send(client, who="The mayor", when="Last week", shows="The budget, page 4")

    kept = Suggestion.objects.get()
    assert (kept.said, kept.where, kept.who) == (SAID, "On the radio", "The mayor")
    assert (kept.when, kept.shows, kept.state) == ("Last week", "The budget, page 4", "open")
    page = read(client, response.url)
    assert "Thank you. We have your suggestion." in page
    assert SAID in page
    assert "The mayor" not in page


def test_readers_who_send_the_same_words_share_a_suggestion_and_read_nothing_of_each_other(client):
    first = send(client, who="A neighbour")
    second = send(client, said=f"  {SAID.upper()}\n", where="In a leaflet", who="My aunt")

    kept = Suggestion.objects.get()
    assert (kept.receipts.count(), kept.who) == (2, "A neighbour")
    assert first.url != second.url
    assert "neighbour" not in read(client, second.url)


def test_what_was_checked_is_shown_first_and_may_be_sent_all_the_same(client, bridge):
    held_up = send(client, said=AGAIN)
    page = " ".join(held_up.content.decode().split())
    sent = send(client, said=AGAIN, anyway="")

    assert held_up.status_code == 200
    assert "Is it this? We have it already" in page
    assert f'href="{bridge.get_absolute_url()}"' in page
    assert AGAIN in page
    assert 'name="anyway"' in page
    assert sent.status_code == 302
    assert Suggestion.objects.get().said == AGAIN


def test_what_readers_do_not_see_is_not_shown_as_checked(client, bridge):
    Claim.objects.filter(pk=bridge.pk).update(status="declined")
    index.refresh([bridge.pk])

    assert send(client, said=AGAIN).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"said": ""}, "said", "Tell us what was said."),
        ({"where": " "}, "where", "Tell us where you met it: a link, a programme, a leaflet."),
        ({"said": "a" * 1001}, "said", "Use 1000 characters or fewer. It has 1001 now."),
        ({"who": "a" * 201}, "who", "Use 200 characters or fewer. It has 201 now."),
        ({"said": "a\0b"}, "said", "Null characters are not allowed."),
        ({"website": "https://spam.example"}, "website", "Empty this field, then send again."),
        ({"stamp": "forged"}, None, "This page was open for too long."),
        ({"seconds_ago": 1}, None, "That was very quick."),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(client, typed, field, sentence):
    response = send(client, **{"shows": "The budget", **typed})

    form = response.context["form"]
    assert response.status_code == 200
    assert any(sentence in error for error in form.errors[field or "__all__"])
    assert "The budget" in response.content.decode()
    assert "<title>Error:" in response.content.decode()
    assert not Suggestion.objects.exists()


def test_the_sixth_within_an_hour_waits_with_its_words(client):
    answers = [send(client, said=f"Tram line {number} opened.") for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Tram line 5 opened." in answers[-1].content.decode()


def test_words_that_were_looked_for_in_vain_are_in_the_form(client):
    page = client.get("/claims/", {"q": "zebras on trams"}).content.decode()
    form = client.get(FORM, {"said": "zebras\0 on trams"}).content.decode()

    assert f'href="{FORM}?said=zebras%20on%20trams"' in page
    assert "zebras on trams</textarea>" in form
    assert f'href="{FORM}"' in client.get("/").content.decode()


def test_a_receipt_follows_the_claim_as_far_as_readers_see_it(client, reviewer, editor):
    suggestion, receipt = suggested()
    claim = moderating.take_up(suggestion, by=reviewer, text="The tram cost 400 m.", language="en")
    recorded = read(client, receipt)
    workflow.accept(claim, by=reviewer)
    in_review = read(client, receipt)
    other = make_published_claim("The tram line cost 400 million.")
    workflow.merge(claim, into=other, by=editor)
    merged = read(client, receipt)

    assert "Thank you. We have your suggestion." in recorded
    assert "The tram cost 400 m." not in recorded
    assert "We are checking it." in in_review
    assert f'href="{claim.get_absolute_url()}"' in in_review
    assert "We checked it." in merged
    assert f'href="{other.get_absolute_url()}"' in merged


def test_a_receipt_of_a_claim_that_was_declined_says_so_and_not_why(client, reviewer):
    suggestion, receipt = suggested()
    claim = moderating.take_up(suggestion, by=reviewer, text="The tram cost 400 m.", language="en")
    workflow.decline(claim, by=reviewer, reason="SECRET")

    page = read(client, receipt)

    assert "We looked into it, and do not check it." in page
    assert "SECRET" not in page
    assert "400 m." not in page


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 5000])
def test_an_unknown_token_opens_nothing(client, token):
    suggested()

    assert client.get(f"/suggest/receipts/{token}/").status_code == 404


def test_a_receipt_stays_between_us_and_the_reader(client):
    _suggestion, receipt = suggested()

    response = client.get(receipt)

    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert receipt.split("/")[-2] not in str(SuggestionReceipt.objects.values().get())


class TestModerating:
    def test_a_reviewer_records_the_claim_with_what_the_reader_wrote(self, client, reviewer):
        suggestion, _receipt = suggested(who="The mayor", shows="The budget")
        client.force_login(reviewer)
        page = f"/admin/tips/suggestion/{suggestion.pk}/change/"
        assert f"{SAID}</textarea>" in client.get(page).content.decode()

        response = client.post(
            page, {"verb": "take_up", "text": "The tram cost 400 million.", "language": "en"}
        )

        suggestion.refresh_from_db()
        claim = suggestion.claim
        assert response.url == f"/admin/claims/claim/{claim.pk}/change/"
        assert (claim.status, claim.text) == ("new", "The tram cost 400 million.")
        assert "Who said it: The mayor" in claim.background
        assert claim.history.get().history_user == reviewer
        assert (suggestion.state, suggestion.settled_by) == ("taken_up", reviewer)
        assert client.get(page).status_code == 200

    def test_a_reviewer_names_the_claim_that_says_the_same(self, client, reviewer, bridge):
        suggestion, receipt = suggested(said=AGAIN)
        client.force_login(reviewer)
        page = f"/admin/tips/suggestion/{suggestion.pk}/change/"

        offered = client.get(page).content.decode()
        client.post(page, {"verb": "same", "claim": bridge.pk})

        assert f'name="claim" value="{bridge.pk}"' in offered
        client.logout()
        assert f'href="{bridge.get_absolute_url()}"' in read(client, receipt)

    def test_a_reviewer_declines_in_words_that_stand_on_the_receipt(self, client, reviewer):
        suggestion, receipt = suggested()
        client.force_login(reviewer)
        page = f"/admin/tips/suggestion/{suggestion.pk}/change/"

        client.post(page, {"verb": "decline", "answer": " It is an <b>opinion</b>. "})

        client.logout()
        assert "It is an &lt;b&gt;opinion&lt;/b&gt;." in read(client, receipt)

    @pytest.mark.parametrize(
        ("posted", "sentence"),
        [
            ({"verb": "take_up", "text": "", "language": "en"}, "This field is required."),
            ({"verb": "take_up", "text": "It cost 4.", "language": "e n"}, "language tag"),
            ({"verb": "same", "claim": "999999"}, "There is no claim with this number."),
            ({"verb": "same", "claim": ""}, "Give the number of the claim that says the same."),
            ({"verb": "decline", "answer": " "}, "Write what the reader is to know."),
        ],
    )
    def test_a_refusal_says_why_and_changes_nothing(self, client, reviewer, posted, sentence):
        suggestion, _receipt = suggested()
        client.force_login(reviewer)

        response = client.post(f"/admin/tips/suggestion/{suggestion.pk}/change/", posted)

        suggestion.refresh_from_db()
        assert sentence in response.content.decode()
        assert suggestion.is_open
        assert not Claim.objects.exists()

    def test_of_two_who_settle_at_once_one_is_told_and_nothing_is_recorded(self, reviewer, editor):
        suggestion, _receipt = suggested()
        stale = Suggestion.objects.get()
        moderating.decline(suggestion, by=editor, answer="It is an opinion.")

        with pytest.raises(ValidationError, match="Eddie Editor settled this suggestion already"):
            moderating.take_up(stale, by=reviewer, text="The tram cost 400 m.", language="en")

        assert not Claim.objects.exists()

    def test_a_claim_that_nobody_will_read_is_not_named(self, reviewer):
        suggestion, _receipt = suggested()
        with pytest.raises(ValidationError, match="no reader sees it"):
            moderating.name_the_same(suggestion, by=reviewer, claim=make_claim(status="declined"))

    def test_who_may_not_settle_is_refused(self, administrator):
        suggestion, _receipt = suggested()
        with pytest.raises(PermissionDenied, match="Reviewers settle suggestions"):
            moderating.decline(suggestion, by=administrator, answer="No.")

    def test_the_queue_and_the_list_show_what_waits_in_a_fixed_number_of_queries(
        self, client, reviewer, django_assert_max_num_queries
    ):
        suggested()
        client.force_login(reviewer)
        for address in ("/admin/", "/admin/tips/suggestion/?state__exact=open"):
            assert SAID[:40] in client.get(address).content.decode()
        for number in range(30):
            suggested(said=f"Tram line {number} opened.")
        with django_assert_max_num_queries(32):
            page = client.get("/admin/").content.decode()
        with django_assert_max_num_queries(12):
            client.get("/admin/tips/suggestion/")
        assert "Suggestions (31)" in page
        assert "All that wait" in page

    @pytest.mark.parametrize(
        "broken",
        [
            {"state": "lost"},
            {"said": ""},
            {"state": "declined"},
            {"state": "taken_up"},
            {"answer": "No."},
        ],
    )
    def test_the_database_refuses_what_must_never_be(self, broken):
        suggested()
        with pytest.raises(IntegrityError), transaction.atomic():
            Suggestion.objects.update(**broken)
