"""docs/permissions.md, cell by cell: what its tables say is what every door does.

A new verb, kind of row or address needs its line in the document. Only where the defaults below
do not make a row that fits does it need anything here.
"""

import datetime
import hashlib
import io
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import Invitation, Mail, MailAttempt, User
from claims import versions, workflow
from claims.models import AboutPage, Claim, Rating, Review, Risk, Transition
from claims.moves import ALLOWED
from claims.steps import STEPS
from claims.tests import factories
from sources import archive, warc
from sources.models import Capture, Link, LinkCheck, PublicCopy
from tips import sending

from .forms import posted_by

# What these run is run by other tests too; measuring it again takes minutes.
pytestmark = [pytest.mark.django_db, pytest.mark.unmeasured]
DOCUMENT = Path(__file__).parent.parent / "docs" / "permissions.md"


def table(heading):
    """Return the cells of a table by the code in its first column, then by role."""
    section = DOCUMENT.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    (_first, *roles), *rows = [[cell.strip() for cell in line] for line in lines]
    return {
        re.search(r"`(.+)`", first)[1]: dict(zip(roles, cells, strict=True))
        for first, *cells in rows
    }


VERBS, ROWS = table("Verbs"), table("Rows in the admin")
PARTS, PAGES = table("Parts of pages"), table("Pages")
# The second kind of people without a role: the account is marked as staff.
PEOPLE = [
    "Anonymous",
    "No role",
    "No role, staff",
    "Reviewer",
    "Editor",
    "Administrator",
    "Superuser",
]
ACTIONS = ["view", "add", "change", "delete"]
SECRET = "not-for-anybodys-eyes"


def role_of(who):
    return who.split(",")[0]


def allowed(cell):
    """Return what a cell allows: actions, each with its condition or an empty text."""
    if cell == "no":
        return {}
    named = {part.split()[0]: part.partition(" ")[2] for part in cell.split(", ")}
    assert set(named) <= set(ACTIONS)
    assert set(named.values()) <= {"", "drafts only", "if unused", "all but superusers"}
    return named


