"""Our check of a claim: its rating, its words and its evidence."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sources.models import Snapshot, Source

from .claim import Claim


class Rating(models.Model):
    """A step of the newsroom's scale, or a word beside it, as readers see it."""

    WORST, BEST = 1, 5

    class Mark(models.TextChoices):
        """Icon and colour of a rating; the word always stands beside them."""

        TRUE = "true", _("Solid circle with a tick")
        MOSTLY_TRUE = "mtrue", _("Ring with a tick")
        MIXED = "mixed", _("Half circle")
        MOSTLY_FALSE = "mfalse", _("Diamond with a cross")
        FALSE = "false", _("Solid diamond with a cross")
        UNPROVEN = "unproven", _("Dashed ring with a question mark")
        NONE = "none", _("Speech bubble")

    alternate_name = models.CharField(
        _("word"), max_length=40, unique=True, help_text=_("The word readers see: “Mostly true”.")
    )
    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    definition = models.TextField(_("definition"), help_text=_("What it means, for readers."))
    test = models.TextField(
        _("test"), blank=True, help_text=_("The question that decides whether it applies.")
    )
    rating_value = models.PositiveSmallIntegerField(
        _("value"),
        null=True,
        blank=True,
        unique=True,
        validators=[MinValueValidator(WORST), MaxValueValidator(BEST)],
        help_text=_("Its place on the scale, 1 the least true, 5 the most. Empty: off the scale."),
    )
    mark = models.CharField(_("mark"), max_length=10, choices=Mark)
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("Its place in lists, smallest first.")
    )
    is_retired = models.BooleanField(
        _("retired"),
        default=False,
        help_text=_("No longer given to claims. Verdicts that carry it keep it."),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(
                condition=Q(rating_value=None) | Q(rating_value__range=(1, 5)),
                name="rating_value_lies_on_the_scale",
            ),
        ]

    def __str__(self) -> str:
        return self.alternate_name


class Label(models.TextChoices):
    """Why a claim got its rating. Labels stand beside any rating."""

    MISSING_CONTEXT = "missing-context", _("Missing context")
    OUT_OF_DATE = "out-of-date", _("Out of date")
    WORDING_ALTERED = "wording-altered", _("Wording altered")
    SOURCE_MISNAMED = "source-misnamed", _("Source misnamed")
    SELF_REPORTED = "self-reported", _("Self-reported")
    NO_MEASURE = "no-measure", _("No measure given")


def validate_labels(value: Any) -> None:
    """Raise ValidationError unless `value` is a list of known labels, each once."""
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        raise ValidationError(_("Give the labels as a list, each once."), code="invalid_labels")
    unknown = [str(item) for item in value if item not in Label.values]
    if unknown:
        raise ValidationError(
            _("Unknown labels: %(unknown)s. Known are: %(known)s."),
            code="unknown_labels",
            params={"unknown": ", ".join(unknown), "known": ", ".join(Label.values)},
        )


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> Self:
        """Keep the reviews that stand: what readers see as our verdict."""
        return self.filter(status=Review.Status.PUBLISHED)

    def visible(self) -> Self:
        """Keep every version that readers saw: what stands, what was replaced or withdrawn."""
        return self.filter(
            status__in=(
                Review.Status.PUBLISHED,
                Review.Status.SUPERSEDED,
                Review.Status.RETRACTED,
            ),
            claim__status__in=Claim.VISIBLE,
        )

    def open(self) -> Self:
        """Keep the reviews that somebody still works on."""
        return self.filter(status__in=Review.OPEN)


