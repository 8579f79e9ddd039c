"""The blind rating: who may not see a first rating yet, and whether a second one stands.

A claim may ask that a second person rates it from its evidence, without seeing the first rating.
Until somebody did, only those who write a review read it; every door asks here.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from accounts.models import User

from . import versions
from .models import BlindRating, Claim, Override, Rating, Resolution, Review, Submission

RATED_LINE, SETTLED_LINE = "blind-rating", "resolution"
"""The lines of the gate that speak of it."""


def hidden_from(person: Any, statuses: Sequence[str] = Review.NEVER_SHOWN) -> QuerySet[Review]:
    """Return the reviews that `person` may not read yet, so that a rating of theirs would be blind.

    Who wrote in a review reads it, and who has rated it; everybody does once a second rating of
    its evidence stands, or an editor let that line of the gate pass.
    """
    asking = Claim.objects.filter(asks_blind_rating=True).order_by()
    # Coalesce changes no value. It keeps SQLite from looking through all open reviews, where the
    # claims that ask for a blind rating have an index of their own.
    stands_so = In(Coalesce(F("status"), Value("")), statuses)
    return _unread(person, Review.objects.filter(stands_so, claim__in=asking.values("pk")))


def is_hidden_from(person: Any, path: str = "pk") -> Exists:
    """Return the condition that the review at `path` is one of `hidden_from(person)`.

    It looks at one review for each row, so it costs the same however many there are.
    """
    rows = Review.objects.filter(
        pk=OuterRef(path), claim__asks_blind_rating=True, status__in=Review.NEVER_SHOWN
    )
    return Exists(_unread(person, rows))


def _unread(person: Any, reviews: QuerySet[Review]) -> QuerySet[Review]:
    contributions = Review.contributors.through.objects.filter(
        review_id=OuterRef("pk"), user_id=person.pk
    )
    own = BlindRating.objects.filter(review=OuterRef("pk"), by=person.pk)
    return (
        reviews.order_by()
        .exclude(author=person.pk)
        .exclude(Exists(contributions) | Exists(own) | Exists(_rated()) | Exists(_let_pass()))
    )


def hides(review: Review, person: Any) -> bool:
    """Whether `person` may not read the review yet."""
    return review.claim.asks_blind_rating and hidden_from(person).filter(pk=review.pk).exists()


def disagreeing() -> Exists:
    """Return the condition that a review waits for a difference to be settled in writing."""
    pairs = BlindRating.objects.filter(
        review=OuterRef("pk"),
        review__submissions__basis=F("basis"),
        review__submissions__revision=F("review__revision"),
    )
    differ = ~Q(rating=F("first_rating")) | ~Q(rating=F("review__rating"))
    settled = Resolution.objects.filter(
        blind_rating=OuterRef("pk"), rating=OuterRef("review__rating")
    )
    return Exists(pairs.filter(differ).exclude(Exists(settled)))


def standing(review: Review) -> BlindRating | None:
    """Return the blind rating of the claim and the evidence as they stand now, or None."""
    basis = versions.basis_of(versions.content_of(review))
    found = review.blind_ratings.filter(basis=basis)
    return found.select_related("rating", "first_rating", "by", "author").first()


def open_difference(review: Review) -> BlindRating | None:
    """Return the blind rating that differs while nobody wrote how that was settled, or None."""
    found = standing(review)
    return found if found and found.differs and not found.resolution else None


def material(content: versions.Content) -> versions.Content:
    """Return what a blind rating is given on: of a content, the claim and what the sources say.

    Without what each is taken to prove, and in an order that says nothing.
    """
    names = (
        "source", "is_primary", "summary", "passage", "passage_language", "translation", "note",
        "snapshot",
    )  # fmt: skip
    evidence = [{name: found.get(name) for name in names} for found in content["evidence"]]
    ordered = sorted(evidence, key=lambda found: (found["source"]["title"], found["source"]["id"]))
    return {"claim": content["claim"], "evidence": ordered}


def rate(review: Review, *, by: User, rating: Rating, note: str) -> None:
    """Keep a second rating beside the first as it stands; the caller checked that it may be."""
    if review.rating is None:  # what was submitted has one
        raise ValidationError(_("There is no first rating yet."), code="incomplete")
    BlindRating.objects.create(
        review=review,
        revision=review.revision,
        basis=versions.basis_of(versions.content_of(review)),
        rating=rating,
        by=by,
        first_rating=review.rating,
        author=review.author,
        note=note.strip(),
    )


def refuse_hidden(review: Review, by: User) -> None:
    """Raise ValidationError when `by` would decide on a review that they may not read yet."""
    if hides(review, by):
        raise ValidationError(
            _(
                "This claim asks for a blind rating. Rate it from its evidence first, or wait "
                "until a colleague has."
            ),
            code="blind",
        )


def refuse_needless(review: Review, by: User) -> None:
    """Raise ValidationError when a rating by `by` would not be blind, or nobody asks for one."""
    if not review.claim.asks_blind_rating:
        raise ValidationError(_("This claim does not ask for a blind rating."), code="not_asked")
    if review.blind_ratings.filter(by=by).exists():
        raise ValidationError(
            _("You rated this review before and saw its rating. Ask a colleague to rate it."),
            code="rated",
        )
    if not hides(review, by):
        raise ValidationError(
            _("It needs no further blind rating: its rating is no longer hidden."), code="rated"
        )


def refuse_changed(review: Review) -> None:
    """Raise ValidationError when what was read, the `revision` of `review`, is not what stands."""
    stored = Review.objects.get(pk=review.pk)
    submitted = stored.submissions.filter(revision=stored.revision).first()
    basis = versions.basis_of(versions.content_of(stored))
    if stored.revision != review.revision or submitted is None or submitted.basis != basis:
        raise ValidationError(
            _(
                "The claim or its evidence changed after it was sent to you. Ask the author to "
                "take it back and send it again."
            ),
            code="changed_since_read",
        )


def _rated() -> QuerySet[Submission]:
    """Return the last submission of a review if its evidence was rated blind."""
    return Submission.objects.filter(
        review=OuterRef("pk"),
        revision=OuterRef("revision"),
        review__blind_ratings__basis=F("basis"),
    )


def _let_pass() -> QuerySet[Override]:
    return Override.objects.filter(review=OuterRef("pk"), line=RATED_LINE)