class Newsroom:
    """One of each: people of every role, work in every state, a row of every kind."""

    def __init__(self):
        groups, ratings = factories.make_groups(), factories.make_ratings()
        self.author, self.approver = (factories.make_person(is_staff=True) for _ in range(2))
        self.author.groups.add(groups["reviewer"])
        self.approver.groups.add(groups["editor"])
        self.people = {
            "Anonymous": AnonymousUser(),
            "No role": factories.make_person(),
            "No role, staff": factories.make_person(is_staff=True),
            "Superuser": factories.make_person(is_staff=True, is_superuser=True),
        }
        for role, group in groups.items():
            self.people[role.title()] = person = factories.make_person(is_staff=True)
            person.groups.add(group)
        self.cookies = {who: self.sign_in(person) for who, person in self.people.items()}
        self.claims = {status: self.make_claim(status) for status in Claim.Status}
        self.reviews = {
            status: self.make_review(status) for status in ("draft", "submitted", "published")
        }
        self.asked = self.make_asked()
        self.disputed = self.make_asked(rated=ratings["false"])
        self.taker = self.author
        self.rows = self.make_rows(groups, ratings)
        self.before = contents()

    def sign_in(self, person):
        client = Client()
        if person.is_authenticated:
            client.force_login(person)
        return {name: morsel.value for name, morsel in client.cookies.items()}

    def browser_of(self, who):
        client = Client()
        client.cookies.load(self.cookies[who])
        return client

    def make_claim(self, status):
        claim = factories.make_claim(status=Claim.Status.NEW)
        if status in (Claim.Status.PUBLISHED, Claim.Status.RETRACTED):
            claim = factories.make_published_claim(
                author=self.author,
                approver=self.approver,
                speaker=factories.make_speaker(),
                topics=[factories.make_topic()],
            )
        if status == Claim.Status.RETRACTED:
            workflow.retract(claim.reviews.get(), by=self.approver, note="Wrong.")
        elif status == Claim.Status.DECLINED:
            workflow.decline(claim, by=self.approver, reason="Private.")
        elif status == Claim.Status.MERGED:
            workflow.merge(claim, into=factories.make_claim(), by=self.approver)
        elif status == Claim.Status.IN_REVIEW:
            workflow.accept(claim, by=self.approver)
        claim.refresh_from_db()
        assert claim.status == status
        return claim

    def make_review(self, status):
        if status == "published":
            return self.make_claim(Claim.Status.PUBLISHED).reviews.get()
        review = factories.make_review(author=self.author)
        factories.make_evidence(review)
        if status == "submitted":
            workflow.submit(review, by=self.author)
        else:  # with a line of the gate that is open
            Review.objects.filter(pk=review.pk).update(no_contact_reason="")
        return review

    def make_asked(self, rated=None):
        """Make a submitted review whose claim asks for a blind rating, and give one."""
        claim = factories.make_claim(asks_blind_rating=True)
        review = factories.make_review(claim, author=self.author)
        workflow.submit(review, by=self.author)
        if rated:
            workflow.rate_blind(review, by=self.approver, rating=rated)
        return review

    def make_rows(self, groups, ratings):
        """Make a row of each kind on which nothing rests, and as many on which something does."""
        draft, verdict = self.reviews["draft"], self.reviews["published"]
        person = factories.make_person()
        publisher = factories.make_publisher()
        passage = verdict.claim.appearances.get()
        type(publisher).objects.update(part_of=None)
        passage.snapshot.source.publisher = publisher
        passage.snapshot.source.save()
        now = timezone.now()
        mail = Mail.objects.create(to=person, kind="mention", subject="x", text="x", html="x")
        MailAttempt.objects.create(mail=mail, at=now)
        Invitation.objects.create(
            email="invited@example.org",
            role=groups["reviewer"],
            token_hash=Invitation.hash_of("open-sesame"),
            invited_by=self.approver,
            expires_at=now + datetime.timedelta(days=1),
        )
        EmailAddress.objects.create(user=person, email="other@example.org")
        Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
        UserSession.objects.create(user=person, session_key=SECRET, ip="192.0.2.1")
        factories.make_contact_attempt(verdict.claim)
        self.keep_copies(verdict.claim, passage.snapshot.source)
        workflow.recuse(verdict.claim, by=self.approver, reason="A stake.")
        self.receipt = sending.send(verdict, wrong="The year is wrong.")
        self.suggestion_receipt = sending.suggest(said="Taxes rose.", where="On the radio")
        settled = self.make_asked(rated=ratings["true"])
        workflow.resolve_disagreement(settled, by=self.author, resolution="We talked it over.")
        self.used = {
            "claims.claim": verdict.claim,
            "claims.speaker": verdict.claim.speaker,
            "claims.rating": ratings["mostly-true"],
            "sources.publisher": publisher,
            "sources.source": passage.snapshot.source,
            "sources.snapshot": passage.snapshot,
            "accounts.user": self.author,
            "auth.group": groups["reviewer"],
        }
        free = {
            "claims.claim": factories.make_claim(),
            "claims.appearance": factories.make_appearance(),
            "claims.speaker": factories.make_speaker(),
            "claims.topic": factories.make_topic(),
            "claims.aboutpage": make_any(AboutPage, slug="funding", is_public=True),
            "claims.rating": make_any(Rating, slug="free", alternate_name="Free"),
            "claims.review": draft,
            "claims.evidence": draft.evidence.get(),
            "sources.publisher": factories.make_publisher(),
            "sources.source": factories.make_source(),
            "sources.snapshot": factories.make_snapshot(),
            "accounts.user": factories.make_person(),
            "auth.group": Group.objects.create(name="translators"),
        }
        for model in site._registry:
            if model._meta.label_lower not in free:
                found = model._base_manager.first()
                free[model._meta.label_lower] = found or make_any(model)
        return free

    def keep_copies(self, claim, source):
        """Make a copy with a file that readers may read, one that they may not, and attempts."""
        self.unused_copy = factories.make_snapshot("Nobody quotes this.", source=source)
        body = b"The council said taxes tripled."
        self.kept_copy = factories.make_snapshot(
            body.decode(),
            source=source,
            file=archive.keep(warc.of_upload(body, "text/plain", timezone.now())),
            payload_sha256=hashlib.sha256(body).hexdigest(),
        )
        factories.make_appearance(claim, exact="taxes tripled", snapshot=self.kept_copy)
        Capture.objects.create(source=source)
        Link.objects.create(source=source)
        LinkCheck.objects.create(source=source, result="works", status=200)
        at_risk = factories.make_appearance(factories.make_claim())
        Risk.objects.create(appearance=at_risk, kind="gone")
        self.at_risk = at_risk.claim
        PublicCopy.objects.create(source=source, original_url=source.url)

    def fitting(self, label, condition):
        """Return a row for which the condition holds."""
        return self.rows[label]

    def unfitting(self, label, condition):
        """Return the rows for which the condition does not hold."""
        if condition == "drafts only":
            late = [self.reviews["submitted"], self.reviews["published"]]
            return late if label == "claims.review" else [row.evidence.get() for row in late]
        if condition == "if unused":
            return [self.used[label]]
        return [self.people["Superuser"]] if condition == "all but superusers" else []

    def subject(self, step, own_of=None):
        """Return what the verb acts on, where it starts; written by `own_of` if given."""
        kept = self.claims if step.subject is Claim else self.reviews
        special = {
            "rate_blind": self.asked,
            "resolve_disagreement": self.disputed,
            "settle_risk": self.at_risk,
        }
        row = special.get(step.name) or kept[next(iter(ALLOWED[step.name]))]
        self.taker = own_of if own_of and step.subject is Claim else self.author
        if own_of and step.subject is Review:
            Review.objects.filter(pk=row.pk).update(author=own_of)
            row = Review.objects.get(pk=row.pk)
            row.submissions.update(content=versions.content_of(row))
        return row

    def said(self, step):
        """Return what a person says to the step: something that is right for each field."""
        return {
            name: self.answer(name, asked) for name, asked in step.asks.items() if name != "read"
        }

    def answer(self, name, asked):
        known = {
            "to": self.taker.username,
            "into": self.claims["in_review"].pk,
            "line": "contact",
        }
        if name in known:
            return known[name]
        if isinstance(asked, forms.ModelChoiceField):
            return getattr(asked.queryset.first(), asked.to_field_name or "pk")
        if isinstance(asked, forms.ChoiceField):
            return next(str(value) for value, _word in asked.choices if value)
        return "on" if isinstance(asked, forms.BooleanField) else "A reason."


