"""Who gets mail of what happened to their work, and what it says."""

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Mail, MailKind
from claims import workflow
from claims.models import Claim, Review
from claims.steps import STEPS

from . import factories


def told():
    """Return each mail as a pair of who got it and its kind, and forget them."""
    written = [(mail.to, str(mail.kind)) for mail in Mail.objects.select_related("to")]
    Mail.objects.all().delete()
    return sorted(written, key=lambda pair: pair[0].pk)


@pytest.fixture
def claim(db):
    return factories.make_claim("Taxes doubled.")


@pytest.fixture
def review(ratings, claim, reviewer):
    """A complete draft by the reviewer."""
    return factories.make_review(claim, author=reviewer)


@pytest.fixture
def submitted(review, reviewer, editor):
    """The same with a second person; the mail of that is forgotten."""
    workflow.submit(review, by=reviewer)
    Mail.objects.all().delete()
    return review


@pytest.fixture
def published(submitted, editor):
    """The same as a published verdict; the mail of that is forgotten."""
    workflow.publish(submitted, by=editor)
    Mail.objects.all().delete()
    return submitted


def test_who_is_given_a_claim_is_told(claim, reviewer, editor):
    workflow.assign(claim, by=editor, to=reviewer)

    mail = Mail.objects.get()
    assert (mail.to, mail.kind) == (reviewer, "assignment")
    assert mail.subject == "A claim for you: Taxes doubled."
    assert "Eddie Editor gave you this claim." in mail.text
    assert "“Taxes doubled.”" in mail.text


def test_who_takes_a_claim_or_has_it_already_is_not_told(claim, reviewer, editor):
    workflow.assign(claim, by=editor, to=editor)
    workflow.assign(claim, by=editor, to=None)
    workflow.assign(claim, by=editor, to=reviewer)
    told()

    workflow.assign(claim, by=editor, to=reviewer)

    assert told() == []


def test_who_had_the_claim_is_told_where_it_went(claim, reviewer, editor):
    workflow.assign(claim, by=editor, to=reviewer)
    other = factories.make_person("Olga Other", role="reviewer")
    told()

    workflow.assign(claim, by=editor, to=other)

    assert "It is now with: Olga Other" in Mail.objects.get(to=reviewer).text
    assert told() == [(reviewer, "stopped"), (other, "assignment")]


def test_whose_draft_is_handed_over_is_told_once(review, reviewer, editor):
    other = factories.make_person(role="reviewer")

    workflow.assign(review.claim, by=editor, to=other)

    assert told() == [(reviewer, "stopped"), (other, "assignment")]


def test_a_claim_given_to_nobody_is_told_to_who_had_it(claim, reviewer, editor):
    workflow.assign(claim, by=editor, to=reviewer)
    told()

    workflow.assign(claim, by=editor, to=None)

    assert "It is now with: nobody" in Mail.objects.get().text
    assert told() == [(reviewer, "stopped")]


def test_everybody_who_may_publish_a_review_is_told_that_it_waits(
    review, reviewer, editor, superuser, administrator
):
    by_own_permission = factories.make_person(is_staff=True)
    by_own_permission.user_permissions.add(
        *editor.groups.get().permissions.filter(codename__in=["publish_review", "view_review"])
    )
    factories.make_person(role="editor", is_active=False)
    factories.make_person(role="editor", is_staff=False)
    contributor = factories.make_person(role="editor")
    review.contributors.add(contributor)
    recused = factories.make_person(role="editor")
    workflow.recuse(review.claim, by=recused, reason="A stake.")

    workflow.submit(review, by=reviewer)

    assert told() == [
        (editor, "submitted"),
        (superuser, "submitted"),
        (by_own_permission, "submitted"),
    ]


def test_an_editor_who_submits_is_not_told_of_it(ratings, claim, editor):
    review = factories.make_review(claim, author=editor)

    workflow.submit(review, by=editor)

    assert told() == []


def test_the_mail_to_a_second_person_says_nothing_of_the_verdict(review, reviewer, editor):
    workflow.submit(review, by=reviewer)

    text = Mail.objects.get().text
    assert "Rita Reviewer sent the review of this claim" in text
    assert review.finding not in text
    assert str(review.rating) not in text


