"""Who is told by mail of what a colleague did to their work, and in which words.

The verbs call this in their transaction, after the step: what is rolled back is told to nobody. Who
did it is `by`, and gets no mail of it.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import mailing
from accounts.models import MailKind, User

from .models import Claim, Note, Review

logger = logging.getLogger(__name__)

_is_silent = ContextVar("_is_silent", default=False)
_REASON = _("Reason: %(said)s")


@dataclass(frozen=True)
class Words:
    """What a mail says beside the claim: its subject, who did what, and what was said with it."""

    kind: MailKind
    subject: Any
    opening: Any
    said: Any = _REASON


WORDS = {
    "assign": Words(MailKind.ASSIGNMENT, _("A claim for you"), _("%(by)s gave you this claim.")),
    "hand_over": Words(
        MailKind.STOPPED,
        _("No longer yours"),
        _("%(by)s gave this claim, which was yours, to somebody else or to nobody."),
        _("It is now with: %(said)s"),
    ),
    "decline": Words(
        MailKind.STOPPED, _("Declined"), _("%(by)s declined this claim, on which you work.")
    ),
    "merge": Words(
        MailKind.STOPPED,
        _("Merged"),
        _("%(by)s merged this claim, on which you work, into another."),
        _("The other claim: “%(said)s”"),
    ),
    "reopen": Words(
        MailKind.STOPPED,
        _("Taken up again"),
        _("%(by)s took up again this claim, on which you worked."),
    ),
    "unmerge": Words(
        MailKind.STOPPED,
        _("No longer merged"),
        _("%(by)s undid the merge of this claim, on which you worked."),
    ),
    "discard": Words(
        MailKind.STOPPED, _("Discarded"), _("%(by)s discarded your draft on this claim.")
    ),
    "mention": Words(
        MailKind.MENTION,
        _("You are mentioned"),
        _("%(by)s mentions you in a note on this claim."),
        _("The note:\n\n%(said)s"),
    ),
    "submit": Words(
        MailKind.SUBMITTED,
        _("For a second person"),
        _("%(by)s sent the review of this claim to a second person. You may be that person."),
    ),
    "send_back": Words(
        MailKind.SENT_BACK,
        _("Sent back"),
        _("%(by)s sent your review of this claim back to you."),
        _("What is to be mended: %(said)s"),
    ),
    "publish": Words(
        MailKind.PUBLISHED,
        _("Published"),
        _("%(by)s published the verdict on this claim, on which you worked."),
        _("The verdict: %(said)s"),
    ),
    "retract": Words(
        MailKind.RETRACTED,
        _("Withdrawn"),
        _("%(by)s withdrew the verdict on this claim, on which you worked."),
        _("What readers are told: %(said)s"),
    ),
}


@contextmanager
def silence() -> Iterator[None]:
    """Tell nobody of the steps taken inside: what a program loads is no news."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def assigned(claim: Claim, *, by: User, before: User | None, writers: Iterable[User]) -> None:
    """Tell whom the claim was given to, and those it was taken from.

    `before` had it until now, and the `writers` wrote the draft that went with it.
    """
    to = claim.assigned_to
    if to and to != before:
        _tell("assign", _colleagues(Q(pk=to.pk)), claim, by=by)
    gave = {person.pk for person in (before, *writers) if person and person != to}
    _tell("hand_over", _colleagues(Q(pk__in=gave)), claim, by=by, said=to or _("nobody"))


def moved(verb: str, claim: Claim, *, by: User, said: object = "") -> None:
    """Tell those at work on the claim that it was declined, merged, or taken up again."""
    page = claim.merged_into or claim
    _tell(verb, _colleagues(_at_work_on(claim)), claim, by=by, said=said, page=_desk_of(page))


def discarded(review: Review, *, by: User, reason: str) -> None:
    """Tell the author that the draft was given up."""
    _tell("discard", _colleagues(Q(pk=review.author_id)), review.claim, by=by, said=reason)


def submitted(review: Review, *, by: User) -> None:
    """Tell everybody who may be the second person. The mail says nothing of the verdict."""
    may_publish = User.objects.with_perm("claims.publish_review").filter(is_staff=True)
    stepped_aside = Q(pk__in=review.claim.recusals.values("person"))
    page = reverse("admin:claims_review_approve", args=[review.pk])
    to = may_publish.exclude(_wrote(review) | stepped_aside)
    _tell("submit", to, review.claim, by=by, page=page)


def sent_back(review: Review, *, by: User, reason: str) -> None:
    """Tell the author what is to be mended."""
    _tell("send_back", _colleagues(Q(pk=review.author_id)), review.claim, by=by, said=reason)


def published(review: Review, *, by: User) -> None:
    """Tell those who wrote the verdict, and whom the claim is given to; anybody may read it."""
    claim = review.claim
    to = User.objects.filter(_wrote(review) | Q(pk=claim.assigned_to_id))
    verdict = f"{review.rating}. {review.finding}"
    _tell("publish", to, claim, by=by, said=verdict, page=claim.get_absolute_url())


def retracted(review: Review, *, by: User, note: str) -> None:
    """Tell those who wrote the verdict, who approved it, and who is at work on the claim."""
    whom = _wrote(review) | Q(pk=review.approver_id) | _at_work_on(review.claim)
    _tell("retract", _colleagues(whom), review.claim, by=by, said=note)


def mentioned(note: Note) -> None:
    """Tell the colleagues whom the note mentions."""
    page = f"{_desk_of(note.claim)}#notes"
    to = User.objects.filter(pk__in=note.mentions.values("pk"))
    _tell("mention", to, note.claim, by=note.by, said=note.text, page=page)


def _tell(
    verb: str, to: QuerySet[User], claim: Claim, *, by: User, said: object = "", page: str = ""
) -> None:
    """Write to each of `to` but `by`. A mail that cannot be written is logged, never raised."""
    if _is_silent.get():
        return
    words = WORDS[verb]
    paragraphs = [words.opening % {"by": by}, f"“{claim}”"]
    paragraphs += [words.said % {"said": said}] if said else []
    try:
        with transaction.atomic():  # a savepoint: what goes wrong in it leaves the step as it is
            mailing.send_each(
                words.kind,
                to=to.exclude(pk=by.pk).order_by("pk"),
                subject=f"{words.subject}: {claim}",
                body="\n\n".join(paragraphs),
                link=settings.MAIL_ORIGIN + (page or _desk_of(claim)),
            )
    except Exception:  # whatever it is, what the person did is worth more than the mail of it
        logger.exception("Nobody was told of “%s” on claim %s", verb, claim.pk)


def _colleagues(whom: Q) -> QuerySet[User]:
    """Return those of `whom` who may read the claim at their desk."""
    return User.objects.with_perm("claims.view_claim").filter(whom, is_staff=True)


def _wrote(review: Review) -> Q:
    return Q(pk=review.author_id) | Q(pk__in=review.contributors.values("pk"))


def _at_work_on(claim: Claim) -> Q:
    """Those whom the claim is given to, or who write its open review."""
    given = Claim.objects.filter(pk=claim.pk, assigned_to__isnull=False).values("assigned_to")
    return Q(pk__in=given) | Q(pk__in=claim.reviews.open().values("author"))


def _desk_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])
