"""What became of what a reader sent, as far as that reader may know."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.models import Claim, Correction
from claims.visibility import merged_into

from .models import CorrectionRequest, Suggestion


@dataclass(frozen=True)
class Outcome:
    """Where it stands. `stage` differs whenever there is something new to tell."""

    stage: str
    is_final: bool = False
    sentence: str = ""
    words: str = ""
    path: str = ""


WAITING = Outcome("open")


def outcome_of_suggestion(suggestion: Suggestion) -> Outcome:
    """Return what became of a suggestion. At most two queries."""
    if suggestion.answer:
        sentence = _("We answered your suggestion.")
        return Outcome("answered", is_final=True, sentence=sentence, words=suggestion.answer)
    claim = visible_claim_of(suggestion)
    if claim is None:
        if suggestion.claim is None or suggestion.claim.status != Claim.Status.DECLINED:
            return WAITING
        sentence = _("We looked into it, and do not check it.")
        return Outcome("given_up", is_final=True, sentence=sentence)
    is_checked = claim.status == Claim.Status.PUBLISHED
    return Outcome(
        f"{claim.status} {claim.pk}",
        is_final=is_checked,
        sentence=_("We checked it.") if is_checked else _("We are checking it."),
        words=claim.text,
        path=claim.get_absolute_url(),
    )


def outcome_of_request(asked: CorrectionRequest) -> Outcome:
    """Return what became of a correction request. At most one query."""
    if asked.answer:
        sentence = _("We answered your request.")
        return Outcome("answered", is_final=True, sentence=sentence, words=asked.answer)
    correction = published_because_of(asked)
    if correction is None:
        return WAITING
    return Outcome(
        "changed",
        is_final=True,
        sentence=_("We changed the verdict."),
        words=correction.note,
        path=asked.review.claim.get_absolute_url(),
    )


def visible_claim_of(suggestion: Suggestion) -> Claim | None:
    """Return the claim of a suggestion, or the one it was merged into, if readers see it."""
    if suggestion.claim_id is None:
        return None
    keys = [suggestion.claim_id, merged_into(suggestion.claim_id)]
    return Claim.objects.visible().for_list().filter(pk__in=[key for key in keys if key]).first()


def published_because_of(asked: CorrectionRequest) -> Correction | None:
    """Return the public note of the new version that was begun because of a request, if any."""
    if asked.new_version_id is None:
        return None
    return (
        Correction.objects.visible()
        .exclude(kind=Correction.Kind.RETRACTION)
        .filter(review=asked.new_version_id)
        .select_related("review")
        .first()
    )