def make_any(model, **fields):
    """Make a row with whatever the model needs."""
    for field in model._meta.concrete_fields:
        if field.name in fields or field.has_default() or field.null or field.primary_key:
            continue
        if field.choices:
            fields[field.name] = field.choices[0][0]
        elif isinstance(field, models.ForeignKey):
            fields[field.name] = field.related_model._base_manager.first()
        elif isinstance(field, models.DateTimeField):
            fields[field.name] = timezone.now()
        elif isinstance(field, models.JSONField):
            fields[field.name] = {"args": [], "kwargs": {}}
        elif isinstance(field, models.IntegerField):
            fields[field.name] = 1
        else:
            fields[field.name] = "words"
    return model._base_manager.create(**fields)


def contents():
    """Return every row that the newsroom has, sessions and the log of the admin aside."""
    tables = [
        model._meta.db_table
        for app in ("accounts", "sources", "claims", "tips", "auth", "mfa", "account")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.label != "auth.Permission"
    ]
    found = {}
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f'SELECT * FROM "{name}" ORDER BY 1')  # noqa: S608
            found[name] = cursor.fetchall()
    return found


@contextmanager
def undone():
    """Take back what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def newsroom(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        yield Newsroom()


# Verbs


def by_itself(newsroom, step, subject, who):
    try:
        step.take(subject, by=newsroom.people[who], said=newsroom.said(step))
    except PermissionDenied:
        return "forbidden"
    except ValidationError:
        return "refused"
    return "done"


def on_its_page(newsroom, step, subject, who):
    browser = newsroom.browser_of(who)
    page = reverse(
        f"admin:claims_{step.subject._meta.model_name}_step", args=[subject.pk, step.name]
    )
    response = browser.post(page, {**newsroom.said(step), "revision": 1})
    return outcome_of(response)


def from_its_list(newsroom, step, subject, who):
    page = reverse(f"admin:claims_{step.subject._meta.model_name}_changelist")
    posted = {"action": step.name, "_selected_action": [subject.pk]}
    response = newsroom.browser_of(who).post(page, posted)
    return outcome_of(response)


def from_the_queue(newsroom, step, subject, who):
    posted = {"claim": [subject.pk], **newsroom.said(step)}
    return outcome_of(newsroom.browser_of(who).post(reverse("admin:assign"), posted))


def outcome_of(response):
    if is_shut(response):
        return "forbidden"
    assert response.status_code in (200, 302)
    levels = [message.level_tag for message in get_messages(response.wsgi_request)]
    return "done" if levels == ["success"] else "refused"


def is_shut(response):
    """Say whether the page was not opened: by the way to sign in, or by 403 or 404."""
    if response.status_code == 302:
        return response.headers["Location"].startswith(("/accounts/login/", "/admin/login/"))
    return response.status_code in (403, 404)


def through_the_api(newsroom, step, subject, who):
    said = newsroom.said(step) | ({"revision": 1} if step.name == "publish" else {})
    page = reverse(f"v1:{step.subject._meta.model_name}-{step.name}", args=[subject.pk])
    response = newsroom.browser_of(who).post(page, said, content_type="application/json")
    statuses = {200: "done", 400: "refused", 403: "forbidden", 404: "forbidden"}
    return statuses[response.status_code]


def from_the_terminal(newsroom, step, subject, who):
    said = [f"{name}={text}" for name, text in newsroom.said(step).items()]
    try:
        name = newsroom.people[who].username
        call_command("take_step", step.name, subject.pk, by=name, say=said, stdout=io.StringIO())
    except CommandError:
        return "refused"
    return "done"


def doors_of(step):
    yield from (by_itself, on_its_page, through_the_api, from_the_terminal)
    if not step.must_say:
        yield from_its_list
    if step.name == "assign":
        yield from_the_queue


TO_THEMSELVES = "to themselves"


def cases(cell):
    """Yield whether the review is the person’s own, or the claim given to them; and if they may."""
    may = {
        "yes": (True, True),
        "no": (False, False),
        "own only": (False, True),
        "not their own": (True, False),
        TO_THEMSELVES: (False, True),
    }
    yield from zip((False, True), may[cell], strict=True)


def check_done(newsroom, step, subject, who):
    last = Transition.objects.order_by("pk").last()
    assert (last.verb, last.by) == (step.name, newsroom.people[who])
    begun = last.review if step.subject is Claim else None
    moved = begun or type(subject).objects.get(pk=subject.pk)
    old = next(iter(ALLOWED[step.name]))
    assert moved.status == last.to_status
    assert ALLOWED[step.name][old] in ("", moved.status)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("verb", VERBS)
def test_every_door_lets_a_person_use_a_verb_as_the_table_says(newsroom, verb, who):
    step = STEPS[verb]
    cell = VERBS[verb][role_of(who)]
    for is_own, may in cases(cell):
        has_own = step.subject is Review or cell == TO_THEMSELVES
        if is_own and (not has_own or who == "Anonymous"):
            continue
        own_of = newsroom.people[who] if is_own else None
        for door in doors_of(step):
            with undone():
                subject = newsroom.subject(step, own_of)
                subject = type(subject).objects.get(pk=subject.pk)
                before = contents() if is_own else newsroom.before
                outcome = door(newsroom, step, subject, who)

                told = (door.__name__, "own" if is_own else "of somebody else")
                if may:
                    assert outcome == "done", told
                    check_done(newsroom, step, subject, who)
                else:
                    assert outcome in ("forbidden", "refused"), told
                    assert contents() == before, told


def test_an_account_that_was_closed_may_do_nothing(newsroom):
    User.objects.filter(pk=newsroom.people["Superuser"].pk).update(is_active=False)
    closed = User.objects.get(pk=newsroom.people["Superuser"].pk)
    newsroom.subject(STEPS["send_back"], own_of=closed)
    before = contents()

    for step in STEPS.values():
        subject = type(newsroom.subject(step)).objects.get(pk=newsroom.subject(step).pk)
        with pytest.raises((PermissionDenied, ValidationError)):
            step.take(subject, by=closed, said=newsroom.said(step))
        assert from_the_terminal(newsroom, step, subject, "Superuser") == "refused"

    assert contents() == before


def test_who_lost_the_role_no_longer_takes_back_a_review(newsroom):
    person = newsroom.people["No role, staff"]
    review = newsroom.subject(STEPS["send_back"], own_of=person)

    with pytest.raises(PermissionDenied):
        workflow.send_back(review, by=person, reason="Mine.")


# Rows in the admin


def address(row, page="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def page_of(model, page):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def look(browser, page):
    """Return the page, as the browser saw it before if it did: nothing else happens meanwhile."""
    seen = browser.__dict__.setdefault("seen", {})
    if page not in seen:
        seen[page] = browser.get(page)
    return seen[page]


def passage_to_add(newsroom):
    return {"claim": newsroom.rows["claims.claim"].pk, "exact": "Nobody asked"} | {
        "snapshot": newsroom.rows["sources.snapshot"].pk
    }


TYPED = {
    # What a person types into an empty form, beside what the page offers.
    "claims.claim": lambda _: {"text": "A new claim holds.", "language": "en"},
    "claims.appearance": passage_to_add,
    "claims.speaker": lambda _: {"name": "New", "slug": "new-speaker"},
    "claims.topic": lambda _: {"name": "New", "slug": "new-topic"},
    "claims.aboutpage": lambda _: {
        "slug": "new-page",
        "title": "New",
        "text": "We say.",
        "language": "en",
        "position": 1,
    },
    "claims.rating": lambda _: {
        "alternate_name": "New",
        "slug": "new-rating",
        "definition": "x",
        "mark": "none",
        "position": 99,
    },
    "sources.publisher": lambda _: {"name": "New", "slug": "new-publisher"},
    "sources.source": lambda _: {
        "title": "New",
        "url": "https://example.org/new",
        "access_note": "Read on paper.",
    },
    "sources.snapshot": lambda newsroom: {
        "source": newsroom.rows["sources.source"].pk,
        "text": "Words.",
        "captured_at_0": "2026-01-01",
        "captured_at_1": "12:00",
    },
    "accounts.user": lambda _: {
        "username": "new",
        "display_name": "New",
        "usable_password": "true",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    },
    "accounts.invitation": lambda _: {
        "email": "new@example.org",
        "role": Group.objects.get(name="reviewer").pk,
    },
    "auth.group": lambda _: {"name": "new"},
    "account.emailaddress": lambda newsroom: {
        "user": newsroom.rows["accounts.user"].pk,
        "email": "new@example.org",
    },
}


def views(newsroom, browser, row):
    pages = [page_of(row, "changelist"), address(row), address(row, "history")]
    shut = {is_shut(look(browser, page)) for page in pages}
    assert len(shut) == 1, pages
    return not shut.pop()


def adds(newsroom, browser, row):
    page, label = page_of(row, "add"), row._meta.label_lower
    opened = browser.get(page)
    if is_shut(opened):
        assert is_shut(browser.post(page, {}))
        return False
    posted = posted_by(opened, f"{row._meta.model_name}_form")
    if label in TYPED:
        count = type(row)._base_manager.count()
        response = browser.post(page, posted | TYPED[label](newsroom))
        assert response.status_code == 302, response.context["errors"]
        assert type(row)._base_manager.count() == count + 1
    return not is_shut(browser.post(page, posted))


def changes(newsroom, browser, row):
    opened = look(browser, address(row))
    if is_shut(opened) or not opened.context.get("has_change_permission"):
        before = contents()
        assert is_shut(browser.post(address(row), {})) or contents() == before
        return False
    posted = posted_by(opened, f"{row._meta.model_name}_form")
    response = browser.post(address(row), posted)
    assert response.status_code == 302, response.context["errors"]
    return True


def deletes(newsroom, browser, row):
    opened = browser.get(address(row, "delete"))
    response = browser.post(address(row, "delete"), {"post": "yes"})
    assert is_shut(response) or not is_shut(opened)
    return not type(row)._base_manager.filter(pk=row.pk).exists()


TRIES = dict(zip(ACTIONS, (views, adds, changes, deletes), strict=True))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("label", ROWS)
def test_the_admin_lets_a_person_do_with_rows_what_the_table_says(newsroom, label, who):
    may = allowed(ROWS[label][role_of(who)])
    browser = newsroom.browser_of(who)
    for action, attempt in TRIES.items():
        condition = may.get(action, "")
        with undone():
            row = newsroom.fitting(label, condition)
            assert attempt(newsroom, browser, row) == (action in may), action
            assert action in may or contents() == newsroom.before, action
        for row in newsroom.unfitting(label, condition):
            with undone():
                assert not attempt(newsroom, browser, row), (action, row)
                assert contents() == newsroom.before, (action, row)


@pytest.mark.parametrize("label", ["mfa.authenticator", "usersessions.usersession"])
def test_no_superuser_sees_what_somebody_signs_in_with(newsroom, label):
    page = newsroom.browser_of("Superuser").get(address(newsroom.rows[label])).content.decode()

    assert SECRET not in page


def test_deleting_a_session_signs_that_browser_out(newsroom):
    browser = newsroom.browser_of("Reviewer")
    row = UserSession.objects.create(
        user=newsroom.people["Reviewer"],
        session_key=browser.session.session_key,
        ip="192.0.2.1",
    )
    posted = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    newsroom.browser_of("Superuser").post(page_of(row, "changelist"), posted)

    assert is_shut(browser.get("/admin/"))


def test_an_administrator_gives_no_role_that_an_invitation_could_not_give(newsroom):
    person, other = newsroom.rows["accounts.user"], newsroom.rows["auth.group"]
    browser = newsroom.browser_of("Administrator")
    posted = posted_by(browser.get(address(person)), "user_form")

    page = browser.post(address(person), posted | {"groups": [other.pk]})

    assert "is not one of the available choices" in page.content.decode()
    assert not person.groups.exists()


def test_a_role_that_an_administrator_may_not_give_is_not_taken_away_by_one(newsroom):
    person, other = newsroom.rows["accounts.user"], newsroom.rows["auth.group"]
    person.groups.add(other)
    browser = newsroom.browser_of("Administrator")
    posted = posted_by(browser.get(address(person)), "user_form")
    editor = Group.objects.get(name="editor")

    response = browser.post(address(person), posted | {"groups": [editor.pk]})

    assert response.status_code == 302
    assert set(person.groups.all()) == {editor, other}


# Parts of pages


def flags(response, part):
    """Return what may be done with a part of a page, as the page was built."""
    if is_shut(response):
        return set()
    for inline in response.context["inline_admin_formsets"]:
        if inline.opts.model._meta.model_name == part:
            found = {"view"} if inline.has_view_permission else set()
            found |= {"add"} if inline.has_add_permission else set()
            found |= {"change"} if inline.has_change_permission else set()
            may_delete = inline.has_delete_permission and inline.formset.can_delete
            return found | ({"delete"} if may_delete else set())
    return set()


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", PARTS)
def test_a_page_offers_of_its_parts_what_the_table_says(newsroom, name, who):
    label, part = name.split("/")
    may = allowed(PARTS[name][role_of(who)])
    draft, verdict = newsroom.reviews["draft"], newsroom.reviews["published"]
    parents = {"claims.claim": (draft.claim, verdict.claim), "claims.review": (draft, verdict)}
    fitting, other = parents.get(label, (newsroom.rows[label], newsroom.used.get(label)))
    browser = newsroom.browser_of(who)

    assert flags(browser.get(address(fitting)), part) == set(may)
    always = {action for action, condition in may.items() if not condition}
    if set(may) != always:
        assert flags(browser.get(address(other)), part) <= always


# Pages


FOR_ANY_STAFF = {
    # What the admin needs to run, and what tells nothing: open to staff without a role.
    "admin:login",
    "admin:logout",
    "admin:jsi18n",
    "admin:password_change",
    "admin:password_change_done",
    "admin:view_on_site",
}


def filled(newsroom, page):
    verdict = newsroom.reviews["published"]
    rows = {
        "claim": verdict.claim.pk,
        "new": newsroom.claims["new"].pk,
        "verdict": verdict.pk,
        "review": newsroom.reviews["submitted"].pk,
        "person": newsroom.rows["accounts.user"].pk,
        "superuser": newsroom.people["Superuser"].pk,
        "type": ContentType.objects.get_for_model(Claim).pk,
        "token": "open-sesame",
        "source": newsroom.kept_copy.source_id,
        "copy": newsroom.kept_copy.pk,
        "unused": newsroom.unused_copy.pk,
        "receipt": newsroom.receipt,
        "suggestion_receipt": newsroom.suggestion_receipt,
        "speaker": verdict.claim.speaker.slug,
        "topic": verdict.claim.topics.get().slug,
        "rating": verdict.rating.slug,
        "page": AboutPage.objects.get(is_public=True).slug,
    }
    return re.sub(r"<(\w+)>", lambda found: str(rows[found[1]]), page)


def name_of(page):
    """Return the name of the address that the page is found under."""
    plain = re.sub(
        r"<(token|receipt|suggestion_receipt|speaker|topic|rating|page)>",
        "x",
        page.partition("?")[0],
    )
    return resolve(re.sub(r"<\w+>", "1", plain)).view_name


def is_opened(newsroom, browser, page):
    name = name_of(page)
    if name == "admin:assign":
        claim = newsroom.claims["new"]
        browser.post(page, {"claim": [claim.pk], "to": newsroom.author.username})
        return Claim.objects.get(pk=claim.pk).assigned_to == newsroom.author
    if name == "admin:logout":
        return browser.post(page).headers["Location"] == "/"
    response = browser.get(filled(newsroom, page))
    assert is_shut(response) or response.status_code in (200, 302), response.status_code
    # To staff without a role the first page shows nothing.
    return not is_shut(response) and (name != "admin:index" or "second" in response.context)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_to_whom_the_table_says(newsroom, page, who):
    may = PAGES[page][role_of(who)] == "yes"
    if who == "No role, staff" and name_of(page) in FOR_ANY_STAFF:
        may = True

    assert is_opened(newsroom, newsroom.browser_of(who), page) == may


def test_a_password_is_changed_on_one_page_only(newsroom):
    response = newsroom.browser_of("Reviewer").post(
        "/admin/password_change/", {"old_password": "x"}
    )

    assert response.headers["Location"] == reverse("account_change_password")


def test_the_first_page_of_the_admin_shows_nothing_to_staff_without_a_role(newsroom):
    page = newsroom.browser_of("No role, staff").get("/admin/")

    assert not page.context["app_list"]
    assert newsroom.claims["new"].text not in page.content.decode()


def test_who_may_not_add_passages_finds_none_either(newsroom):
    person = newsroom.people["No role, staff"]
    person.user_permissions.add(
        *ContentType.objects.get_for_model(Claim).permission_set.filter(
            codename__in=["view_claim", "change_claim"]
        )
    )
    page = reverse("admin:claims_claim_passages", args=[newsroom.claims["in_review"].pk])

    assert newsroom.browser_of("No role, staff").get(page).status_code == 404


# The tables themselves


def test_the_table_names_every_verb():
    assert set(VERBS) == set(STEPS)


def test_the_table_names_every_kind_of_row_in_the_admin_and_every_part():
    parts = {
        f"{model._meta.label_lower}/{inline.model._meta.model_name}"
        for model, row_admin in site._registry.items()
        for inline in row_admin.inlines
    }

    assert set(ROWS) == {model._meta.label_lower for model in site._registry}
    assert set(PARTS) == parts


def names_below(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            below = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_below(pattern.url_patterns, below)
        elif pattern.name:
            yield prefix + pattern.name


def test_the_table_names_every_address_of_our_own():
    of_rows = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in site._registry
        for page in ("changelist", "add", "history", "delete", "change")
    }
    of_verbs = {"admin:claims_claim_step", "admin:claims_review_step"} | {
        f"v1:{step.subject._meta.model_name}-{name}" for name, step in STEPS.items()
    }
    of_signing_in = ("account_", "mfa_", "usersessions_")
    every = {
        name
        for name in names_below(get_resolver().url_patterns)
        if not name.startswith(of_signing_in)
    }

    assert every - of_rows - of_verbs - {"v1:match"} == {
        name for name in map(name_of, PAGES) if not name.startswith(of_signing_in)
    }
