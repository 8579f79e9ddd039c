"""What others published: documents, and who stands behind them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.editing import Editable
from accounts.history import Remembered, edit_history
from sources.canonical import address_key
from sources.partial_dates import PartialDateField, partial_date_constraint
from sources.titles import title_key


class Publisher(Editable, Remembered):
    """Who stands behind documents: an outlet, an agency (schema.org Organization)."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        help_text=_("Its part of web addresses. Leave it as it is once it is public."),
    )
    url = models.URLField(_("website"), max_length=2000, blank=True)
    same_as = models.URLField(
        _("same as"),
        max_length=2000,
        blank=True,
        help_text=_("A page that says without doubt which publisher this is, such as Wikidata."),
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text=_(
            "The organization that it belongs to or speaks for, such as the agency whose reports "
            "it carries. Two sources of one organization are one origin."
        ),
    )
    interests = models.TextField(
        _("interests"),
        blank=True,
        help_text=_("Owners, funders and stakes that a reader should know. Readers see this."),
    )

    history = edit_history(excluded=["edit_number"])

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        constraints = [
            models.CheckConstraint(
                condition=Q(part_of=None) | ~Q(part_of=F("id")),
                name="publisher_is_not_part_of_itself",
                violation_error_message=_("A publisher is not part of itself."),
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="publisher_by_name")]

    def __str__(self) -> str:
        return self.name


def _if_confidential(condition: Q, name: str, message: Any) -> models.CheckConstraint:
    """Return the constraint that `condition` holds of a confidential source."""
    return models.CheckConstraint(
        condition=Q(is_confidential=False) | condition, name=name, violation_error_message=message
    )


