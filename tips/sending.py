"""What readers do: ask for a correction, suggest a claim."""

import secrets

from django.db import transaction
from django.db.models import QuerySet

from claims.models import Claim, Review

from .models import (
    CorrectionRequest,
    Receipt,
    Suggestion,
    SuggestionReceipt,
    hash_of,
    hash_of_words,
)


def correctable() -> QuerySet[Claim]:
    """Return the claims whose verdict readers may ask us to correct: it stands, or did."""
    return Claim.objects.visible().filter(
        status__in=(Claim.Status.PUBLISHED, Claim.Status.RETRACTED)
    )


def versions_of(claim: Claim) -> QuerySet[Review]:
    """Return the versions of a verdict that readers saw, the newest first, without their words."""
    return Review.objects.visible().filter(claim=claim).only("claim", "number").order_by("-number")


@transaction.atomic
def send(review: Review, *, wrong: str, shows: str = "") -> str:
    """Keep what a reader says is wrong with a version, and return the token of their receipt.

    The same words about the same version join the request that has them, whatever became of it.
    """
    request, _made = CorrectionRequest.objects.get_or_create(
        review=review,
        words_hash=hash_of_words(wrong, shows),
        defaults={"wrong": wrong, "shows": shows},
    )
    token = secrets.token_urlsafe(32)
    Receipt.objects.create(request=request, token_hash=hash_of(token))
    return token


@transaction.atomic
def suggest(*, said: str, where: str, who: str = "", when: str = "", shows: str = "") -> str:
    """Keep what a reader would like checked, and return the token of their receipt.

    The same words join the suggestion that has them, whatever became of it; what the first reader
    wrote beside them stays.
    """
    suggestion, _made = Suggestion.objects.get_or_create(
        said_hash=hash_of_words(said),
        defaults={"said": said, "where": where, "who": who, "when": when, "shows": shows},
    )
    token = secrets.token_urlsafe(32)
    SuggestionReceipt.objects.create(suggestion=suggestion, token_hash=hash_of(token))
    return token
