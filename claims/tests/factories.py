"""Rows for tests: plain functions, each with defaults that make a valid row."""

import functools
import itertools
import json

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from claims import versions, workflow
from claims.models import (
    Appearance,
    Claim,
    ContactAttempt,
    Evidence,
    Rating,
    Review,
    Speaker,
    Topic,
)
from sources.models import PublicCopy, Publisher, Snapshot, Source

_numbers = itertools.count(1)


@functools.cache
def _seed(name):
    return json.loads((settings.BASE_DIR / "seeds" / name).read_text())


def make_ratings():
    known = Rating.objects.in_bulk(field_name="slug")
    return {
        fields["slug"]: known.get(fields["slug"]) or Rating.objects.create(**fields)
        for fields in _seed("ratings.json")
    }


def make_groups():
    known = Group.objects.in_bulk(field_name="name")
    missing = [role for role in _seed("groups.json") if role["name"] not in known]
    return known | make_roles(missing) if missing else known


def make_roles(roles):
    """Make the groups of these roles, with what they may do, in few queries."""
    groups = {role["name"]: Group.objects.create(name=role["name"]) for role in roles}
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    known = {f"{app}.{codename}": pk for app, codename, pk in rows}
    permitted = Group.permissions.through
    permitted.objects.bulk_create(
        permitted(group=groups[role["name"]], permission_id=known[permission])
        for role in roles
        for permission in role["permissions"]
    )
    return groups


def make_person(display_name=None, *, role=None, **fields):
    number = next(_numbers)
    display_name = display_name or f"Person {number}"
    person = User.objects.create_user(
        username=fields.pop("username", f"{slugify(display_name)}-{number}"),
        email=f"person{number}@example.org",
        password="correct horse battery",
        display_name=display_name,
        is_staff=fields.pop("is_staff", role is not None),
        **fields,
    )
    if role:
        person.groups.add(make_groups()[role])
    return person


def make_publisher(name=None, **fields):
    name = name or f"Publisher {next(_numbers)}"
    return Publisher.objects.create(name=name, slug=fields.pop("slug", slugify(name)), **fields)


def make_source(title=None, **fields):
    number = next(_numbers)
    fields.setdefault("url", f"https://example.org/documents/{number}")
    fields.setdefault("access_note", "Read in the library; a copy could not be kept.")
    return Source.objects.create(title=title or f"Document {number}", **fields)


def make_snapshot(text="The council said taxes doubled. Nobody asked.", *, source=None, **fields):
    fields.setdefault("captured_at", timezone.now())
    return Snapshot.objects.create(source=source or make_source(), text=text, **fields)


def make_public_copy(source, *, state="kept", **fields):
    """A copy at the Internet Archive, kept unless `state` says otherwise."""
    now = timezone.now()
    if state == "kept":
        captured_at = fields.setdefault("captured_at", now)
        fields["url"] = f"https://web.archive.org/web/{captured_at:%Y%m%d%H%M%S}/{source.url}"
    if state in ("kept", "failed"):
        fields |= {"next_attempt_at": None, "ended_at": now}
    return PublicCopy.objects.create(source=source, original_url=source.url, state=state, **fields)


def make_speaker(name=None, **fields):
    name = name or f"Speaker {next(_numbers)}"
    return Speaker.objects.create(name=name, slug=fields.pop("slug", slugify(name)), **fields)


def make_topic(name=None):
    name = name or f"Topic {next(_numbers)}"
    return Topic.objects.create(name=name, slug=slugify(name))


def make_claim(text=None, *, topics=(), **fields):
    """A claim. `status` is set as given, without the workflow: for claims in a given state."""
    fields.setdefault("status", Claim.Status.IN_REVIEW)
    fields.setdefault("selection_reason", "Widely repeated.")
    claim = Claim.objects.create(text=text or f"Claim number {next(_numbers)} holds.", **fields)
    claim.topics.set(topics)
    return claim


def make_appearance(claim=None, *, exact="taxes doubled", snapshot=None, **fields):
    appearance = Appearance(
        claim=claim or make_claim(), snapshot=snapshot or make_snapshot(), exact=exact, **fields
    )
    appearance.full_clean()
    appearance.save()
    return appearance


def make_review(claim=None, *, author, **fields):
    """A draft, complete enough to submit."""
    return complete(workflow.start(claim or make_claim(), by=author), **fields)


def make_review_to_rate_blind(*, author, **fields):
    """A submitted review, with one piece of evidence, of a claim that asks for a blind rating."""
    review = make_review(make_claim(asks_blind_rating=True), author=author, **fields)
    make_evidence(review)
    workflow.submit(review, by=author)
    return review


def make_draft(claim=None, *, author):
    """A draft as it begins: empty."""
    return workflow.start(claim or make_claim(), by=author)


def complete(review, **fields):
    """Fill a draft with what it needs to go on and to pass the gate."""
    if not review.claim.appearances.exists():
        make_appearance(review.claim)
    fields.setdefault("rating", make_ratings()["mostly-true"])
    fields.setdefault("finding", "The figures are right, the year is not.")
    fields.setdefault("rationale", "The record shows the same figures for the year before.")
    fields.setdefault("found_no_support", True)
    fields.setdefault("found_no_refutation", True)
    fields.setdefault("single_origin_reason", "Nobody else keeps such figures.")
    fields.setdefault("no_contact_reason", "The speaker died.")
    Review.objects.filter(pk=review.pk).update(**fields)
    review.refresh_from_db()
    return review


def make_contact_attempt(claim, **fields):
    fields.setdefault("asked", "The speaker’s office")
    fields.setdefault("asked_on", timezone.now().date())
    fields.setdefault("how", "by mail")
    return ContactAttempt.objects.create(claim=claim, **fields)


def make_evidence(review, **fields):
    fields.setdefault("source", None)
    source = fields.pop("source") or make_source()
    fields.setdefault("stance", Evidence.Stance.SUPPORTS)
    fields.setdefault("summary", "Gives the same figures.")
    return Evidence.objects.create(review=review, source=source, **fields)


def publish(review, *, by, **said):
    """Publish a review as somebody does who reads it as it stands now."""
    read = versions.digest_of(versions.content_of(review))
    workflow.publish(review, by=by, read=read, **said)


def make_published_claim(text=None, *, author=None, approver=None, rating="mostly-true", **fields):
    """A claim whose verdict went through the workflow."""
    author = author or make_person(role="reviewer")
    approver = approver or make_person(role="editor")
    claim = make_claim(text, **fields)
    make_appearance(claim)
    review = make_review(claim, author=author, rating=make_ratings()[rating])
    make_evidence(review)
    workflow.submit(review, by=author)
    workflow.publish(review, by=approver)
    claim.refresh_from_db()
    return claim