class Source(Editable, Remembered):
    """One document that somebody published (schema.org CreativeWork)."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        REPORT = "report", _("Report")
        DATASET = "dataset", _("Dataset")
        PAPER = "paper", _("Paper")
        LAW = "law", _("Law")
        POST = "post", _("Post")
        SPEECH = "speech", _("Speech")
        TRANSCRIPT = "transcript", _("Transcript")
        VIDEO = "video", _("Video")
        INTERVIEW = "interview", _("Interview")
        SOFTWARE = "software", _("Software")
        WEB_PAGE = "web-page", _("Web page")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(
        _("title"), max_length=500, help_text=_("As the document gives it, in its own language.")
    )
    url = models.URLField(
        _("address"),
        max_length=2000,
        blank=True,
        help_text=_("Where the document was published. Empty when it has no address."),
    )
    publisher = models.ForeignKey(
        Publisher,
        verbose_name=_("publisher"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text=_("Empty when the document names none."),
    )
    author = models.CharField(
        _("author"),
        max_length=300,
        blank=True,
        help_text=_("As the document gives it. Empty when it names none."),
    )
    published_on = PartialDateField(
        _("published on"),
        blank=True,
        help_text=_(
            "As the document shows it: 2024, 2024-07 or 2024-07-02. Empty when it shows none."
        ),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        help_text=_("A language tag such as en, zh-Hans or pt-BR. Empty when unknown."),
    )
    based_on = models.ForeignKey(
        "self",
        verbose_name=_("based on"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        help_text=_("The document that this one rewords, translates or republishes."),
    )
    access_note = models.TextField(
        _("how we know it"),
        blank=True,
        help_text=_(
            "How we read it and, without a kept copy, why there is none. Readers see this."
        ),
    )
    interest = models.TextField(
        _("interest"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "A stake of who made this document in what it says, such as a state institute writing "
            "about its own country’s industry. Readers see this beside its name."
        ),
    )
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        db_default=False,
        help_text=_(
            "Readers see its title, so write it as they may see it (“A former employee of the "
            "ministry”), and how we know it. They never see a kept copy. What tells who it is goes "
            "into the private detail alone."
        ),
    )
    retracted_on = PartialDateField(
        _("retracted on"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "When its publisher withdrew this document: 2024, 2024-07 or 2024-07-02. Empty when "
            "it stands. Readers see this."
        ),
    )
    retraction_note = models.TextField(
        _("why it was retracted"),
        blank=True,
        default="",
        db_default="",
        help_text=_("What the publisher says about it. Readers see this."),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    canonical_url = models.CharField(
        _("canonical address"),
        max_length=2000,
        null=True,
        editable=False,
        help_text=_("The one address of the document, however it was copied, to compare by."),
    )
    title_key = models.CharField(
        _("title to compare by"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("The first words of the title, by which titles much like it are found."),
    )

    history = edit_history(excluded=["created_at", "edit_number", "canonical_url", "title_key"])

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="one_source_per_address",
                violation_error_message=_(
                    "A source with this address exists already. Use that one."
                ),
            ),
            models.UniqueConstraint(
                # Null where there is none, so that this one index serves to find them too: SQLite
                # uses none that has a condition.
                fields=["canonical_url"],
                name="one_source_per_canonical_address",
                violation_error_message=_(
                    "A source with this address, written in another way, exists already. Use that "
                    "one."
                ),
            ),
            models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title"),
            models.CheckConstraint(
                condition=Q(based_on=None) | ~Q(based_on=models.F("id")),
                name="source_is_not_based_on_itself",
                violation_error_message=_("A source cannot be based on itself."),
            ),
            partial_date_constraint("published_on", "source_published_on_is_a_partial_date"),
            _if_confidential(
                Q(url=""),
                "confidential_source_has_no_address",
                _("A confidential source has no address. Write it into the private detail."),
            ),
            _if_confidential(
                Q(author=""),
                "confidential_source_names_no_author",
                _("A confidential source names no author. Write the name into the private detail."),
            ),
            _if_confidential(
                Q(publisher=None),
                "confidential_source_names_no_publisher",
                _("A confidential source names no publisher. Write it into the private detail."),
            ),
            _if_confidential(
                Q(based_on=None),
                "confidential_source_is_based_on_no_other",
                _("A confidential source is based on no other. Write it into the private detail."),
            ),
            _if_confidential(
                ~Q(access_note=""),
                "confidential_source_says_how_we_know_it",
                _("Tell readers under “how we know it” why they can rely on a source unnamed."),
            ),
            partial_date_constraint("retracted_on", "source_retracted_on_is_a_partial_date"),
            models.CheckConstraint(
                condition=Q(retraction_note="") | ~Q(retracted_on=""),
                name="retraction_note_has_its_date",
                violation_error_message=_("Say when the document was retracted, too."),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="source_by_kind"),
            models.Index(fields=["title_key", "-id"], name="source_by_title_key"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.pk])

    @staticmethod
    def title_from(url: str) -> str:
        """Return what stands for the title of a source that is added by its address alone."""
        return url[:500]

    @property
    def is_untitled(self) -> bool:
        """Whether its address stands where its title will."""
        return self.title == self.title_from(self.url)

    def clean(self) -> None:
        """Fill what rows are compared by before uniqueness is checked.

        Raises ValidationError when it becomes confidential, or no longer is, too late.
        """
        self._fill_keys()
        if self.is_confidential and self._holds_passages():
            raise ValidationError(
                {
                    "is_confidential": _(
                        "Claims were recorded in this document, and readers are shown where. "
                        "Record the confidential source apart from it."
                    )
                }
            )
        if not self.is_confidential and hasattr(self, "private_detail"):
            raise ValidationError(
                {
                    "is_confidential": _(
                        "This source has a private detail. Remove that first, and save; then it "
                        "can stop being confidential."
                    )
                }
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with what it is compared by."""
        self._fill_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "canonical_url", "title_key"}
        super().save(*args, **kwargs)

    def _fill_keys(self) -> None:
        self.title_key = title_key(self.title)
        key = address_key(self.url)
        # One of two sources that shared a document before they were compared has no canonical
        # address, and can still be edited.
        is_unset = bool(key) and not self._state.adding and self.canonical_url is None
        self.canonical_url = None if is_unset and self._is_taken(key) else key or None

    def _holds_passages(self) -> bool:
        return bool(self.pk) and self.snapshots.exclude(appearances=None).exists()

    def _is_taken(self, key: str) -> bool:
        return Source._base_manager.filter(canonical_url=key).exclude(pk=self.pk).exists()


class SourceAddress(models.Model):
    """Another address that led to a source by redirect, in its canonical form."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="other_addresses"
    )
    canonical_url = models.CharField(_("canonical address"), max_length=2000)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("other address of a source")
        verbose_name_plural = _("other addresses of sources")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["canonical_url"], name="one_source_per_other_address"),
            models.CheckConstraint(
                condition=~Q(canonical_url=""), name="other_address_of_a_source_is_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.canonical_url