class Review(models.Model):
    """One version of our check of a claim (schema.org ClaimReview).

    Change `status` only through `claims.workflow`, which records who, when and why.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for a second person")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Replaced by a newer version")
        RETRACTED = "retracted", _("Withdrawn")

    OPEN = (Status.DRAFT, Status.SUBMITTED)

    class Confidence(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    COPIED = (
        "claim",
        "rating",
        "labels",
        "finding",
        "rationale",
        "as_of",
        "confidence",
        "what_would_change",
    )

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="reviews"
    )
    number = models.PositiveIntegerField(
        _("version"), editable=False, help_text=_("1 for the first check of the claim, then 2, …")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    rating = models.ForeignKey(
        Rating,
        verbose_name=_("rating"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
    )
    labels = models.JSONField(
        _("labels"),
        default=list,
        blank=True,
        validators=[validate_labels],
        help_text=_("Why it got this rating."),
    )
    finding = models.CharField(
        _("finding"),
        max_length=200,
        blank=True,
        help_text=_("One sentence that a reader can repeat, at most 200 characters."),
    )
    rationale = models.TextField(
        _("rationale"),
        blank=True,
        help_text=_("Why, in Markdown. “## What holds up” and “## What does not” are headings."),
    )
    as_of = models.DateField(
        _("as of"),
        null=True,
        blank=True,
        help_text=_("The day the verdict speaks of. Empty when it does not depend on a day."),
    )
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence, blank=True)
    what_would_change = models.TextField(
        _("what would change our mind"),
        blank=True,
        help_text=_("The evidence that would move the rating, and where to. Readers see this."),
    )
    revision = models.PositiveIntegerField(
        _("revision"),
        default=0,
        editable=False,
        help_text=_("How often it was submitted. An approval is of one revision."),
    )
    is_self_approved = models.BooleanField(
        _("approved by its author"),
        default=False,
        editable=False,
        help_text=_("Only in a newsroom of one person, which says so to readers."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="reviews_written",
        editable=False,
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approver"),
        on_delete=models.PROTECT,
        null=True,
        related_name="reviews_approved",
        editable=False,
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [
            ("start_review", _("Can start the review of a claim")),
            ("submit_review", _("Can send a review to a second person")),
            ("publish_review", _("Can publish a review that somebody else wrote")),
            ("retract_review", _("Can withdraw a published verdict")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "submitted", "published", "superseded", "retracted"]
                ),
                name="review_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(status="published"),
                name="one_published_review_per_claim",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(status__in=["draft", "submitted"]),
                name="one_open_review_per_claim",
                violation_error_message=_("This claim has an open review already."),
            ),
            models.UniqueConstraint(
                fields=["claim", "number"], name="one_review_per_version_of_a_claim"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted"])
                | (
                    Q(
                        rating__isnull=False,
                        approver__isnull=False,
                        published_at__isnull=False,
                    )
                    & ~Q(finding="")
                ),
                name="published_review_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")) | Q(is_self_approved=True),
                name="approver_is_not_the_author",
                violation_error_message=_("Someone other than the author must publish a review."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="review_newest_first"),
            models.Index(fields=["rating", "status"], name="review_by_rating"),
        ]

    def __str__(self) -> str:
        return _("Version %(number)d of “%(claim)s”") % {
            "number": self.number,
            "claim": self.claim,
        }

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the review.

        Raises ValidationError when it was published before: readers rely on what they saw.
        """
        refuse_if_frozen(None if self._state.adding else self.pk)
        super().save(*args, **kwargs)

    def copied(self) -> "Review":
        """Return a new review with the words of this one, not stored yet."""
        return Review(**{name: getattr(self, name) for name in self.COPIED})

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it. What is not open never changes."""
        return self.status in self.OPEN

    @property
    def label_names(self) -> list[str]:
        """The words of its labels, for readers."""
        return [str(Label(value).label) for value in self.labels]


def refuse_if_frozen(review_id: int | None) -> None:
    """Raise ValidationError when the review's stored state is no longer a draft."""
    if review_id is None:
        return
    stored = Review.objects.filter(pk=review_id).values_list("status", flat=True).first()
    if stored == Review.Status.SUBMITTED:
        raise ValidationError(
            _("A second person reads this now. Take it back before you change it."),
            code="submitted",
        )
    if stored != Review.Status.DRAFT:
        raise ValidationError(
            _("A published version never changes. Start a new version of the review instead."),
            code="immutable",
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def published(self) -> Self:
        """Keep the evidence of the reviews that stand."""
        return self.filter(review__status=Review.Status.PUBLISHED)

    def for_display(self) -> Self:
        """Load what a source card shows, in reading order."""
        return (
            self.select_related("source__publisher", "snapshot")
            .defer("snapshot__text")
            .order_by("position", "pk")
        )


class Evidence(models.Model):
    """What a source shows in a review (schema.org citation)."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        REFUTES = "refutes", _("Refutes")
        CONTEXT = "context", _("Context")

    COPIED = (
        "source",
        "stance",
        "is_primary",
        "summary",
        "passage",
        "snapshot",
        "note",
        "position",
    )

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="evidence"
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="evidence"
    )
    stance = models.CharField(_("stance"), max_length=8, choices=Stance)
    is_primary = models.BooleanField(
        _("primary source"),
        default=False,
        help_text=_("First-hand for this claim: the record itself, not a report about it."),
    )
    summary = models.TextField(
        _("what it shows"),
        help_text=_("What the source says that bears on the claim, in our words."),
    )
    passage = models.TextField(
        _("passage"),
        blank=True,
        help_text=_("The words that say so, copied from the document, character for character."),
    )
    snapshot = models.ForeignKey(
        Snapshot,
        verbose_name=_("kept copy"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        help_text=_("The kept copy of the source that holds the passage."),
    )
    note = models.TextField(
        _("our note"),
        blank=True,
        help_text=_("What to know about this source before relying on it. Readers see this."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Its place in the list, smallest first.")
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(stance__in=["supports", "refutes", "context"]),
                name="evidence_stance_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.source}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it. Raises ValidationError when its review was published."""
        refuse_if_frozen(self.review_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove it. Raises ValidationError when its review was published."""
        refuse_if_frozen(self.review_id)
        return super().delete(*args, **kwargs)

    def copied_to(self, review: Review) -> "Evidence":
        """Return a new piece of evidence of `review` with what this one says, not stored yet."""
        return Evidence(review=review, **{name: getattr(self, name) for name in self.COPIED})

    def clean(self) -> None:
        """Raise ValidationError unless the kept copy is of this source and holds the passage."""
        if self.snapshot is None:
            return
        if self.source_id and self.snapshot.source_id != self.source_id:
            raise ValidationError({"snapshot": _("Choose a kept copy of the source named above.")})
        if self.passage and self.passage not in self.snapshot.text:
            raise ValidationError(
                {
                    "passage": _(
                        "These words do not occur in the kept copy. Copy them from it, character "
                        "for character."
                    )
                }
            )


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible(self) -> Self:
        """Keep the notes that readers may see: of published changes to visible claims."""
        return self.filter(published_at__isnull=False, review__claim__status__in=Claim.VISIBLE)

    def for_display(self) -> Self:
        """Load what a line of the corrections log shows, newest first."""
        return self.select_related("review__claim", "review__rating").order_by(
            "-published_at", "-pk"
        )


class Correction(models.Model):
    """The public note of what changed in a verdict and why (schema.org CorrectionComment)."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        UPDATE = "update", _("Update")
        CLARIFICATION = "clarification", _("Clarification")
        RETRACTION = "retraction", _("Retraction")

    review = models.ForeignKey(
        Review,
        verbose_name=_("review"),
        on_delete=models.PROTECT,
        related_name="corrections",
        help_text=_("The version that it introduces; for a retraction, the one it withdraws."),
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    note = models.TextField(_("note"), help_text=_("What changed and why, for readers."))
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="correction_has_a_note"),
            models.UniqueConstraint(
                fields=["review"],
                condition=~Q(kind="retraction"),
                name="one_note_introduces_a_version",
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(kind="retraction"),
                name="one_note_withdraws_a_version",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["correction", "update", "clarification", "retraction"]),
                name="correction_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="correction_newest_first")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note}"
