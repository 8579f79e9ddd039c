"""Who may be the second person of a verdict: not its author, nobody with a stake in it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

from .models import Recusal, Review


def refuse_author(review: Review, by: User) -> None:
    """Raise ValidationError when `by` wrote the review or changed it, superusers included.

    The rule of the fact-checking codes (IFCN, EFCSN). A newsroom of one switches it off with the
    setting SECOND_PERSON, and its method page says so.
    """
    if not settings.SECOND_PERSON:
        return
    if by != review.author and by in review.contributors.all():
        raise ValidationError(
            _("You changed this review yourself. Ask a colleague who did not write in it."),
            code="second_person",
        )
    if by == review.author:
        raise ValidationError(
            _("Someone other than the author must publish a review. Ask a colleague."),
            code="second_person",
        )


def refuse_writer(review: Review, by: User) -> None:
    """Raise ValidationError when `by` wrote in the review, whatever SECOND_PERSON says.

    Who knows the first rating cannot give a second one without knowing it.
    """
    if by == review.author or by in review.contributors.all():
        raise ValidationError(
            _("You wrote in this review and know its rating. Ask a colleague to rate it."),
            code="second_person",
        )


def remember_contributor(review: Review, by: Any) -> None:
    """Keep that `by` changed the words of a review, and so may not publish it."""
    if by != review.author:
        review.contributors.add(by)


def refuse_recused(review: Review, by: User) -> None:
    """Raise ValidationError when `by` stepped aside from the claim."""
    if Recusal.objects.filter(claim=review.claim, person=by).exists():
        raise ValidationError(
            _("You stepped aside from this claim. Ask a colleague to read it."), code="recused"
        )


def named_interests(review: Review, by: User) -> list[str]:
    """Return who of the claim’s speaker and publishers stands in the declared interests of `by`."""
    declared = by.interests.casefold()
    return [name for name in _parties(review) if name.casefold() in declared]


def refuse_unanswered_interests(review: Review, by: User, answer: str) -> None:
    """Raise ValidationError when a declared interest names a party and `answer` is empty."""
    names = named_interests(review, by)
    if names and not answer.strip():
        raise ValidationError(
            {
                "interest_answer": _(
                    "Your declared interests name %(names)s. Say why you can judge this claim "
                    "all the same, or step aside."
                )
                % {"names": ", ".join(names)}
            },
            code="interest",
        )


def _parties(review: Review) -> list[str]:
    claim = review.claim
    names = {claim.speaker.name, claim.speaker.affiliation} if claim.speaker else set()
    for appearance in claim.appearances.select_related("snapshot__source__publisher"):
        publisher = appearance.snapshot.source.publisher
        if publisher:
            names.add(publisher.name)
    return sorted(name for name in names if name)
