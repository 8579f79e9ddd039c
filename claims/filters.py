"""How lists of claims, speakers and sources are narrowed: the same on pages and in the API.

A value that does not exist is an error with a sentence, never an empty or an unfiltered list.
"""

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_slug
from django.db.models import Model, Q, QuerySet
from django.forms import CharField, MultipleChoiceField
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelMultipleChoiceField
from drf_spectacular.utils import extend_schema_field

from sources.models import Link, Source

from . import search
from .models import Claim, Rating, Speaker, Topic
from .search.facet_values import language_of, year_of

VISIBLE_STATUSES = [
    (status.value, status.label) for status in Claim.Status if status in Claim.VISIBLE
]
LONGEST_SLUG = 200
MOST_VALUES = 50
"""So many values of one filter at once: a longer list is not a reader's."""


def too_many_values() -> ValidationError:
    """Return the refusal of a list of values that is longer than a reader’s."""
    return ValidationError(
        _("Choose at most %(most)d values of one filter."),
        code="too_many",
        params={"most": MOST_VALUES},
    )


class SlugChoiceField(ModelMultipleChoiceField):
    """Several rows by slug. What cannot be a slug never reaches the database."""

    def _check_values(self, value: Iterable[Any]) -> QuerySet[Any]:
        slugs = set(map(str, value))
        if len(slugs) > MOST_VALUES:
            raise too_many_values()
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


ORDERS = [
    (search.RELEVANCE, _("Best match")),
    (search.NEWEST, _("Newest")),
    (search.RATING, _("Rating")),
]


class ManyValuesField(MultipleChoiceField):
    """Several values, each checked by a function that returns it or raises ValueError."""

    def __init__(self, *, value_of: Callable[[str], object], **kwargs: Any) -> None:
        self.value_of = value_of
        super().__init__(**kwargs)

    def valid_value(self, value: str) -> bool:
        """Tell whether the function takes the value."""
        try:
            self.value_of(value)
        except ValueError:
            return False
        return True

    def validate(self, value: list[str]) -> None:
        """Refuse a list that is longer than a reader's, and what the function does not take."""
        if len(value) > MOST_VALUES:
            raise too_many_values()
        super().validate([each[:60].replace("\0", "") for each in value])


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class ManyValuesFilter(django_filters.Filter):
    """Values that are no rows: languages and years. They are looked for in the index."""

    field_class = ManyValuesField


class QueryField(CharField):
    """Words to look for, as `search.parse` reads them."""

    def clean(self, value: Any) -> Any:
        """Return the words. Raises ValidationError with the limit for too many."""
        words = str(value or "").encode("utf-8", "ignore").decode().replace("\0", " ").strip()
        search.parse(words)
        return words


@extend_schema_field({"type": "string", "maxLength": search.LONGEST_QUERY})
class QueryFilter(django_filters.Filter):
    """The words that are looked for."""

    field_class = QueryField


class ClaimFilter(django_filters.FilterSet):
    """Narrow a list of visible claims, look for words, choose the order.

    Whatever is asked for, the index answers: `find`. `qs` stays every claim that readers see.
    """

    q = QueryFilter(label=_("Words"), method="pass_on")
    order = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=ORDERS,
        method="pass_on",
        error_messages={"invalid_choice": _("There is no order “%(value)s”.")},
    )
    language = ManyValuesFilter(
        label=_("Language"),
        method="pass_on",
        value_of=language_of,
        error_messages={"invalid_choice": _("“%(value)s” is no language tag, such as “en”.")},
    )
    year = ManyValuesFilter(
        label=_("Year"),
        method="pass_on",
        value_of=year_of,
        error_messages={"invalid_choice": _("“%(value)s” is no year, such as “2024”.")},
    )

    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        choices=VISIBLE_STATUSES,
        method="pass_on",
        error_messages={
            "invalid_choice": _("There is no status “%(value)s”. Choose one from the list.")
        },
    )
    rating = SlugChoiceFilter(label=_("Rating"), queryset=Rating.objects.all(), method="pass_on")
    speaker = SlugChoiceFilter(
        label=_("Speaker"),
        queryset=lambda request: Speaker.objects.visible(),
        method="pass_on",
    )
    topic = SlugChoiceFilter(
        label=_("Topic"),
        queryset=lambda request: Topic.objects.visible(),
        method="pass_on",
    )

    class Meta:
        model = Claim
        fields = ["status", "rating", "speaker", "topic"]

    @property
    def is_search(self) -> bool:
        """Whether anything is asked for, once this is valid."""
        return any(self.form.cleaned_data.values())

    @property
    def order_of_hits(self) -> str:
        """In which order hits come: best first where words are looked for, unless chosen."""
        asked = self.form.cleaned_data
        order = str(asked["order"] or search.RELEVANCE)
        return order if asked["q"] or order != search.RELEVANCE else search.NEWEST

    def find(self, *, size: int, cursor: str | None = None) -> search.Found:
        """Return a page of what the index finds. Raises InvalidCursor."""
        asked = self.form.cleaned_data
        query = search.parse(asked["q"])
        if asked["q"] and query.is_empty:
            return search.nothing(query)
        return search.find(
            query,
            chosen={
                "status": asked["status"],
                "rating": _keys(asked["rating"]),
                "speaker": _keys(asked["speaker"]),
                "topic": _keys(asked["topic"]),
                "language": [language_of(value) for value in asked["language"]],
                "year": [year_of(value) for value in asked["year"]],
            },
            order=self.order_of_hits,
            size=size,
            cursor=cursor,
        )

    def pass_on(self, queryset: QuerySet[Claim], name: str, value: Any) -> QuerySet[Claim]:
        """Leave the rows as they are: the index is asked."""
        return queryset


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
    """Narrow a list of sources by words, by kind and by how their links answer."""

    q = QueryFilter(label=_("Words"), method="filter_words")

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

    def filter_words(self, queryset: QuerySet[Source], name: str, words: str) -> QuerySet[Source]:
        """Keep the newest sources whose title, author, publisher or site has the words."""
        if not words:
            return queryset
        keys = search.sources_of_newest(search.parse(words, is_typing=True), search.MOST_RANKED)
        return queryset.filter(pk__in=keys)

    def filter_link(self, queryset: QuerySet[Source], name: str, state: str) -> QuerySet[Source]:
        """Keep the sources whose link stands so; one that was never tested has no row."""
        if state == Link.State.UNTESTED:
            queryset = queryset.exclude(url="")
            return queryset.filter(Q(link=None) | Q(link__state=state))
        return queryset.filter(link__state=state)
