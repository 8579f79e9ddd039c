"""How a claim or a review moves from one status to another: the table, the check and the record.

`claims.workflow` alone uses this; everything else calls its verbs.
"""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from .models import Claim, Review, Transition
from .search import index

C, R = Claim.Status, Review.Status

ALLOWED: dict[str, dict[str, str]] = {
    # verb: {from: to}. What a verb acts on is a claim or a review, as its function says.
    "accept": {C.NEW: C.IN_REVIEW},
    "recuse": {status: status for status in C if status != C.MERGED},
    "decline": {C.NEW: C.DECLINED, C.IN_REVIEW: C.DECLINED},
    "reopen": {C.DECLINED: C.NEW, C.RETRACTED: C.IN_REVIEW},
    "assign": {C.NEW: C.NEW, C.IN_REVIEW: C.IN_REVIEW, C.PUBLISHED: C.PUBLISHED},
    "merge": {C.NEW: C.MERGED, C.IN_REVIEW: C.MERGED, C.RETRACTED: C.MERGED},
    # Back to where it stood before it was merged.
    "unmerge": {C.MERGED: ""},
    "settle_risk": {status: status for status in C if status in Claim.VISIBLE},
    "start": {C.IN_REVIEW: R.DRAFT},
    "revise": {C.PUBLISHED: R.DRAFT},
    "submit": {R.DRAFT: R.SUBMITTED},
    "send_back": {R.SUBMITTED: R.DRAFT},
    "rate_blind": {R.SUBMITTED: R.SUBMITTED},
    "resolve_disagreement": {R.SUBMITTED: R.SUBMITTED},
    "override": {R.DRAFT: R.DRAFT, R.SUBMITTED: R.SUBMITTED},
    "discard": {R.DRAFT: R.DISCARDED},
    "publish": {R.SUBMITTED: R.PUBLISHED},
    "retract": {R.PUBLISHED: R.RETRACTED},
}

PERMISSIONS = {
    "accept": "claims.accept_claim",
    "decline": "claims.decline_claim",
    "reopen": "claims.reopen_claim",
    "assign": "claims.assign_claim",
    "merge": "claims.merge_claim",
    "unmerge": "claims.merge_claim",
    "recuse": "claims.view_claim",
    "settle_risk": "claims.start_review",
    "start": "claims.start_review",
    "revise": "claims.start_review",
    "submit": "claims.submit_review",
    "send_back": "claims.publish_review",
    "rate_blind": "claims.rate_blind",
    "resolve_disagreement": "claims.submit_review",
    "override": "claims.override_gate",
    "discard": "claims.submit_review",
    "publish": "claims.publish_review",
    "retract": "claims.retract_review",
}
SEEN = ("accept", "decline", "reopen", "merge", "unmerge", "publish", "retract")
"""The verbs that change what readers find of a claim."""


def check_permission(verb: str, by: User) -> None:
    """Raise PermissionDenied unless `by` may use the verb."""
    if not by.has_perm(PERMISSIONS[verb]):
        raise PermissionDenied(
            _("Your account may not do this (%(verb)s). Ask an administrator for the role.")
            % {"verb": verb}
        )


def check_state(verb: str, subject: Claim | Review) -> None:
    """Raise ValidationError unless what is stored stands where the verb starts."""
    current = _stored(subject)
    if current.status not in ALLOWED[verb]:
        raise not_allowed(verb, current)


def not_allowed(verb: str, current: Claim | Review) -> ValidationError:
    """Return the refusal that says where the work stands now."""
    return ValidationError(
        _(
            "This cannot be done now (%(verb)s): it stands at “%(status)s”. Reload to see who "
            "moved it."
        )
        % {"verb": verb, "status": current.get_status_display()},
        code="not_allowed",
    )


def needed(text: str, field: str, sentence: str) -> str:
    """Return `text` without outer white space; raise ValidationError for `field` when empty."""
    text = text.strip()
    if not text:
        raise ValidationError({field: sentence}, code="required")
    return text


def hold(*subjects: Claim | Review) -> None:
    """Let nobody else move these rows until the transaction ends.

    For a verb that asks more than the status which it moves: whoever comes second looks again after
    the first is done. Smallest key first, so that two never wait for each other. SQLite lets one
    person write at a time anyway.
    """
    for subject in sorted(subjects, key=lambda subject: subject.pk):
        _rows(subject).select_for_update(no_key=True).get()


def move(
    verb: str, subject: Claim | Review, *, where: dict[str, Any] | None = None, **changes: Any
) -> str:
    """Move what the verb acts on, only if it still stands as `subject` says; return the old status.

    Compare-and-swap on the status and on `where`: of two people at once one gets a count of 1,
    the other the refusal. Raises ValidationError.
    """
    current = _stored(subject)
    if current.status not in ALLOWED[verb]:
        raise not_allowed(verb, current)
    old: str = current.status
    new = ALLOWED[verb][old]
    rows = _rows(subject).filter(status=old, **(where or {}))
    if not rows.update(status=new, **changes):
        raise not_allowed(verb, _stored(subject))
    subject.refresh_from_db()
    return old


def record(
    verb: str,
    subject: Claim | Review,
    *,
    from_status: str,
    by: User,
    at: datetime.datetime | None = None,
    reason: str = "",
) -> Transition:
    """Write down one step, after it was taken, and return the row; the search hears of it."""
    claim, review = (subject.claim, subject) if isinstance(subject, Review) else (subject, None)
    if verb in SEEN:
        index.refresh({claim.pk, claim.merged_into_id or claim.pk})
    return Transition.objects.create(
        claim=claim,
        review=review,
        verb=verb,
        from_status=from_status,
        to_status=subject.status,
        by=by,
        at=at or timezone.now(),
        reason=reason,
    )


def _rows(subject: Claim | Review) -> models.QuerySet[Any]:
    return type(subject)._base_manager.filter(pk=subject.pk)


def _stored(subject: Claim | Review) -> Any:
    return _rows(subject).get()
