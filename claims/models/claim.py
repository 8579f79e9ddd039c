"""What somebody said, in one sentence that stands alone."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.editing import Editable
from accounts.history import Remembered, edit_history
from sources.languages import is_language_tag
from sources.partial_dates import PartialDateField, partial_date_constraint

from .speaker import Speaker, Topic

if TYPE_CHECKING:
    from .appearance import Appearance


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible(self) -> Self:
        """Keep what readers may see: claims in review, with a verdict, or with one withdrawn."""
        # Coalesce changes no value. It keeps SQLite from fetching three slices of the index by
        # status and sorting them whole, where the index by date has the order already.
        return self.filter(In(Coalesce(F("status"), Value("")), Claim.VISIBLE))

    def published(self) -> Self:
        """Keep the claims that carry a verdict of ours."""
        return self.filter(status=Claim.Status.PUBLISHED)

    def unfinished(self) -> Self:
        """Keep the claims of which no verdict was published yet."""
        # With “or”, as its index has it: SQLite takes a list for another condition.
        return self.filter(Q(status=Claim.Status.NEW) | Q(status=Claim.Status.IN_REVIEW))

    def newest_first(self) -> Self:
        """Order as lists show claims: what changed for readers last stands first."""
        return self.order_by("-listed_at", "-pk")

    def for_list(self) -> Self:
        """Load what one line of a list shows, in a fixed set of queries."""
        from .appearance import Appearance
        from .review import Review

        return self.select_related("speaker").prefetch_related(
            "topics",
            models.Prefetch(
                "reviews",
                queryset=Review.objects.published(of_some=True)
                .select_related("rating")
                .annotate(source_count=models.Count("evidence")),
                to_attr="current_reviews",
            ),
            models.Prefetch(
                "appearances",
                queryset=Appearance.objects.not_confidential()
                .select_related("snapshot__source__publisher")
                .defer("snapshot__text"),
            ),
        )

    def for_card(self) -> Self:
        """Load what the card of a claim says. Two queries."""
        from .review import Review

        reviews = Review.objects.published(of_some=True).select_related("rating")
        return self.select_related("speaker").prefetch_related(
            models.Prefetch("reviews", queryset=reviews, to_attr="current_reviews")
        )

    def for_display(self) -> Self:
        """Load all that a claim's page or API entry shows, in a fixed set of queries."""
        from .appearance import Appearance
        from .evidence import Evidence
        from .review import Review
        from .risk import Risk

        return self.select_related("speaker").prefetch_related(
            "topics",
            "contact_attempts",
            models.Prefetch(
                "reviews",
                queryset=Review.objects.published(of_some=True)
                .select_related("rating", "author", "approver")
                .prefetch_related(
                    "corrections",
                    "overrides",
                    models.Prefetch("evidence", queryset=Evidence.objects.for_display()),
                ),
                to_attr="current_reviews",
            ),
            models.Prefetch(
                "appearances",
                queryset=Appearance.objects.not_confidential()
                .select_related("snapshot__source__publisher", "rewords")
                .prefetch_related(
                    models.Prefetch("risks", Risk.objects.current(), to_attr="current_risks")
                )
                .defer("snapshot__text"),
            ),
        )

    def with_open_reviews(self) -> Self:
        """Load which sources are being read for each claim: see `Claim.sources_being_read`."""
        from .evidence import Evidence
        from .review import Review

        evidence = Evidence.objects.only("review_id", "source_id")
        return self.prefetch_related(
            models.Prefetch(
                "reviews",
                queryset=Review.objects.open(of_some=True)
                .only("claim_id")
                .prefetch_related(models.Prefetch("evidence", queryset=evidence)),
                to_attr="open_reviews",
            )
        )


BLIND_RATING_STAYS = _(
    "A second person reads a review of this claim, or has rated it, so whether a blind rating is "
    "asked for stays as it is. It can be changed once the verdict is published."
)
JUDGED_WORDS_STAY = _(
    "A verdict was published on these words, so they stay. Record the other words as a claim of "
    "their own."
)


