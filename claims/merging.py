"""Two records of one claim become one, and two again when that was a mistake."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from .models import Appearance, Claim, Transition


def check_target(claim: Claim, into: Claim) -> None:
    """Raise ValidationError unless `claim` may be merged into `into`."""
    if claim.pk == into.pk:
        raise ValidationError(_("Choose another claim: a claim is not merged into itself."))
    if into.status == Claim.Status.NEW and claim.is_visible:
        raise ValidationError(
            _("Readers see this claim, and not yet the one to merge into. Accept that one first.")
        )
    if not into.is_visible and into.status != Claim.Status.NEW:
        raise ValidationError(
            _("The claim to merge into stands at “%(status)s”. Choose one that is open.")
            % {"status": into.get_status_display()}
        )


def move_appearances(claim: Claim, into: Claim) -> None:
    """Move the claim’s passages to `into`, remembering where each was recorded.

    A passage that `into` has already stays behind.
    """
    for appearance in claim.appearances.all():
        taken = into.appearances.filter(
            snapshot=appearance.snapshot_id, start=appearance.start, end=appearance.end
        )
        if not taken.exists():
            Appearance.objects.filter(pk=appearance.pk).update(
                claim=into, moved_from=appearance.moved_from_id or claim.pk
            )


def return_appearances(claim: Claim, into: Claim) -> None:
    """Move back the passages that came with `claim` when it was merged."""
    origins = [claim.pk, *Claim.objects.filter(merged_into=claim).values_list("pk", flat=True)]
    came = into.appearances.filter(moved_from__in=origins)
    came.filter(moved_from=claim).update(claim=claim, moved_from=None)
    came.exclude(moved_from=claim).update(claim=claim)


def check_nothing_published_since(claim: Claim, into: Claim) -> Transition:
    """Return the Transition that merged `claim`.

    Raises ValidationError when a verdict on either was published since.
    """
    merged = claim.transitions.filter(verb="merge").latest("pk")
    since = Transition.objects.filter(Q(claim=into) | Q(claim=claim), verb="publish")
    if since.filter(pk__gt=merged.pk).exists():
        raise ValidationError(
            _("A verdict was published after the merge, so it stays. Record the claim anew."),
            code="published_since",
        )
    return merged
