"""A second rating, given without seeing the first, and how a difference was settled."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .rating import Rating
from .review import Review
from .written_once import WrittenOnce


class BlindRatingQuerySet(models.QuerySet["BlindRating"]):
    def visible(self) -> Self:
        """Keep the ratings of versions that readers saw."""
        seen = Review.objects.visible().filter(pk=models.OuterRef("review"))
        return self.filter(models.Exists(seen))

    def first_pairs(self) -> Self:
        """Keep one for each claim: the earliest rating of its first version.

        Later ones were given when both people knew a verdict, or had talked.
        """
        earlier = BlindRating.objects.filter(review=models.OuterRef("review"))
        return self.filter(review__number=1).exclude(
            models.Exists(earlier.filter(pk__lt=models.OuterRef("pk")))
        )


class BlindRating(WrittenOnce):
    """What a second person rated a claim from its evidence, without seeing the first rating.

    The first rating is kept beside it as it stood then: its author may change it afterwards.
    """

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.PROTECT, related_name="blind_ratings"
    )
    revision = models.PositiveIntegerField(
        _("revision"), help_text=_("The submission that was rated.")
    )
    basis = models.CharField(
        _("basis"),
        max_length=64,
        help_text=_("The SHA-256 of the claim and the evidence that it was given on."),
    )
    rating = models.ForeignKey(
        Rating, verbose_name=_("rating"), on_delete=models.PROTECT, related_name="blind_ratings"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="blind_ratings",
    )
    first_rating = models.ForeignKey(
        Rating,
        verbose_name=_("first rating"),
        on_delete=models.PROTECT,
        related_name="first_of_blind_ratings",
        help_text=_("What the author had given when the second rating was given."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="ratings_compared",
        help_text=_("Who had given the first rating."),
    )
    note = models.TextField(
        _("why"), blank=True, help_text=_("In short. Colleagues see it, readers do not.")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = BlindRatingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("blind rating")
        verbose_name_plural = _("blind ratings")
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=F("author")), name="blind_rater_is_not_the_author"
            ),
            models.UniqueConstraint(
                fields=["review", "by"], name="one_blind_rating_per_person_and_review"
            ),
            models.UniqueConstraint(
                fields=["review", "basis"], name="one_blind_rating_per_evidence_of_a_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}, {self.revision}"

    @property
    def differs(self) -> bool:
        """Whether the first rating, or what the review carries now, is another."""
        return {self.rating_id} != {self.rating_id, self.first_rating_id, self.review.rating_id}

    @property
    def resolution(self) -> "Resolution | None":
        """How a difference was settled with the rating that the review carries now, or None."""
        settled = self.resolutions.filter(rating=self.review.rating_id)
        return settled.select_related("by").order_by("pk").last()


class Resolution(WrittenOnce):
    """How two people settled that they rated a claim differently. Readers see it."""

    blind_rating = models.ForeignKey(
        BlindRating,
        verbose_name=_("blind rating"),
        on_delete=models.PROTECT,
        related_name="resolutions",
    )
    rating = models.ForeignKey(
        Rating,
        verbose_name=_("rating"),
        on_delete=models.PROTECT,
        related_name="resolutions",
        help_text=_("What the review carried then. With another rating it is open again."),
    )
    text = models.TextField(_("how it was settled"), help_text=_("Readers see this."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="resolutions",
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="resolution_has_a_text"),
        ]

    def __str__(self) -> str:
        return str(self.blind_rating)