def test_a_review_that_comes_again_is_told_to_all_who_may_publish(submitted, reviewer, editor):
    other = factories.make_person(role="editor")
    workflow.send_back(submitted, by=editor, reason="Name the year.")
    told()

    workflow.submit(submitted, by=reviewer)

    assert told() == [(editor, "submitted"), (other, "submitted")]


def test_the_author_is_told_what_is_to_be_mended(submitted, reviewer, editor):
    workflow.send_back(submitted, by=editor, reason="Name the year.")

    assert "What is to be mended: Name the year." in Mail.objects.get().text
    assert told() == [(reviewer, "sent_back")]


def test_an_author_who_takes_a_review_back_is_not_told(submitted, reviewer):
    workflow.send_back(submitted, by=reviewer, reason="A better source.")

    assert told() == []


def test_those_who_worked_on_a_verdict_are_told_that_it_is_published(submitted, reviewer, editor):
    contributor = factories.make_person(role="reviewer")
    submitted.contributors.add(contributor)
    assignee = factories.make_person(role="reviewer")
    Claim.objects.update(assigned_to=assignee)
    submitted.refresh_from_db()

    workflow.publish(submitted, by=editor)

    mail = Mail.objects.filter(to=reviewer).get()
    assert "Eddie Editor published the verdict" in mail.text
    assert "The verdict: Mostly true. The figures are right, the year is not." in mail.text
    assert told() == [
        (reviewer, "published"),
        (contributor, "published"),
        (assignee, "published"),
    ]


def test_why_an_interest_is_no_obstacle_is_not_mailed(submitted, editor):
    workflow.publish(submitted, by=editor, interest_answer="I left that firm.")

    assert "I left that firm." not in Mail.objects.get().text


def test_author_approver_and_who_writes_on_are_told_that_a_verdict_is_withdrawn(
    published, reviewer, editor
):
    colleague = factories.make_person(role="reviewer")
    workflow.revise(published.claim, by=colleague, kind="update", note="New figures.")
    other_editor = factories.make_person(role="editor")

    workflow.retract(published, by=other_editor, note="We misread the table.")

    assert "What readers are told: We misread the table." in Mail.objects.first().text
    assert told() == [
        (reviewer, "retracted"),
        (editor, "retracted"),
        (colleague, "retracted"),
    ]


def test_an_approver_who_withdraws_is_not_told_of_it(published, reviewer, editor):
    workflow.retract(published, by=editor, note="We misread the table.")

    assert told() == [(reviewer, "retracted")]


def test_the_author_is_told_that_an_editor_discarded_the_draft(review, reviewer, editor):
    workflow.discard(review, by=editor, reason="Nobody went on.")

    assert "Reason: Nobody went on." in Mail.objects.get().text
    assert told() == [(reviewer, "stopped")]


def test_an_author_who_discards_is_not_told(review, reviewer, editor):
    workflow.discard(review, by=reviewer, reason="I begin anew.")

    assert told() == []


def test_who_works_on_a_claim_is_told_that_it_is_declined_and_taken_up_again(
    review, reviewer, editor
):
    assignee = factories.make_person(role="reviewer")
    Claim.objects.update(assigned_to=assignee)

    workflow.decline(review.claim, by=editor, reason="Nobody repeats it.")
    declined = told()
    workflow.reopen(review.claim, by=editor, reason="It is repeated now.")

    assert declined == [(reviewer, "stopped"), (assignee, "stopped")]
    assert told() == [(reviewer, "stopped"), (assignee, "stopped")]


def test_who_works_on_a_claim_is_told_that_it_is_merged_and_that_this_is_undone(
    review, reviewer, editor
):
    other = factories.make_claim("Taxes went up twofold.")

    workflow.merge(review.claim, into=other, by=editor)
    mail = Mail.objects.get()
    workflow.unmerge(review.claim, by=editor)

    assert "The other claim: “Taxes went up twofold.”" in mail.text
    assert mail.link.endswith(f"/{other.pk}/change/")
    assert told() == [(reviewer, "stopped")] * 2


def test_nobody_is_told_of_a_claim_on_which_nobody_works(claim, editor, superuser):
    workflow.decline(claim, by=editor, reason="Nobody repeats it.")

    assert told() == []


