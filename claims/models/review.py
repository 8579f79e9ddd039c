"""Our check of a claim, version by version."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, In
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.editing import Editable
from accounts.history import Remembered, edit_history

from .claim import Claim
from .rating import Label, Rating, validate_labels


def _status_of_some() -> Coalesce:
    """Return the status, said so that SQLite reads the rows that something else names.

    Coalesce changes no value, but no index has it: of a few claims SQLite would read all that is
    published, a quarter of a second at a million.
    """
    return Coalesce("status", Value(""))


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self, *, of_some: bool = False) -> Self:
        """Keep the reviews that stand: what readers see as our verdict.

        With `of_some` the same rows, for a query that names its claims: see `_status_of_some`.
        """
        if of_some:
            return self.filter(Exact(_status_of_some(), Value(Review.Status.PUBLISHED.value)))
        return self.filter(status=Review.Status.PUBLISHED)

    def visible(self) -> Self:
        """Keep every version that readers saw: what stands, what was replaced or withdrawn."""
        return self.filter(
            status__in=(
                Review.Status.PUBLISHED,
                Review.Status.SUPERSEDED,
                Review.Status.RETRACTED,
            ),
            # What was withdrawn and then merged keeps the addresses of its versions.
            claim__status__in=(*Claim.VISIBLE, Claim.Status.MERGED),
        )

    def open(self, *, of_some: bool = False) -> Self:
        """Keep the reviews that somebody still works on.

        With `of_some` the same rows, for a query that names its claims: see `_status_of_some`.
        """
        if of_some:
            return self.filter(In(_status_of_some(), [status.value for status in Review.OPEN]))
        # With “or”, as its index has it: SQLite takes a list for another condition.
        return self.filter(Q(status=Review.Status.DRAFT) | Q(status=Review.Status.SUBMITTED))

    def to_look_at_again(self) -> Self:
        """Keep what stands and whose day to look again has come, the longest overdue first."""
        due = self.published(of_some=True).filter(look_again_on__lte=timezone.localdate())
        return due.order_by("look_again_on", "pk")


class Review(Editable, Remembered):
    """One version of our check of a claim (schema.org ClaimReview).

    Change `status` only through `claims.workflow`, which records who, when and why.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for a second person")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Replaced by a newer version")
        RETRACTED = "retracted", _("Withdrawn")
        DISCARDED = "discarded", _("Discarded")

    OPEN = (Status.DRAFT, Status.SUBMITTED)
    NEVER_SHOWN = (*OPEN, Status.DISCARDED)
    """What readers did not see."""

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
        "look_again_on",
        "found_no_support",
        "found_no_refutation",
        "single_origin_reason",
        "no_contact_reason",
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
    found_no_support = models.BooleanField(
        _("looked for evidence for the claim and found none"), default=False, db_default=False
    )
    found_no_refutation = models.BooleanField(
        _("looked for evidence against the claim and found none"), default=False, db_default=False
    )
    single_origin_reason = models.TextField(
        _("why one origin is enough"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Needed when the verdict rests on fewer than two sources that are independent of each "
            "other. Readers see this."
        ),
    )
    no_contact_reason = models.TextField(
        _("why the claimant was not asked"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Needed when the contact log of the claim is empty. Readers see this."),
    )
    look_again_on = models.DateField(
        _("look again on"),
        null=True,
        blank=True,
        help_text=_(
            "From this day readers are told that the verdict may be out of date, and the claim "
            "stands in the queue. Empty: no such day."
        ),
    )
    content = models.JSONField(
        _("content"),
        null=True,
        editable=False,
        help_text=_("All that readers were shown of this version, names included, as published."),
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
    contributors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("contributors"),
        blank=True,
        editable=False,
        related_name="reviews_contributed_to",
        help_text=_("Who else changed its words. Like its author they do not publish it."),
    )
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = ReviewQuerySet.as_manager()
    # What the verbs move has its transitions, and what was published is kept whole.
    history = edit_history(
        excluded=[
            "status", "author", "approver", "revision", "content", "is_self_approved",
            "published_at", "created_at", "edit_number",
        ]
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [
            ("start_review", _("Can start the review of a claim")),
            ("submit_review", _("Can send a review to a second person")),
            ("publish_review", _("Can publish a review that somebody else wrote")),
            ("retract_review", _("Can withdraw a published verdict")),
            ("rate_blind", _("Can rate a claim without seeing the first rating")),
            ("override_gate", _("Can let a review pass a line of the gate, with a public reason")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "draft",
                        "submitted",
                        "published",
                        "superseded",
                        "retracted",
                        "discarded",
                    ]
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
                fields=["claim", "number"],
                # What was discarded gives its number back, so that readers see no gap.
                condition=~Q(status="discarded"),
                name="one_review_per_version_of_a_claim",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "discarded"])
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
            # The author is in it so that the queue passes over a person’s own reviews unread.
            models.Index(fields=["status", "id", "author"], name="review_by_status_and_number"),
            models.Index(
                fields=["author", "id", "status"],
                condition=Q(status="draft") | Q(status="submitted"),
                name="open_review_by_author",
            ),
            models.Index(
                fields=["look_again_on", "id", "status"],
                condition=Q(look_again_on__isnull=False),
                name="review_to_look_at_again",
            ),
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

    @property
    def may_be_out_of_date(self) -> bool:
        """Whether the day to look again has come."""
        return self.look_again_on is not None and self.look_again_on <= timezone.localdate()


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
