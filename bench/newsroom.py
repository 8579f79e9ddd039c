"""A newsroom of twenty with the work of twenty years: all rows of a desk that was used a lot."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.core.management import call_command

from accounts.models import Mail, MailAttempt, User
from claims import versions
from claims.models import (
    Appearance,
    Claim,
    ContactAttempt,
    Correction,
    Evidence,
    Override,
    Rating,
    Recusal,
    Review,
    Risk,
    Speaker,
    Submission,
    Topic,
    Transition,
)
from sources.models import Link, LinkCheck, Publisher, Snapshot, Source

from . import words
from .tables import Table, number_on, write_all

EDITOR, ADMINISTRATOR = "bench-editor", "bench-administrator"
WRITERS, PUBLISHERS, SPEAKERS = 20, 200, 5000
FIRST_DAY, TODAY = date(2007, 1, 1), date(2026, 11, 1)
IN_ARTICLE = 30
"""Claims to an article."""
AT_RISK = 0.01
"""The share of published versions of whose evidence something changed at its source."""
BATCH = 200
"""Articles that are written at once."""

IN_REVIEW, PUBLISHED = Claim.Status.IN_REVIEW.value, Claim.Status.PUBLISHED.value
SHARES = {
    PUBLISHED: 850, IN_REVIEW: 110, Claim.Status.NEW.value: 30, Claim.Status.RETRACTED.value: 5,
    Claim.Status.DECLINED.value: 3, Claim.Status.MERGED.value: 2,
}  # fmt: skip
"""Of a thousand claims."""


@dataclass
class Plan:
    """What is to be made: how many claims and open reviews, and which claims have the latter."""

    claims: int
    open_reviews: int
    random: Random

    def __post_init__(self) -> None:
        weights = list(SHARES.values())
        # The claim that others are merged into is never one of those.
        self.statuses = [PUBLISHED, *self.random.choices([*SHARES], weights, k=self.claims - 1)]
        unfinished = [at for at, status in enumerate(self.statuses) if status == IN_REVIEW]
        judged = [at for at, status in enumerate(self.statuses) if status == PUBLISHED]
        first = min(self.open_reviews, len(unfinished) * 9 // 10)
        again = min(self.open_reviews - first, len(judged))
        self.open_at = {*self.random.sample(unfinished, first), *self.random.sample(judged, again)}
        rare = range(max(0, self.claims - 5000), self.claims)
        self.rare_at = {*self.random.sample(rare, min(12, len(rare)))}


def make_people(random: Random) -> list[int]:
    """Make the people of the newsroom and return their keys, the editor’s first."""
    call_command("load_seed", "ratings", "groups", verbosity=0, stdout=_Silence())
    editor = _person(EDITOR, "editor")
    User.objects.create_superuser(ADMINISTRATOR, "administrator@example.org", None)
    others = [_person(f"writer-{number}", "reviewer") for number in range(1, WRITERS)]
    return [editor.pk, *(person.pk for person in others)]


def _person(username: str, role: str) -> User:
    from django.contrib.auth.models import Group

    person = User.objects.create_user(username, f"{username}@example.org", None, is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    return person


class _Silence:
    def write(self, text: str) -> None:
        """Say nothing."""


class Desk:
    """The rows of all tables, made claim by claim, so that memory stays flat."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.random = plan, plan.random
        self.people = make_people(self.random)
        self.ratings = list(Rating.objects.values_list("pk", flat=True))
        self.author = words.Zipf(self.people)
        self.speaker = words.Zipf(range(1, SPEAKERS + 1))
        self.topic = words.Zipf(range(1, len(words.TOPICS) + 1))
        self.begun = self.reviews = 0
        self._make_tables()

    def _make_tables(self) -> None:
        self.publishers = Table(Publisher, "id", "name", "slug", "url")
        self.speakers = Table(Speaker, "id", "name", "slug", "description")
        self.topics = Table(Topic, "id", "name", "slug")
        self.sources = Table(
            Source, "id", "title", "url", "publisher", "published_on", "access_note", "created_at"
        )
        self.snapshots = Table(Snapshot, "id", "source", "text", "sha256", "captured_at")
        self.links = Table(
            Link, "source", "state", "since", "checked_at", "next_check_at", "failures",
            "failed_at", "current",
        )  # fmt: skip
        self.looks = Table(LinkCheck, "source", "at", "result", "status")
        self.claims = Table(
            Claim, "id", "text", "kind", "status", "speaker", "stated_on", "selection_reason",
            "assigned_to", "merged_into", "created_at", "listed_at",
        )  # fmt: skip
        self.claim_topics = Table(Claim.topics.through, "claim", "topic")
        self.appearances = Table(
            Appearance, "claim", "snapshot", "exact", "start", "end", "prefix", "suffix"
        )
        self.contacts = Table(ContactAttempt, "claim", "asked", "asked_on", "how")
        self.rows_of_reviews = Table(
            Review, "id", "claim", "number", "status", "rating", "finding", "rationale",
            "what_would_change", "look_again_on", "revision", "author", "approver", "created_at",
            "published_at",
        )  # fmt: skip
        self.contributors = Table(Review.contributors.through, "review", "user")
        self.evidence = Table(
            Evidence, "id", "review", "source", "stance", "is_primary", "summary", "passage",
            "snapshot",
        )  # fmt: skip
        self.risks = Table(
            Risk, "kind", "evidence", "now_says", "snapshot", "found_at", "ended_at", "settled_at",
            "settled_by", "answer",
        )  # fmt: skip
        self.submissions = Table(Submission, "review", "revision", "content", "at")
        self.corrections = Table(Correction, "review", "kind", "note", "published_at")
        self.overrides = Table(Override, "review", "line", "reason", "by", "at")
        self.recusals = Table(Recusal, "claim", "person", "reason", "at")
        self.transitions = Table(
            Transition, "claim", "review", "verb", "from_status", "to_status", "by", "at"
        )
        self.mails = Table(
            Mail, "id", "to", "kind", "subject", "text", "html", "state", "attempts",
            "next_attempt_at", "sent_at", "created_at",
        )  # fmt: skip
        self.attempts = Table(MailAttempt, "mail", "at", "outcome")

    @property
    def tables(self) -> list[Table]:
        """All tables, those that others point at first."""
        return [found for found in vars(self).values() if isinstance(found, Table)]

    def make(self) -> Iterator[int]:
        """Make all rows; yield how many claims there are after each batch."""
        self._catalogue()
        write_all(self.tables)
        for article, at in enumerate(range(0, self.plan.claims, IN_ARTICLE), start=1):
            self._article(article, at, min(at + IN_ARTICLE, self.plan.claims))
            if article % BATCH == 0:
                write_all(self.tables)
                yield at + IN_ARTICLE
        write_all(self.tables)
        number_on(self.tables)
        self._submit()
        yield self.plan.claims

    def _catalogue(self) -> None:
        for number in range(1, PUBLISHERS + 1):
            name = f"{self.random.choice(words.LAST)} Courier {number}"
            self.publishers.add(number, name, f"publisher-{number}", f"https://p{number}.example/")
        for number in range(1, SPEAKERS + 1):
            name = words.name(self.random, number)
            self.speakers.add(number, name, f"speaker-{number}", "Spoke in public.")
        for number, topic in enumerate(words.TOPICS, start=1):
            self.topics.add(number, topic.capitalize(), topic)

    def _article(self, article: int, first: int, end: int) -> None:
        texts = [self._text(at) for at in range(first, end)]
        day = _day(first, self.plan.claims)
        self.sources.add(
            article, words.sentence(self.random)[:-1], f"https://news.example/{article}",
            self.random.randint(1, PUBLISHERS), day.isoformat(), "Read on the day.", _moment(day),
        )  # fmt: skip
        text = "\n".join(texts)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.snapshots.add(article, article, text, digest, _moment(day))
        self._link(article, _moment(TODAY - timedelta(days=article % 7), self.random))
        start = 0
        for at, said in zip(range(first, end), texts, strict=True):
            self._claim(at, said, day, article, start)
            start += len(said) + 1

    def _link(self, source: int, at: str) -> None:
        """Add how the address of a source answers, and the last look at it."""
        shares = {"works": 90, "moved": 3, "closed": 3, "gone": 4}
        (state,) = self.random.choices([*shares], [*shares.values()])
        is_gone = state == "gone"
        again = _moment(TODAY + timedelta(days=source % 7 + 1), self.random)
        self.links.add(source, state, at, at, again, 3 * is_gone, at if is_gone else None, source)
        self.looks.add(source, at, "failed" if is_gone else state, 404 if is_gone else 200)

    def _text(self, at: int) -> str:
        text = words.sentence(self.random)
        return f"{text[:-1]}, the {words.RARE} survey found." if at in self.plan.rare_at else text

    def _claim(self, at: int, text: str, day: date, article: int, start: int) -> None:
        random, key, status = self.random, at + 1, self.plan.statuses[at]
        listed = _moment(day + timedelta(days=random.randint(0, 30)), random)
        author = self._author_of_open() if at in self.plan.open_at else self.author(random)
        is_given = at in self.plan.open_at or random.random() < 0.3
        is_unfinished = status in (IN_REVIEW, "new")
        self.claims.add(
            key, text, "fact" if random.random() < 0.9 else "prediction", status,
            self.speaker(random), day.isoformat(), "Widely repeated.",
            author if is_given and is_unfinished else None, 1 if status == "merged" else None,
            _moment(day, random), listed,
        )  # fmt: skip
        self.claim_topics.add(key, self.topic(random))
        self.appearances.add(key, article, text, start, start + len(text), "", "")
        self._around(key, day, author)
        self._step(key, None, "accept", "new", IN_REVIEW, author, day)
        self._reviews(key, status, at in self.plan.open_at, author, day, article)

    def _around(self, claim: int, day: date, person: int) -> None:
        random = self.random
        if random.random() < 0.05:
            self.contacts.add(claim, "Their office", day.isoformat(), "by mail")
        if random.random() < 0.02:
            colleague = random.choice(self.people)
            self.recusals.add(claim, colleague, "Worked there.", _moment(day))
        if claim % 20 == 0:
            sent = _moment(day, random)
            self.mails.add(
                claim, person, "assignment", "A claim is yours", "It waits for you.", "", "sent",
                1, None, sent, sent,
            )  # fmt: skip
            self.attempts.add(claim, sent, "sent")

    def _author_of_open(self) -> int:
        """Return who writes the next open review: the oldest ones are all the editor’s."""
        self.begun += 1
        is_old = self.begun <= self.plan.open_reviews * 3 // 100
        return self.people[0] if is_old else self.author(self.random)

    def _reviews(
        self, claim: int, status: str, is_open: bool, author: int, day: date, article: int
    ) -> None:
        number = 1
        if status in (PUBLISHED, "retracted"):
            number += self._judged(claim, status, day, article)
        if is_open:
            self._open(claim, number, author, day, article)

    def _judged(self, claim: int, status: str, day: date, article: int) -> int:
        """Add the versions that readers saw and return how many there are."""
        stands = "published" if status == PUBLISHED else "retracted"
        is_corrected = self.random.random() < 0.03
        if is_corrected:
            self._version(claim, 1, "superseded", day, article)
        review = self._version(claim, 1 + is_corrected, stands, day, article)
        moment = _moment(day, self.random)
        if stands == "retracted":
            self.corrections.add(review, "retraction", "The record was false.", moment)
        elif is_corrected:
            self.corrections.add(review, "correction", "The year was wrong.", moment)
        return 1 + is_corrected

    def _version(self, claim: int, number: int, status: str, day: date, article: int) -> int:
        author, approver = self.random.sample(self.people, 2)
        published = _moment(day + timedelta(days=self.random.randint(1, 20)), self.random)
        review = self._review(claim, number, status, author, day, article, approver, published)
        self._step(claim, review, "start", IN_REVIEW, "draft", author, day)
        self._step(claim, review, "publish", "submitted", "published", approver, day)
        if self.random.random() < 0.02:
            self.overrides.add(review, "contact", "Nobody could be asked.", approver, published)
        return review

    def _open(self, claim: int, number: int, author: int, day: date, article: int) -> None:
        status = self.random.choice(["draft", "submitted"])
        review = self._review(claim, number, status, author, day, article, None, None)
        self._step(claim, review, "start", IN_REVIEW, "draft", author, day)
        if status == "submitted":
            self._step(claim, review, "submit", "draft", "submitted", author, day)
        if self.random.random() < 0.03:
            self.contributors.add(review, self.random.choice(self.people))

    def _review(
        self, claim: int, number: int, status: str, author: int, day: date, article: int,
        approver: int | None, published: str | None,
    ) -> int:  # fmt: skip
        random = self.random
        self.reviews += 1
        again = day + timedelta(days=random.randint(30, 9000)) if random.random() < 0.05 else None
        finding = words.sentence(random)
        is_at_risk = status == "published" and random.random() < AT_RISK
        source = random.randint(1, article)
        self.rows_of_reviews.add(
            self.reviews, claim, number, status, random.choice(self.ratings), finding,
            f"## What holds up\n\n{finding} {words.sentence(random)}", "An audited record.",
            again and again.isoformat(), int(status != "draft"), author, approver,
            _moment(day, random), published,
        )  # fmt: skip
        self.evidence.add(
            self.reviews, self.reviews, source, random.choice(["supports", "refutes"]),
            random.randint(0, 1), finding, finding if is_at_risk else "", None,
        )  # fmt: skip
        if is_at_risk:
            self._risk(self.reviews, source, author, _moment(day, random))
        return self.reviews

    def _risk(self, evidence: int, source: int, person: int, at: str) -> None:
        """Add what happened to the source of a piece of evidence: waiting, answered or over."""
        kind = self.random.choice(["altered", "gone", "retracted"])
        says = words.sentence(self.random) if kind == "altered" else ""
        waits, is_over = self.random.choice([(True, False), (False, False), (False, True)])
        answered = not waits and not is_over
        self.risks.add(
            kind, evidence, says, None if kind == "retracted" else source, at,
            at if is_over else None, at if answered else None, person if answered else None,
            "It stands all the same." if answered else "",
        )  # fmt: skip

    def _step(
        self, claim: int, review: int | None, verb: str, start: str, end: str, by: int, day: date
    ) -> None:
        self.transitions.add(claim, review, verb, start, end, by, _moment(day, self.random))

    def _submit(self) -> None:
        """Keep what each submitted review said, in the shape of a real one."""
        rows = Review.objects.filter(status=Review.Status.SUBMITTED).order_by("pk")
        first = rows.first()
        if first is None:
            return
        shape = versions.content_of(first)
        told = rows.values_list("pk", "finding", "rationale", "claim__text", "created_at")
        for pk, finding, rationale, text, at in told.iterator(chunk_size=5000):
            content = {**shape, "finding": finding, "rationale": rationale}
            content["claim"] = {**shape["claim"], "text": text}
            self.submissions.add(pk, 1, json.dumps(content), at.strftime(MOMENT))
        write_all([self.submissions])


MOMENT = "%Y-%m-%d %H:%M:%S"


def _day(at: int, claims: int) -> date:
    """Return the day on which the claim at this place was recorded: the first ones long ago."""
    return FIRST_DAY + timedelta(days=(TODAY - FIRST_DAY).days * at // claims)


def _moment(day: date, random: Any = None) -> str:
    seconds = random.randint(0, 86399) if random else 0
    return (datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)).strftime(MOMENT)
