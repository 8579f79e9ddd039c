"""How lists of claims, speakers and sources are narrowed: the same on pages and in the API.

A value that does not exist is an error with a sentence, never an empty or an unfiltered list.
"""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_slug
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelMultipleChoiceField
from drf_spectacular.utils import extend_schema_field

from sources.models import Link, Source

from .models import Claim, Rating, Review, Speaker, Topic

VISIBLE_STATUSES = [
    (status.value, status.label) for status in Claim.Status if status in Claim.VISIBLE
]
LONGEST_SLUG = 200
MOST_VALUES = 50
"""So many values of one filter at once: a longer list is not a reader's."""


class SlugChoiceField(ModelMultipleChoiceField):
    """Several rows by slug. What cannot be a slug never reaches the database."""

    def _check_values(self, value: Iterable[Any]) -> QuerySet[Any]:
        slugs = set(map(str, value))
        if len(slugs) > MOST_VALUES:
            raise ValidationError(
                _("Choose at most %(most)d values of one filter."),
                code="too_many",
                params={"most": MOST_VALUES},
            )
        for slug in sorted(slugs):
            self._check_slug(slug)
        found: QuerySet[Any] = super()._check_values(slugs)
        return found

    def _check_slug(self, slug: str) -> None:
        try:
            validate_slug(slug)
            MaxLengthValidator(LONGEST_SLUG)(slug)
        except ValidationError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": Truncator(slug.replace("\0", "")).chars(60)},
            ) from error


@extend_schema_field({"type": "string"})
class SlugChoiceFilter(django_filters.ModelMultipleChoiceFilter):
    """Rows named by slug; several values widen. Says which value is unknown."""

    field_class = SlugChoiceField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(to_field_name="slug", distinct=False, **kwargs)
        self.extra["error_messages"] = {
            "invalid_choice": _("There is no “%(value)s”. Choose one from the list."),
            "invalid_list": _("Give one value or several."),
        }


class ClaimFilter(django_filters.FilterSet):
    """Narrow a list of visible claims by status, rating, speaker and topic."""

    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        choices=VISIBLE_STATUSES,
        method="filter_status",
        error_messages={
            "invalid_choice": _("There is no status “%(value)s”. Choose one from the list.")
        },
    )
    rating = SlugChoiceFilter(
        label=_("Rating"), queryset=Rating.objects.all(), method="filter_rating"
    )
    speaker = SlugChoiceFilter(
        label=_("Speaker"),
        queryset=lambda request: Speaker.objects.visible(),
        method="filter_speaker",
    )
    topic = SlugChoiceFilter(
        label=_("Topic"),
        queryset=lambda request: Topic.objects.visible(),
        method="filter_topic",
    )

    class Meta:
        model = Claim
        fields = ["status", "rating", "speaker", "topic"]

    def filter_status(
        self, queryset: QuerySet[Claim], name: str, statuses: list[str]
    ) -> QuerySet[Claim]:
        """Keep the claims in one of the states."""
        if len(set(statuses)) == 1:
            return queryset.filter(status=statuses[0])
        # Said by what it is not, so that SQLite keeps to the order of the index by date.
        others = {value for value, word in VISIBLE_STATUSES} - set(statuses)
        return queryset.exclude(status__in=others)

    def filter_rating(
        self, queryset: QuerySet[Claim], name: str, ratings: Iterable[Rating]
    ) -> QuerySet[Claim]:
        """Keep the claims whose published review carries one of the ratings."""
        if not ratings:
            return queryset
        # Asked of each claim in the list's order: few are looked at before a page is full.
        return queryset.filter(
            Exists(
                Review.objects.published().filter(claim=OuterRef("pk"), rating__in=_keys(ratings))
            )
        )

    def filter_speaker(
        self, queryset: QuerySet[Claim], name: str, speakers: Iterable[Speaker]
    ) -> QuerySet[Claim]:
        """Keep the claims that one of the speakers made."""
        return queryset.filter(speaker__in=_keys(speakers)) if speakers else queryset

    def filter_topic(
        self, queryset: QuerySet[Claim], name: str, topics: Iterable[Topic]
    ) -> QuerySet[Claim]:
        """Keep the claims filed under one of the topics."""
        if not topics:
            return queryset
        filed = Claim.topics.through.objects.filter(topic__in=_keys(topics))
        return queryset.filter(pk__in=filed.values("claim"))


def _keys(rows: Iterable[Model]) -> list[Any]:
    return [row.pk for row in rows]


class SpeakerFilter(django_filters.FilterSet):
    """Narrow a list of speakers by kind."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Speaker.Kind, empty_label=_("Any kind")
    )

    class Meta:
        model = Speaker
        fields = ["kind"]


class SourceFilter(django_filters.FilterSet):
    """Narrow a list of sources by kind and by how their links answer."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Source.Kind, empty_label=_("Any kind")
    )
    link = django_filters.ChoiceFilter(
        label=_("Link"),
        choices=Link.State,
        empty_label=_("Any state"),
        method="filter_link",
    )

    class Meta:
        model = Source
        fields = ["kind", "link"]

    def filter_link(self, queryset: QuerySet[Source], name: str, state: str) -> QuerySet[Source]:
        """Keep the sources whose link stands so; one that was never tested has no row."""
        if state == Link.State.UNTESTED:
            queryset = queryset.exclude(url="")
            return queryset.filter(Q(link=None) | Q(link__state=state))
        return queryset.filter(link__state=state)
