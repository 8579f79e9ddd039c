"""What sources show in a review."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.history import Remembered, edit_history
from sources.languages import is_language_tag
from sources.models import Snapshot, Source

from ..anchoring import CONTEXT_LENGTH, Passage, anchor, find_alike, find_nearest
from .review import Review, refuse_if_frozen


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def published(self) -> Self:
        """Keep the evidence of the reviews that stand."""
        return self.filter(review__status=Review.Status.PUBLISHED)

    def for_display(self) -> Self:
        """Load what a source card shows, in reading order.

        `newest_copy` is the newest kept copy of the source, for evidence that names none.
        """
        from .risk import Risk

        copies = Snapshot.objects.not_confidential().filter(source=OuterRef("source"))
        copies = copies.order_by("-captured_at", "-pk")
        return (
            self.select_related("source__publisher", "source__based_on", "source__link", "snapshot")
            .prefetch_related(Prefetch("risks", Risk.objects.current(), to_attr="current_risks"))
            .defer("snapshot__text")
            .annotate(
                newest_copy=Subquery(copies.values("pk")[:1]),
                newest_copy_at=Subquery(copies.values("captured_at")[:1]),
            )
            .order_by("position", "pk")
        )


class Evidence(Remembered):
    """What a source shows in a review (schema.org citation).

    Where it quotes a kept copy, position and context of the passage follow the W3C Web Annotation
    model, as those of an `Appearance`.
    """

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
        "start",
        "end",
        "prefix",
        "suffix",
        "passage_language",
        "translation",
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
    start = models.PositiveIntegerField(
        _("start"),
        null=True,
        blank=True,
        help_text=_("Position of the first character in the kept copy. Found for you."),
    )
    end = models.PositiveIntegerField(_("end"), null=True, blank=True, editable=False)
    prefix = models.CharField(
        _("words before"),
        max_length=CONTEXT_LENGTH,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    suffix = models.CharField(
        _("words after"),
        max_length=CONTEXT_LENGTH,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    passage_language = models.CharField(
        _("language of the passage"),
        max_length=35,
        blank=True,
        default="",
        db_default="",
        validators=[is_language_tag],
        help_text=_("A language tag such as zh-Hans, where it is another than that of the source."),
    )
    translation = models.TextField(
        _("translation"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "The passage in the language of the claim, where it stands in another. Readers see "
            "both."
        ),
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
    # Where the passage stands is found from its words, and is no edit of its own.
    history = edit_history(child_of="review", excluded=["start", "end", "prefix", "suffix"])

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(stance__in=["supports", "refutes", "context"]),
                name="evidence_stance_is_known",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None)
                | Q(end__gt=F("start"), start__isnull=False, end__isnull=False),
                name="quoted_passage_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(translation="") | ~Q(passage=""),
                name="translation_is_of_a_passage",
                violation_error_message=_("A translation needs the passage that it translates."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)  # without its stance, which would tell the rating

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

    @property
    def language(self) -> str:
        """The language tag of the passage, empty when unknown."""
        return self.passage_language or self.source.language

    @property
    def is_misquoted(self) -> bool:
        """Whether the kept copy does not hold the passage where it is said to stand."""
        if self.snapshot is None or not self.passage:
            return False
        if self.start is None:  # stored by a program that did not look for the place
            return self.passage not in self.snapshot.text
        return self.snapshot.text[self.start : self.end] != self.passage

    @property
    def public_snapshot(self) -> Snapshot | None:
        """The kept copy that readers may know of: none of a confidential source."""
        return None if self.source.is_confidential else self.snapshot

    def clean(self) -> None:
        """Take the passage in the words of the kept copy, with its place there.

        Raises ValidationError unless the copy is of this source and holds the passage; quotation
        marks, dashes, case and white space may be typed otherwise. Of words that stand there more
        than once, those at `start` are meant, else the first.
        """
        quoted = None
        if self.snapshot is not None:
            if self.source_id and self.snapshot.source_id != self.source_id:
                raise ValidationError(
                    {"snapshot": _("Choose a kept copy of the source named above.")}
                )
            quoted = self.passage and _as_in(self.snapshot.text, self.passage, self.start)
        if not quoted:
            self.start = self.end = None
            self.prefix = self.suffix = ""
            return
        self.passage, self.start, self.end = quoted.exact, quoted.start, quoted.end
        self.prefix, self.suffix = quoted.prefix, quoted.suffix


def _as_in(text: str, passage: str, start: int | None) -> Passage:
    """Return a passage in the words of a kept copy, from which only its typing may differ.

    Raises ValidationError where it stands nowhere, with the words that are most like it.
    """
    if start is not None and text[start : start + len(passage)] == passage:
        return anchor(text, passage, start)
    if (first := text.find(passage)) >= 0:
        return anchor(text, passage, first)
    if alike := find_alike(text, passage):
        return alike[0]
    sentence = gettext("These words do not occur in the kept copy. Copy them from it.")
    if nearest := find_nearest(text, passage):
        most_like = gettext("Most like them are: “%(words)s”.") % {"words": nearest.exact}
        sentence = f"{sentence} {most_like}"
    raise ValidationError({"passage": sentence})
