"""Lists of the admin that cost the same however many rows there are.

Nothing is counted or looked through beyond a bound. What no index answers in the order of the
list (words, filters without an index) is looked for in the newest rows only, and the list says so.
"""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

NEWEST = 10_000
"""Rows that are counted, paged and looked through at most."""
LONGEST_NUMBER = 18
"""Digits: what has more is no key of ours, and no number that every database takes."""


def newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Keep the newest rows, newest first, when there are more than are looked through.

    `rows` must be read by an index that has their keys in order.
    """
    oldest = _oldest_of_the_newest(rows)
    return rows if oldest is None else rows.filter(pk__gte=oldest).order_by("-pk")


def _oldest_of_the_newest(rows: QuerySet[Any]) -> Any:
    """Return the key from which on rows are looked through, or None when all of them are."""
    keys = rows.order_by("-pk").values_list("pk", flat=True)
    return next(iter(keys[NEWEST - 1 : NEWEST]), None)


class BoundedPaginator(Paginator):
    """Pages of the first rows only; `has_more` says whether there are others."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, up to the bound."""
        return min(self._counted, NEWEST)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than the bound."""
        return self._counted > NEWEST

    @cached_property
    def _counted(self) -> int:
        # In the order of the rows, so that it is counted by the same index.
        rows: Any = self.object_list
        return int(rows.values("pk")[: NEWEST + 1].count())


class BoundedChangeList(ChangeList):
    """A list whose filters look through the newest rows only, unless an index answers them."""

    oldest: Any = None
    """The key from which on rows are looked through, or None when all of them are."""
    is_cut = False
    """Whether older rows were left out."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """Return the rows of the list; of a long one no column can be chosen to sort by."""
        model_admin: Any = self.model_admin
        self.oldest = _oldest_of_the_newest(self.root_queryset)
        if self.oldest is not None:
            self.sortable_by = ()
            asked = set(self.get_filters_params())
            self.is_cut = bool(asked) and asked not in model_admin.read_by_index
        if self.is_cut:
            self.root_queryset = self.root_queryset.filter(pk__gte=self.oldest)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Return an order that an index has."""
        if self.oldest is None:
            return super().get_ordering(request, queryset)
        if self.is_cut:
            return ["-pk"]
        changelist: Any = super()
        own = self.model_admin.get_ordering(request) or changelist._get_default_ordering()
        return changelist._get_deterministic_ordering(list(own))


class BoundedAdmin(admin.ModelAdmin):
    """A model with such a list. Its own order must be that of an index."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_help_text = _("Looks through the newest 10,000 of these. #12 finds number 12.")
    read_by_index: list[set[str]] = []
    """The filters, or sets of filters, for which an index has all rows, the newest first."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the class of the list."""
        return BoundedChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the row of a number such as #12, or those of the newest that hold the words."""
        digits = search_term.removeprefix("#")
        if digits != search_term and digits.isascii() and digits.isdecimal():
            number = digits if len(digits) <= LONGEST_NUMBER else None
            return queryset.filter(pk=number), False
        rows = newest(queryset) if search_term else queryset
        return super().get_search_results(request, rows, search_term)

    def response_action(  # type: ignore[override]
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> Any:
        """Take an action with all rows that the pages show, and with no others."""
        shown = queryset.values("pk")[:NEWEST]
        return super().response_action(request, queryset.filter(pk__in=shown))
