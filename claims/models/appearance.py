"""Where claims were made: passages of what others published."""

from collections.abc import Collection
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import Remembered, edit_history
from sources.models import Snapshot

from ..anchoring import CONTEXT_LENGTH, AnchoringError, anchor
from .claim import Claim

READERS_COULD_NOT_SEE_IT = _(
    "This is a copy of a confidential source, which readers never see. A claim is recorded where "
    "they can read it; name the confidential source as evidence instead."
)


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    def visible(self) -> Self:
        """Keep the passages of claims that readers may see."""
        return self.filter(claim__status__in=Claim.VISIBLE)

    def not_confidential(self) -> Self:
        """Keep the passages of documents that readers may read; `clean` refuses all others."""
        return self.filter(snapshot__source__is_confidential=False)


class Appearance(Remembered):
    """The passage of a snapshot where a claim was made, in its exact words.

    Position and context follow the W3C Web Annotation model: TextPositionSelector (`start`
    included, `end` not, in Unicode code points of the snapshot's text) and TextQuoteSelector
    (`exact`, `prefix`, `suffix`).
    """

    class Attribution(models.TextChoices):
        DIRECT_QUOTE = "direct-quote", _("Direct quote")
        REPORTED_SPEECH = "reported-speech", _("Reported speech")
        OWN_WORDS = "own-words", _("The document’s own words")

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="appearances"
    )
    snapshot = models.ForeignKey(
        Snapshot, verbose_name=_("snapshot"), on_delete=models.PROTECT, related_name="appearances"
    )
    exact = models.TextField(
        _("exact words"), help_text=_("Copied from the snapshot, character for character.")
    )
    prefix = models.CharField(
        _("words before"), max_length=CONTEXT_LENGTH, blank=True, editable=False
    )
    suffix = models.CharField(
        _("words after"), max_length=CONTEXT_LENGTH, blank=True, editable=False
    )
    start = models.PositiveIntegerField(
        _("start"),
        null=True,
        blank=True,
        help_text=_(
            "Position of the first character in the snapshot. Needed only when the same words "
            "occur more than once; otherwise it is found for you."
        ),
    )
    end = models.PositiveIntegerField(_("end"), null=True, blank=True, editable=False)
    attribution = models.CharField(
        _("attribution"), max_length=15, choices=Attribution, default=Attribution.OWN_WORDS
    )
    speaker_role = models.CharField(
        _("speaker’s role as given there"),
        max_length=300,
        blank=True,
        help_text=_("How the document introduces the speaker, such as “former employee”."),
    )
    reported_by = models.CharField(
        _("reported by"),
        max_length=300,
        blank=True,
        help_text=_("Who passed the words on before this document, if anyone."),
    )
    attribution_note = models.TextField(
        _("did they say it?"),
        blank=True,
        help_text=_(
            "What we know of whether the speaker said this, which is another question than "
            "whether it is true. Readers see this."
        ),
    )
    moved_from = models.ForeignKey(
        Claim,
        verbose_name=_("recorded for"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="appearances_moved_away",
        help_text=_("The claim it was recorded for, before that was merged into this one."),
    )
    rewords = models.ForeignKey(
        "self",
        verbose_name=_("rewords"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reworded_as",
        help_text=_("The passage whose wording this one changed. Readers see the difference."),
    )

    objects = AppearanceQuerySet.as_manager()
    # What is found from the exact words and their start is no edit of its own.
    history = edit_history(child_of="claim", excluded=["prefix", "suffix", "end"])

    class Meta:
        ordering = ["pk"]
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start"), start__isnull=False, end__isnull=False),
                name="passage_ends_after_its_start",
                violation_error_message=_("The passage must end after its start."),
            ),
            models.UniqueConstraint(
                fields=["claim", "snapshot", "start", "end"],
                name="one_appearance_per_passage_of_a_claim",
                violation_error_message=_("This passage is recorded for the claim already."),
            ),
        ]
        indexes = [models.Index(fields=["snapshot", "start"], name="appearance_in_reading_order")]

    def __str__(self) -> str:
        return self.exact

    def clean(self) -> None:
        """Anchor the exact words in the snapshot.

        Raises ValidationError, naming the field, when they do not occur there, or more than once
        while `start` does not say which is meant; or when the source is confidential.
        """
        if not (self.snapshot_id and self.exact):
            return
        if self.snapshot.source.is_confidential:
            raise ValidationError({"snapshot": READERS_COULD_NOT_SEE_IT})
        try:
            passage = anchor(self.snapshot.text, self.exact, self.start)
        except AnchoringError as error:
            raise ValidationError({error.field: str(error)}) from error
        self.start, self.end = passage.start, passage.end
        self.prefix, self.suffix = passage.prefix, passage.suffix

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check the constraints, without a second complaint about a passage not found."""
        if self.end is None:
            exclude = {*(exclude or ()), "start", "end"}
        super().validate_constraints(exclude=exclude)