@pytest.mark.parametrize("changes", [{"is_staff": False}, {"is_active": False}])
def test_who_left_the_desk_is_not_told_of_work(review, reviewer, editor, changes):
    for name, value in changes.items():
        setattr(reviewer, name, value)
    reviewer.save()

    workflow.discard(review, by=editor, reason="Nobody went on.")

    assert told() == []


@pytest.mark.parametrize("kind", MailKind.values)
def test_a_kind_that_is_switched_off_is_not_mailed(review, reviewer, editor, kind):
    claim = review.claim
    for person in (reviewer, editor):
        person.muted_mail = [kind]
        person.save()

    workflow.assign(claim, by=editor, to=None)
    workflow.assign(claim, by=editor, to=reviewer)
    workflow.submit(review, by=reviewer)
    workflow.send_back(review, by=editor, reason="Name the year.")
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)
    workflow.retract(review, by=editor, note="We misread the table.")

    kinds = {kind for _, kind in told()}
    assert kinds == set(MailKind.values) - {kind, "mention"}


def test_a_step_that_is_rolled_back_is_told_to_nobody(
    review, reviewer, editor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        workflow.submit(review, by=reviewer)
        transaction.set_rollback(True)

    assert told() == []
    assert outbox.outbox == []


def test_a_step_through_a_button_is_mailed(
    client, submitted, reviewer, editor, django_capture_on_commit_callbacks
):
    client.force_login(editor)
    button = reverse("admin:claims_review_step", args=[submitted.pk, "send_back"])

    with django_capture_on_commit_callbacks(execute=True):
        client.post(button, {"reason": "Name the year."})

    (sent,) = outbox.outbox
    assert sent.to == [reviewer.email]
    assert sent.subject == "Sent back: Taxes doubled."


def test_a_mail_that_cannot_be_written_does_not_hold_a_step_up(
    review, reviewer, editor, settings, caplog
):
    del settings.MAIL_ORIGIN

    workflow.submit(review, by=reviewer)

    assert Review.objects.get().status == "submitted"
    assert review.transitions.filter(verb="submit").exists()
    assert "Nobody was told of “submit”" in caplog.text
    assert told() == []


def open_links():
    """Open the link of each mail as who got it, and return the addresses and the answers."""
    answers = []
    for mail in Mail.objects.select_related("to"):
        browser = Client()
        browser.force_login(mail.to)
        assert mail.link.startswith("https://facts.example/")
        answers.append((mail.kind, mail.link.partition("example")[2], browser.get(mail.link)))
    Mail.objects.all().delete()
    return answers


def test_each_link_opens_the_page_of_the_next_step(claim, ratings, reviewer, editor, settings):
    settings.MAIL_ORIGIN = "https://facts.example"
    desk = reverse("admin:claims_claim_change", args=[claim.pk])
    workflow.assign(claim, by=editor, to=reviewer)
    answers = open_links()
    review = factories.make_review(claim, author=reviewer)
    workflow.submit(review, by=reviewer)
    answers += open_links()
    workflow.send_back(review, by=editor, reason="Name the year.")
    answers += open_links()
    workflow.submit(review, by=reviewer)
    told()
    workflow.publish(review, by=editor)
    answers += open_links()
    workflow.retract(review, by=editor, note="We misread the table.")
    answers += open_links()

    assert [answer.status_code for _, _, answer in answers] == [200] * 5
    assert [(kind, address) for kind, address, _ in answers] == [
        ("assignment", desk),
        ("submitted", reverse("admin:claims_review_approve", args=[review.pk])),
        ("sent_back", desk),
        ("published", claim.get_absolute_url()),
        ("retracted", desk),
    ]


def test_a_step_takes_the_same_number_of_queries_however_many_are_told(
    ratings, reviewer, editor, django_assert_num_queries
):
    few, many = (factories.make_review(author=reviewer) for _ in range(2))
    with CaptureQueriesContext(connection) as before:
        workflow.submit(few, by=reviewer)
    for _ in range(5):
        factories.make_person(role="editor")

    with django_assert_num_queries(len(before)):
        workflow.submit(many, by=reviewer)

    assert len(told()) == 1 + 6


def test_loading_the_seed_is_told_to_nobody(editor, superuser, capsys):
    STEPS["assign"].take(factories.make_claim(), by=superuser, said={"to": editor.username})
    before = told()

    call_command("load_seed")

    assert before == [(editor, "assignment")]
    assert told() == []
