"""What the newsroom tells about itself in its own words: who pays, what it promises."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.editing import Editable
from accounts.history import Remembered, edit_history
from sources.languages import is_language_tag


class AboutPageQuerySet(models.QuerySet["AboutPage"]):
    def visible(self) -> Self:
        """Keep what readers may see."""
        return self.filter(is_public=True)

    def to_read(self) -> list["AboutPage"]:
        """Return one page for each address, in the language of the reader if there is one.

        In the order that editors gave them. One query.
        """
        wanted = [get_language() or "", settings.LANGUAGE_CODE]
        pages: dict[str, AboutPage] = {}
        for page in self.visible():
            known = pages.get(page.slug)
            if known is None or _rank(page, wanted) < _rank(known, wanted):
                pages[page.slug] = page
        return sorted(pages.values(), key=lambda page: (page.position, page.pk))


def _rank(page: "AboutPage", wanted: list[str]) -> int:
    language = page.language.lower()
    return wanted.index(language) if language in wanted else len(wanted)


class AboutPage(Editable, Remembered):
    """A page that an editor writes: who pays for us, what we promise, how we correct."""

    class Purpose(models.TextChoices):
        """What a page is for, in the terms of schema.org for news organizations."""

        NONE = "", _("None of these")
        PRINCIPLES = "publishingPrinciples", _("Principles")
        FUNDING = "ownershipFundingInfo", _("Ownership and funding")
        CORRECTIONS = "correctionsPolicy", _("Corrections policy")
        ETHICS = "ethicsPolicy", _("Ethics policy")
        FEEDBACK = "actionableFeedbackPolicy", _("How readers reach us")
        UNNAMED_SOURCES = "unnamedSourcesPolicy", _("Unnamed sources")
        DIVERSITY = "diversityPolicy", _("Diversity policy")

    slug = models.SlugField(
        _("slug"),
        max_length=60,
        help_text=_("Its part of web addresses. The same page in another language has the same."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        default=settings.LANGUAGE_CODE,
        validators=[is_language_tag],
        help_text=_("The language it is written in: en, pt-BR."),
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), help_text=_("In Markdown. Readers see it as it is."))
    purpose = models.CharField(
        _("purpose"),
        max_length=30,
        choices=Purpose,
        blank=True,
        help_text=_("Search engines are told where to find each of these."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Its place in lists, smallest first.")
    )
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Readers see it. Before, editors alone do.")
    )
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = AboutPageQuerySet.as_manager()
    history = edit_history(excluded=["edit_number", "changed_at"])

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("page about us")
        verbose_name_plural = _("pages about us")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "language"],
                name="one_page_per_address_and_language",
                violation_error_message=_("There is such a page in this language already."),
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(title=""), name="page_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    def clean(self) -> None:
        """Refuse two pages for one purpose. Raises ValidationError."""
        others = AboutPage.objects.filter(purpose=self.purpose).exclude(slug=self.slug)
        if self.purpose and (other := others.first()):
            raise ValidationError(
                {"purpose": _("“%(page)s” is for this already.") % {"page": other}},
                code="purpose_taken",
            )
