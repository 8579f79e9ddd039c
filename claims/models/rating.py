"""The words of a verdict: the scale, and the labels beside it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.editing import Editable
from accounts.history import Remembered, edit_history


class Rating(Editable, Remembered):
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

    history = edit_history(excluded=["edit_number"])

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
