"""What editors do with correction requests: begin a new version, or answer in words.

Each verb checks permission and state, and changes, in one transaction. Who acts is `by`. A broken
rule is a PermissionDenied or a ValidationError whose sentence says what to do next, and nothing is
changed.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from claims.models import Review
from claims.steps import STEPS

from .models import LONGEST, CorrectionRequest

PERMISSION = "tips.answer_correctionrequest"


@transaction.atomic
def take_up(request: CorrectionRequest, *, by: User, kind: str, note: str) -> Review:
    """Begin a new version of the verdict because of a request, and return the draft.

    `kind` and `note` are those of `claims.workflow.revise`. Raises PermissionDenied or
    ValidationError.
    """
    _check_permission(by)
    _hold(request)
    claim = request.review.claim
    if claim.reviews.open().exists():
        raise ValidationError(
            _(
                "Somebody writes a new version of this verdict already. Answer when it is "
                "published, or ask its author to take this in."
            ),
            code="open_review",
        )
    review: Review = STEPS["revise"].take(claim, by=by, said={"kind": kind, "note": note})
    _settle(request, by, state=CorrectionRequest.State.ACCEPTED, new_version=review)
    return review


@transaction.atomic
def answer(request: CorrectionRequest, *, by: User, answer: str) -> None:
    """Answer a request in words, which whoever sent it reads on their receipt.

    Raises PermissionDenied, or ValidationError without words or with too many.
    """
    _check_permission(by)
    answer = answer.strip()
    if not answer:
        raise ValidationError({"answer": _("Write what the reader is to know.")}, code="required")
    if len(answer) > LONGEST:
        raise ValidationError(
            {"answer": _("Use %(limit)d characters or fewer.") % {"limit": LONGEST}},
            code="max_length",
        )
    _hold(request)
    _settle(request, by, state=CorrectionRequest.State.ANSWERED, answer=answer)


def _check_permission(by: User) -> None:
    if not by.has_perm(PERMISSION):
        raise PermissionDenied(_("Editors answer correction requests. Ask one of them."))


def _hold(request: CorrectionRequest) -> None:
    """Forget a version that was begun in vain, and hold the row: of two at once one waits here.

    Raises ValidationError when somebody settled the request.
    """
    rows = CorrectionRequest.objects.filter(pk=request.pk)
    stored = rows.select_related("new_version").get()
    held = stored.is_open and rows.filter(
        state=stored.state, new_version=stored.new_version_id
    ).update(
        state=CorrectionRequest.State.OPEN, new_version=None, answered_by=None, answered_at=None
    )
    request.refresh_from_db()
    if not held:
        raise _settled(request)


def _settle(request: CorrectionRequest, by: User, **changes: Any) -> None:
    settled = CorrectionRequest.objects.unanswered().filter(pk=request.pk)
    if not settled.update(answered_by=by, answered_at=timezone.now(), **changes):
        raise _settled(request)
    request.refresh_from_db()


def _settled(request: CorrectionRequest) -> ValidationError:
    return ValidationError(
        _("%(person)s settled this request already. Reload to see how.")
        % {"person": request.answered_by or _("Somebody")},
        code="settled",
    )
