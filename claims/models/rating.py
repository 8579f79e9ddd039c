"""The words of a verdict: the scale, and the labels beside it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.editing import Editable
from accounts.history import Remembered, edit_history

TRANSLATED = {"alternate_name": 40, "definition": None, "test": None}
"""What of a rating readers read in their own language, each with its greatest length."""


def validate_translations(value: Any) -> None:
    """Raise ValidationError unless `value` holds words of a rating by language and field."""
    if not isinstance(value, dict):
        raise ValidationError(_("Give the words by language."), code="invalid_translations")
    for language, words in value.items():
        if language not in dict(settings.LANGUAGES):
            raise ValidationError(
                _("This site has no language “%(language)s”."),
                code="unknown_language",
                params={"language": language},
            )
        if not isinstance(words, dict) or not words.get("alternate_name"):
            raise ValidationError(
                _("Give the word too where you translate what it means: %(language)s."),
                code="no_word",
                params={"language": language},
            )
        for name, said in words.items():
            most = TRANSLATED.get(name)
            if name not in TRANSLATED or not isinstance(said, str) or len(said) > (most or 10_000):
                raise ValidationError(
                    _("Give texts, the word in at most %(most)d letters: %(language)s."),
                    code="invalid_words",
                    params={"language": language, "most": TRANSLATED["alternate_name"]},
                )


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

    translations = models.JSONField(
        _("in other languages"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        validators=[validate_translations],
        help_text=_("What readers see who read the site in another language."),
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
        return self._shown("alternate_name")

    @property
    def shown_definition(self) -> str:
        """Return what it means, in the language of the page."""
        return self._shown("definition")

    @property
    def shown_test(self) -> str:
        """Return the question that decides whether it applies, in the language of the page."""
        return self._shown("test")

    def _shown(self, name: str) -> str:
        words: dict[str, str] = self.translations.get(get_language() or "", {})
        return words.get(name) or str(getattr(self, name))


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
