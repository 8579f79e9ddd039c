"""What reviewers do with suggestions: record a claim, name the one that says the same, or decline.

Each verb checks permission and state, and changes, in one transaction. Who acts is `by`. A broken
rule is a PermissionDenied or a ValidationError whose sentence says what to do next, and nothing is
changed.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import remembered_as
from accounts.models import User
from claims.models import Claim

from .models import LONGEST, Suggestion

PERMISSION = "tips.settle_suggestion"


@transaction.atomic
def take_up(suggestion: Suggestion, *, by: User, text: str, language: str) -> Claim:
    """Record the claim of a suggestion, in one sentence that stands alone, and return it.

    What the reader wrote becomes its background. Raises PermissionDenied, or ValidationError when
    the suggestion is settled or the sentence will not do.
    """
    _check_permission(by)
    if not by.has_perm("claims.add_claim"):
        raise PermissionDenied(_("Your role may not record a claim."))
    claim = Claim(text=text.strip(), language=language, background=background_of(suggestion))
    claim.full_clean()
    with remembered_as(by=by):
        claim.save()
    _settle(suggestion, by, state=Suggestion.State.TAKEN_UP, claim=claim)
    return claim


@transaction.atomic
def name_the_same(suggestion: Suggestion, *, by: User, claim: Claim) -> None:
    """Settle a suggestion with a claim that says the same and is recorded already.

    Raises PermissionDenied, or ValidationError when the suggestion is settled or nobody will ever
    read the claim.
    """
    _check_permission(by)
    if claim.status in (Claim.Status.DECLINED, Claim.Status.MERGED):
        raise ValidationError(
            {
                "claim": _("This claim stands at “%(status)s”: no reader sees it. Name another.")
                % {"status": claim.get_status_display()}
            },
            code="not_shown",
        )
    _settle(suggestion, by, state=Suggestion.State.CHECKED, claim=claim)


@transaction.atomic
def decline(suggestion: Suggestion, *, by: User, answer: str) -> None:
    """Decline a suggestion in words, which whoever sent it reads on their receipt.

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
    _settle(suggestion, by, state=Suggestion.State.DECLINED, answer=answer)


def background_of(suggestion: Suggestion) -> str:
    """Return what a reader wrote, as the background of a claim."""
    told = [
        (_("Suggested by a reader"), suggestion.said),
        (_("Who said it"), suggestion.who),
        (_("Where"), suggestion.where),
        (_("When"), suggestion.when),
        (_("Evidence"), suggestion.shows),
    ]
    return "\n".join(f"{title}: {words}" for title, words in told if words)


def _check_permission(by: User) -> None:
    if not by.has_perm(PERMISSION):
        raise PermissionDenied(_("Reviewers settle suggestions. Ask one of them."))


def _settle(suggestion: Suggestion, by: User, **changes: Any) -> None:
    """Settle a suggestion that is open. Of two people at once the second is told."""
    rows = Suggestion.objects.open().filter(pk=suggestion.pk)
    is_settled = rows.update(settled_by=by, settled_at=timezone.now(), **changes)
    suggestion.refresh_from_db()
    if not is_settled:
        raise ValidationError(
            _("%(person)s settled this suggestion already. Reload to see how.")
            % {"person": suggestion.settled_by or _("Somebody")},
            code="settled",
        )