class Claim(Editable, Remembered):
    """A statement that somebody made, in one sentence that stands alone (schema.org Claim).

    Change `status` only through `claims.workflow`, which records who, when and why.
    """

    class Kind(models.TextChoices):
        FACT = "fact", _("Statement of fact")
        OPINION = "opinion", _("Opinion")
        PREDICTION = "prediction", _("Prediction")
        GOAL = "goal", _("Goal")

    class Status(models.TextChoices):
        NEW = "new", _("New, not public")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Verdict published")
        RETRACTED = "retracted", _("Verdict withdrawn")
        DECLINED = "declined", _("Declined, not public")
        MERGED = "merged", _("Merged into another")

    JUDGED = ("text", "kind", "speaker", "stated_on", "language")
    """What a verdict is given on: from the first one on, these never change."""
    VISIBLE = (Status.IN_REVIEW, Status.PUBLISHED, Status.RETRACTED)

    text = models.CharField(
        _("claim"),
        max_length=1000,
        help_text=_("One sentence that can be understood alone, in neutral words."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.FACT)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.NEW, editable=False
    )
    speaker = models.ForeignKey(
        Speaker,
        verbose_name=_("speaker"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        help_text=_("Empty when a document says it in its own words and names nobody."),
    )
    stated_on = PartialDateField(
        _("stated on"),
        blank=True,
        help_text=_("As far as it is known: 2024, 2024-07 or 2024-07-02. Empty when unknown."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        default="en",
        validators=[is_language_tag],
        help_text=_("Of the claim's sentence: a language tag such as en, zh-Hans or pt-BR."),
    )
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
        help_text=_("The claim and check that this one says in another language."),
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), blank=True, related_name="claims"
    )
    selection_reason = models.TextField(
        _("why we check it"),
        blank=True,
        help_text=_("Reach, importance, who asked. Readers see this."),
    )
    what_would_settle = models.TextField(
        _("what would settle it"),
        blank=True,
        help_text=_("The evidence that would decide it. Readers see this while it is in review."),
    )
    background = models.TextField(
        _("background"),
        blank=True,
        db_column="notes",
        help_text=_(
            "What every colleague who checks it should know. Readers never see this. What you want "
            "to say to somebody is a note."
        ),
    )
    asks_blind_rating = models.BooleanField(
        _("ask for a blind rating"),
        default=False,
        db_default=False,
        help_text=_(
            "A second person rates it from the evidence before they see the first rating; a "
            "difference is settled in writing. Until then only who writes a review reads it, so "
            "ask before the writing begins."
        ),
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="assigned_claims",
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_claims",
    )
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    listed_at = models.DateTimeField(
        _("listed"),
        default=timezone.now,
        editable=False,
        help_text=_(
            "When it was accepted, or its verdict last published. Lists are in this order."
        ),
    )

    objects = ClaimQuerySet.as_manager()
    # What the verbs move has its transitions.
    history = edit_history(
        excluded=["status", "assigned_to", "merged_into", "listed_at", "created_at", "edit_number"],
        members=[topics],
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        permissions = [
            ("accept_claim", _("Can accept a claim for review")),
            ("decline_claim", _("Can decline a claim")),
            ("reopen_claim", _("Can take up a declined or withdrawn claim again")),
            ("assign_claim", _("Can give a claim to a colleague")),
            ("merge_claim", _("Can merge two records of one claim")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["new", "in_review", "published", "retracted", "declined", "merged"]
                ),
                name="claim_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["fact", "opinion", "prediction", "goal"]),
                name="claim_kind_is_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_a_text"),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into=None)),
                name="merged_claim_names_where_it_went",
            ),
            partial_date_constraint("stated_on", "claim_stated_on_is_a_partial_date"),
            models.CheckConstraint(
                condition=~Q(translation_of=models.F("id")), name="claim_translates_another"
            ),
        ]
        indexes = [
            models.Index(fields=["-listed_at", "-id"], name="claim_newest_first"),
            models.Index(fields=["status", "-listed_at", "-id"], name="claim_by_status"),
            models.Index(fields=["speaker", "-listed_at", "-id"], name="claim_by_speaker"),
            # Of the admin’s list, which is in the order of the numbers.
            models.Index(fields=["status", "id"], name="claim_by_status_and_number"),
            models.Index(
                fields=["assigned_to", "id", "status"],
                condition=Q(status="new") | Q(status="in_review"),
                name="claim_to_be_worked_on",
            ),
            models.Index(
                fields=["id"],
                condition=Q(asks_blind_rating=True),
                name="claim_asks_for_a_blind_rating",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the claim.

        Raises ValidationError when readers saw a verdict on it and its words change: a verdict on
        other words is another claim’s; or when a blind rating is asked for, or no longer, too late.
        """
        if not self._state.adding:
            self._refuse_late_changes()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a translation into the same language, or of a translation.

        Raises ValidationError. So all translations of a check name one original.
        """
        original = self.translation_of
        if original is None:
            return
        if original.language.lower() == self.language.lower():
            raise ValidationError(
                {"translation_of": _("That is in the same language. Merge them instead.")},
                code="same_language",
            )
        if original.translation_of_id:
            raise ValidationError(
                {
                    "translation_of": _("That is a translation itself. Name claim %(number)d.")
                    % {"number": original.translation_of_id}
                },
                code="not_the_original",
            )
        if self.pk and self.translations.exists():
            raise ValidationError(
                {"translation_of": _("Others name this one as what they translate.")},
                code="is_an_original",
            )

    def in_other_languages(self) -> list["Claim"]:
        """Return the claims that say this one in other languages and that readers see. A query."""
        original = self.translation_of_id or self.pk
        claims = Claim.objects.visible().filter(Q(pk=original) | Q(translation_of=original))
        return list(
            claims.exclude(pk=self.pk).only("text", "language", "status").order_by("language", "pk")
        )

    def _refuse_late_changes(self) -> None:
        stored = type(self)._base_manager.get(pk=self.pk)
        if self.asks_blind_rating != stored.asks_blind_rating and stored.blind_rating_is_settled:
            raise ValidationError({"asks_blind_rating": BLIND_RATING_STAYS}, code="immutable")
        if self.was_judged:
            for name in self.JUDGED:
                if getattr(stored, name) != getattr(self, name):
                    raise ValidationError({name: JUDGED_WORDS_STAY}, code="immutable")

    @property
    def was_judged(self) -> bool:
        """Whether a verdict on it was published, be it withdrawn since."""
        return self.reviews.filter(published_at__isnull=False).exists()

    @property
    def blind_rating_is_settled(self) -> bool:
        """Whether it is too late to ask for a blind rating, or to ask no longer.

        Asked for, it holds for a review that was sent to a second person, be it sent back since,
        and for the next one when what was rated was discarded: nobody gets around a difference.
        """
        submitted, discarded = Q(status="submitted"), Q(status="discarded")
        sent_back = Q(status="draft", revision__gt=0)
        if self.asks_blind_rating:
            rated = discarded & Q(blind_ratings__isnull=False)
            return self.reviews.filter(submitted | sent_back | rated).exists()
        return self.reviews.filter(submitted).exists()

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.pk])

    @property
    def is_visible(self) -> bool:
        """Whether readers may see this claim."""
        return self.status in self.VISIBLE

    @property
    def current_review(self) -> Any:
        """The published review, or None. Load the claim with `.for_list()` or `.for_display()`."""
        return self.current_reviews[0] if self.current_reviews else None  # type: ignore[attr-defined]

    @property
    def sources_being_read(self) -> list[int]:
        """The keys of the sources a claim in review is checked against; nothing of what they show.

        Load the claim with `.with_open_reviews()`.
        """
        if self.status != self.Status.IN_REVIEW:
            return []
        reviews: list[Any] = self.open_reviews  # type: ignore[attr-defined]
        return sorted({found.source_id for review in reviews for found in review.evidence.all()})

    @property
    def first_appearance(self) -> "Appearance | None":
        """Where the claim was recorded first, or None."""
        appearances = list(self.appearances.all())
        return appearances[0] if appearances else None
