"""How lists of claims, speakers and sources are narrowed: the same on pages and in the API.

A value that does not exist is an error with a sentence, never an empty or an unfiltered list.
"""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sources.models import Source

from .models import Claim, Rating, Review, Speaker, Topic

VISIBLE_STATUSES = [
    (status.value, status.label) for status in Claim.Status if status in Claim.VISIBLE
]


class SlugChoiceFilter(django_filters.ModelMultipleChoiceFilter):
    """Rows named by slug; several values widen. Says which value is unknown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(to_field_name="slug", **kwargs)
        self.extra["error_messages"] = {
            "invalid_choice": _("There is no “%(value)s”. Choose one from the list."),
            "invalid_list": _("Give one value or several."),
        }


class ClaimFilter(django_filters.FilterSet):
    """Narrow a list of visible claims by status, rating, speaker and topic."""

    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        choices=VISIBLE_STATUSES,
        error_messages={
            "invalid_choice": _("There is no status “%(value)s”. Choose one from the list.")
        },
    )
    rating = SlugChoiceFilter(
        label=_("Rating"), queryset=Rating.objects.all(), method="filter_rating"
    )
    speaker = SlugChoiceFilter(
        label=_("Speaker"), queryset=lambda request: Speaker.objects.visible()
    )
    topic = SlugChoiceFilter(
        label=_("Topic"),
        field_name="topics",
        queryset=lambda request: Topic.objects.visible(),
    )

    class Meta:
        model = Claim
        fields = ["status", "rating", "speaker", "topic"]

    def filter_rating(
        self, queryset: QuerySet[Claim], name: str, ratings: QuerySet[Rating]
    ) -> QuerySet[Claim]:
        """Keep the claims whose published review carries one of the ratings."""
        if not ratings:
            return queryset
        return queryset.filter(
            pk__in=Review.objects.published().filter(rating__in=ratings).values("claim")
        )


class SpeakerFilter(django_filters.FilterSet):
    """Narrow a list of speakers by kind."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Speaker.Kind)

    class Meta:
        model = Speaker
        fields = ["kind"]


class SourceFilter(django_filters.FilterSet):
    """Narrow a list of sources by kind."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Source.Kind)

    class Meta:
        model = Source
        fields = ["kind"]
