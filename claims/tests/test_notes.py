"""Notes: what colleagues write to each other about a claim, and who is told."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Mail
from claims import notes, workflow
from claims.models import Claim, Note, Transition

from . import factories


@pytest.fixture
def claim(db):
    return factories.make_claim("Taxes doubled.")


@pytest.fixture
def rita(groups):
    return factories.make_person("Rita Reviewer", role="reviewer", username="rita")


@pytest.fixture
def desk(client, rita):
    """A browser in which Rita is signed in."""
    client.force_login(rita)
    return client


@pytest.fixture
def eddie(groups):
    return factories.make_person("Eddie Editor", role="editor", username="eddie")


def page_of(claim):
    return reverse("admin:claims_claim_change", args=[claim.pk])


def add(desk, claim, text, **options):
    return desk.post(reverse("admin:claims_claim_note", args=[claim.pk]), {"text": text}, **options)


def mailed():
    return sorted(mail.to.username for mail in Mail.objects.select_related("to"))


def test_a_note_stands_on_the_page_of_its_claim_with_who_wrote_it(desk, claim, rita):
    response = add(desk, claim, "  The ministry has the table.\r\nAsk for 2024.  ", follow=True)

    page = response.content.decode()
    note = Note.objects.get()
    assert response.redirect_chain == [(f"{page_of(claim)}#notes", 302)]
    assert "The note is kept." in page
    assert (note.claim, note.by) == (claim, rita)
    assert note.text == "The ministry has the table.\nAsk for 2024."
    assert "The ministry has the table.\nAsk for 2024." in page
    assert "<b>Rita Reviewer</b>" in page


def test_who_is_mentioned_gets_mail_that_opens_the_claim(desk, claim, eddie, settings):
    settings.MAIL_ORIGIN = "https://facts.example"

    add(desk, claim, "Does the table convince you, @eddie?")

    mail = Mail.objects.get()
    browser = Client()
    browser.force_login(eddie)
    assert (mail.to, mail.kind) == (eddie, "mention")
    assert "Rita Reviewer mentions you in a note on this claim." in mail.text
    assert "“Taxes doubled.”" in mail.text
    assert "Does the table convince you, @eddie?" in mail.text
    assert mail.link == f"https://facts.example{page_of(claim)}#notes"
    assert "Does the table convince you" in browser.get(mail.link).content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "@eddie",
        "@EDDIE: look.",
        "Ask (@eddie).",
        "Please ask @eddie.",
        "@eddie, @Eddie and @eddie!",
        "Is it so, @eddie...?",
        "Written with @eddie’s help",
        "One line\n@eddie\nanother",
        "@rita/@eddie",
        "See https://example.org/ @eddie",
    ],
)
def test_a_mention_is_found_and_mailed_once(desk, claim, rita, eddie, text):
    response = add(desk, claim, text, follow=True)

    assert mailed() == ["eddie"]
    assert "Nobody who reads notes" not in response.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "Write to info@eddie or info@eddie.example",
        "See https://example.org/@eddie",
        "eddie knows",
        "5 @ 3, an @ alone",
    ],
)
def test_an_address_or_a_link_mentions_nobody(desk, claim, eddie, text):
    response = add(desk, claim, text, follow=True)

    assert mailed() == []
    assert "Nobody who reads notes" not in response.content.decode()


@pytest.mark.parametrize("username", ["jo.ann", "jo@desk", "jo+1", "jo-", "jo.", "Zoë", "ÜNAL_1"])
def test_every_username_can_be_mentioned(desk, claim, username):
    factories.make_person(role="editor", username=username)
    factories.make_person(role="editor", username="jo")

    add(desk, claim, f"Ask @{username.swapcase()}, please.")

    assert mailed() == [username]


def test_names_that_nobody_has_are_told_to_the_author(desk, claim, eddie):
    factories.make_person(username="reader", is_staff=True)
    factories.make_person(role="editor", username="left", is_active=False)

    response = add(desk, claim, "@edie., @eddie, @left, @edie and @reader", follow=True)

    page = response.content.decode()
    assert "Nobody who reads notes has this username: @edie, @left, @reader" in page
    assert mailed() == ["eddie"]


def test_nobody_gets_mail_of_their_own_mention(desk, claim):
    add(desk, claim, "Reminder to @rita: call back.")

    assert mailed() == []


def test_who_switched_mentions_off_gets_no_mail_and_is_not_unknown(desk, claim, eddie):
    eddie.muted_mail = ["mention"]
    eddie.save()

    response = add(desk, claim, "@eddie", follow=True)

    assert mailed() == []
    assert "Nobody who reads notes" not in response.content.decode()


def test_a_note_that_is_rolled_back_is_mailed_to_nobody(claim, rita, eddie):
    with transaction.atomic():
        notes.write(claim, by=rita, text="@eddie")
        transaction.set_rollback(True)

    assert not Note.objects.exists()
    assert mailed() == []


def test_mentions_stand_out_and_what_was_typed_is_not_markup(desk, claim, eddie):
    response = add(desk, claim, "<i>@Eddie. and @nobody</i>", follow=True)

    page = response.content.decode()
    assert "&lt;i&gt;<b>@Eddie</b>. and @nobody&lt;/i&gt;" in page


@pytest.mark.parametrize("text", ["", " \r\n ", "x" * 5001, "a\x00b"])
def test_a_text_that_will_not_do_is_refused_and_not_lost(desk, claim, text):
    response = add(desk, claim, text)

    page = response.content.decode()
    assert response.status_code == 400
    assert "errorlist" in page
    assert text.strip("\r\n ")[:5000] in page
    assert not Note.objects.exists()


def test_a_long_note_fits_however_the_browser_ends_its_lines(desk, claim):
    add(desk, claim, "a\r\n" * 2499 + "bc")

    assert len(Note.objects.get().text) == 5000


@pytest.mark.parametrize("text", ["", " \n", "x" * 5001])
def test_the_verb_refuses_what_is_empty_or_too_long(claim, rita, text):
    with pytest.raises(ValidationError) as refused:
        notes.write(claim, by=rita, text=text)

    assert list(refused.value.error_dict) == ["text"]
    assert not Note.objects.exists()


def test_the_form_of_a_note_is_a_page_of_its_own_too(desk, claim):
    page = desk.get(reverse("admin:claims_claim_note", args=[claim.pk])).content.decode()

    assert "Taxes doubled." in page
    assert "Add note" in page


def test_a_note_changes_nothing_else(desk, claim):
    before = Claim.objects.values().get()

    add(desk, claim, "The ministry has the table.")

    assert Claim.objects.values().get() == before
    assert not Transition.objects.exists()


@pytest.mark.parametrize("status", Claim.Status.values)
def test_a_note_can_be_written_whatever_the_claim_stands_at(desk, rita, status):
    into = factories.make_claim() if status == "merged" else None
    claim = factories.make_claim(status=status, merged_into=into)

    add(desk, claim, "Seen.")

    assert claim.notes.get().text == "Seen."


def test_notes_stay_with_their_claim_when_it_is_merged(claim, rita, eddie):
    notes.write(claim, by=rita, text="Seen.")

    workflow.merge(claim, into=factories.make_claim(), by=eddie)

    assert claim.notes.count() == 1


def test_only_who_may_write_notes_writes_them(client, claim, administrator):
    client.force_login(administrator)

    page = client.get(page_of(claim)).content.decode()
    refused = add(client, claim, "Seen.")

    assert "Notes for colleagues" in page
    assert "Add note" not in page
    assert refused.status_code == 403
    with pytest.raises(PermissionDenied):
        notes.write(claim, by=administrator, text="Seen.")
    assert not Note.objects.exists()


def test_who_may_not_read_notes_does_not_see_them(client, claim, rita):
    notes.write(claim, by=rita, text="SECRET")
    person = factories.make_person(is_staff=True)
    person.user_permissions.add(
        *rita.groups.get().permissions.filter(codename__in=["view_claim", "view_review"])
    )
    client.force_login(person)

    page = client.get(page_of(claim)).content.decode()

    assert "Taxes doubled." in page
    assert "SECRET" not in page
    assert "Notes for colleagues" not in page


def test_there_is_no_note_on_a_claim_that_is_not_there(desk):
    assert desk.post(reverse("admin:claims_claim_note", args=[7]), {"text": "x"}).status_code == 404


def test_a_note_needs_the_token_of_its_form(claim, rita):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rita)

    assert add(browser, claim, "Forged.").status_code == 403


def test_the_page_shows_the_last_notes_newest_first_and_links_to_all(desk, claim, rita):
    for number in range(22):
        notes.write(claim, by=rita, text=f"Note number {number}.")
    other = factories.make_claim()
    notes.write(other, by=rita, text="Of another claim.")

    page = desk.get(page_of(claim)).content.decode()
    everything = f"{reverse('admin:claims_note_changelist')}?claim__id__exact={claim.pk}"
    listed = desk.get(everything).content.decode()

    assert page.index("Note number 21.") < page.index("Note number 2.")
    assert "Note number 1." not in page
    assert "Of another claim." not in page
    assert everything in page
    assert "Note number 0." in listed
    assert "Of another claim." not in listed


def test_the_page_takes_the_same_number_of_queries_however_many_notes(
    desk, claim, rita, eddie, django_assert_num_queries
):
    notes.write(claim, by=rita, text="@eddie")
    with CaptureQueriesContext(connection) as before:
        desk.get(page_of(claim))
    for _ in range(4):
        notes.write(claim, by=eddie, text="@rita and @eddie")

    with django_assert_num_queries(len(before)):
        desk.get(page_of(claim))


def test_a_note_takes_the_same_number_of_queries_however_many_it_mentions(
    claim, rita, django_assert_num_queries
):
    people = [factories.make_person(role="editor") for _ in range(7)]
    notes.write(claim, by=rita, text="What Rita may do is looked up once.")
    two, seven = (" ".join(f"@{person.username}" for person in people[:count]) for count in (2, 7))
    with CaptureQueriesContext(connection) as before:
        notes.write(claim, by=rita, text=two)

    with django_assert_num_queries(len(before)):
        notes.write(claim, by=rita, text=seven)

    assert Mail.objects.count() == 2 + 7


def test_a_note_is_never_changed_or_deleted(client, claim, rita, superuser):
    note, _missing = notes.write(claim, by=rita, text="Seen.")
    client.force_login(superuser)
    row = reverse("admin:claims_note_change", args=[note.pk])

    note.text = "Forged."
    with pytest.raises(ValidationError):
        note.save()
    with pytest.raises(ValidationError):
        note.delete()

    assert "Seen." in client.get(row).content.decode()
    assert client.post(row, {"text": "Forged."}).status_code == 403
    assert client.post(reverse("admin:claims_note_delete", args=[note.pk])).status_code == 403
    assert Note.objects.get().text == "Seen."


def test_the_database_refuses_an_empty_note(claim, rita):
    with pytest.raises(IntegrityError, match="note_has_a_text"), transaction.atomic():
        Note.objects.create(claim=claim, by=rita, text="")


def test_readers_never_see_a_note(ratings, rita, eddie):
    claim = factories.make_published_claim("Taxes doubled.", author=rita, approver=eddie)
    appearance = claim.appearances.get()
    notes.write(claim, by=rita, text="SECRET for @eddie")
    source = appearance.snapshot.source_id
    reader = Client()

    answers = [
        reader.get(address)
        for address in (
            reverse("home"),
            reverse("claims"),
            claim.get_absolute_url(),
            reverse("article", args=[source]),
            reverse("corrections"),
            f"/api/v1/claims/{claim.pk}/",
            "/api/v1/claims/",
            "/api/v1/reviews/",
            f"/api/v1/articles/{source}/",
            "/api/v1/schema/",
        )
    ]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert [answer for answer in answers if b"SECRET" in answer.content] == []
    assert (
        reader.get(f"/api/v1/claims/{claim.pk}/").json().keys().isdisjoint({"notes", "background"})
    )
    assert reader.get(page_of(claim)).status_code == 302
    assert add(reader, claim, "Forged.").status_code == 302
    assert Note.objects.count() == 1
