"""Who makes claims, and what claims are about."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.editing import Editable
from accounts.history import Remembered, edit_history


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def visible(self) -> Self:
        """Keep the speakers of at least one claim that readers may see."""
        from .claim import Claim

        return self.filter(
            models.Exists(Claim.objects.visible().filter(speaker=models.OuterRef("pk")))
        )


class Speaker(Editable, Remembered):
    """A person or an organization that makes claims (schema.org Claim.author)."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANIZATION = "organization", _("Organization")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        help_text=_("Their part of web addresses. Leave it as it is once it is public."),
    )
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("Who this is, in half a sentence, for readers who never heard of them."),
    )
    affiliation = models.CharField(
        _("affiliation"),
        max_length=300,
        blank=True,
        help_text=_("The organization they speak for, if any."),
    )
    same_as = models.URLField(
        _("same as"),
        max_length=2000,
        blank=True,
        help_text=_("A page that says without doubt who this is, such as Wikidata."),
    )

    objects = SpeakerQuerySet.as_manager()
    history = edit_history(excluded=["edit_number"])

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        indexes = [models.Index(fields=["name", "id"], name="speaker_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("speaker", args=[self.slug])


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible(self) -> Self:
        """Keep the topics of at least one claim that readers may see."""
        from .claim import Claim

        return self.filter(
            models.Exists(Claim.objects.visible().filter(topics=models.OuterRef("pk")))
        )


class Topic(Editable, Remembered):
    """A subject that claims are filed under."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)

    objects = TopicQuerySet.as_manager()
    history = edit_history(excluded=["edit_number"])

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])
