"""What people do with claims and reviews: one function for each thing, and no other way.

Each verb checks permission and state, changes, and records one Transition, in one transaction.
Who acts is `by`. A broken rule is a PermissionDenied or a ValidationError whose sentence says
what to do next, and nothing is changed.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from .models import Claim, Review, Transition

ALLOWED: dict[str, tuple[tuple[str, ...], str]] = {
    # verb: (from any of these, to this)
    "accept": ((Claim.Status.NEW,), Claim.Status.IN_REVIEW),
    "start": ((Claim.Status.IN_REVIEW,), Review.Status.DRAFT),
    "submit": ((Review.Status.DRAFT,), Review.Status.SUBMITTED),
    "publish": ((Review.Status.SUBMITTED,), Review.Status.PUBLISHED),
}
"""The moves there are. `start` makes a review of a claim; the others move what they act on."""

PERMISSIONS = {
    "accept": "claims.accept_claim",
    "start": "claims.start_review",
    "submit": "claims.submit_review",
    "publish": "claims.publish_review",
}


@transaction.atomic
def accept(claim: Claim, *, by: User) -> None:
    """Take a new claim in for review; from then on readers see it.

    Raises PermissionDenied or ValidationError.
    """
    _check_permission("accept", by)
    now = timezone.now()
    _move("accept", claim, listed_at=now)
    _record("accept", claim, from_status=Claim.Status.NEW, by=by, at=now)


@transaction.atomic
def start(claim: Claim, *, by: User) -> Review:
    """Begin the review of a claim and return the draft, written by `by`.

    Raises PermissionDenied, or ValidationError when the claim is not in review or somebody
    works on it already.
    """
    _check_permission("start", by)
    _check_state("start", claim)
    last = claim.reviews.aggregate(last=Max("number"))["last"] or 0
    review = Review(claim=claim, number=last + 1, author=by)
    review.full_clean()
    review.save()
    _record("start", review, from_status="", by=by, at=timezone.now())
    return review


@transaction.atomic
def submit(review: Review, *, by: User) -> None:
    """Send a draft to a second person.

    Raises PermissionDenied, or ValidationError when `by` is not its author, or when the rating,
    the finding or the rationale is missing.
    """
    _check_permission("submit", by)
    review.refresh_from_db()
    if by != review.author:
        raise ValidationError(
            _("Only %(author)s, who writes this review, can send it to a second person.")
            % {"author": review.author},
            code="not_the_author",
        )
    _check_complete(review)
    _move("submit", review)
    _record("submit", review, from_status=Review.Status.DRAFT, by=by, at=timezone.now())


@transaction.atomic
def publish(review: Review, *, by: User) -> None:
    """Publish a review that somebody else wrote. From then on this version never changes.

    The second person is the rule of the fact-checking codes (IFCN, EFCSN); it holds for
    superusers too. Raises PermissionDenied or ValidationError.
    """
    _check_permission("publish", by)
    review.refresh_from_db()
    if by == review.author:
        raise ValidationError(
            _("Someone other than the author must publish a review. Ask a colleague."),
            code="second_person",
        )
    _check_complete(review)
    now = timezone.now()
    _move("publish", review, approver=by, published_at=now)
    claim = review.claim
    moved = Claim.objects.filter(pk=claim.pk, status=Claim.Status.IN_REVIEW).update(
        status=Claim.Status.PUBLISHED, listed_at=now
    )
    if not moved:
        raise _not_allowed("publish", Claim.objects.get(pk=claim.pk))
    claim.refresh_from_db(fields=["status", "listed_at"])
    _record("publish", review, from_status=Review.Status.SUBMITTED, by=by, at=now)


def _check_permission(verb: str, by: User) -> None:
    if not by.has_perm(PERMISSIONS[verb]):
        raise PermissionDenied(
            _("Your account may not do this (%(verb)s). Ask an administrator for the role.")
            % {"verb": verb}
        )


def _check_state(verb: str, subject: Claim | Review) -> None:
    current = type(subject)._base_manager.get(pk=subject.pk)
    if current.status not in ALLOWED[verb][0]:
        raise _not_allowed(verb, current)


def _check_complete(review: Review) -> None:
    missing = {
        field: _("Needed before a review can go on.")
        for field in ("rating", "finding", "rationale")
        if not getattr(review, field)
    }
    if missing:
        raise ValidationError(missing)


def _not_allowed(verb: str, current: Claim | Review) -> ValidationError:
    """Return the refusal that says where the work stands now."""
    return ValidationError(
        _(
            "This cannot be done now (%(verb)s): it stands at “%(status)s”. Reload to see who "
            "moved it."
        )
        % {"verb": verb, "status": current.get_status_display()},
        code="not_allowed",
    )


def _move(verb: str, subject: Claim | Review, **changes: Any) -> None:
    """Move what the verb acts on, only if it still stands where the verb starts.

    Compare-and-swap: of two people at once one gets a count of 1, the other the refusal.
    """
    from_statuses, to_status = ALLOWED[verb]
    rows: models.QuerySet[Any] = type(subject)._base_manager.filter(
        pk=subject.pk, status__in=from_statuses
    )
    if not rows.update(status=to_status, **changes):
        raise _not_allowed(verb, type(subject)._base_manager.get(pk=subject.pk))
    subject.refresh_from_db()


def _record(verb: str, subject: Claim | Review, *, from_status: str, by: User, at: Any) -> None:
    claim, review = (subject.claim, subject) if isinstance(subject, Review) else (subject, None)
    Transition.objects.create(
        claim=claim,
        review=review,
        verb=verb,
        from_status=from_status,
        to_status=subject.status,
        by=by,
        at=at,
    )
