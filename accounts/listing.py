"""Lists of the admin that cost the same however many rows there are.

Nothing is counted or looked through beyond a bound. What no index answers in the order of the
list (words, filters without an index) is looked for in the newest rows only, and the list says so.
"""

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db import NotSupportedError
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext as _

NEWEST = 10_000
"""Rows that are counted, paged and filtered at most."""
SEARCHED = 1_000
"""Rows in which words are looked for, unless the list says more."""
LONGEST_NUMBER = 18
"""Digits: what has more is no key of ours, and no number that every database takes."""


def newest(rows: QuerySet[Any], count: int) -> QuerySet[Any]:
    """Keep the newest `count` rows, newest first, when there are more.

    `rows` must be read by an index that has their keys in order.
    """
    oldest = _oldest_of_the_newest(rows, count)
    return rows if oldest is None else rows.filter(pk__gte=oldest).order_by("-pk")


def _oldest_of_the_newest(rows: QuerySet[Any], count: int) -> Any:
    """Return the key of the last of the newest `count` rows, or None when there are fewer."""
    keys = rows.order_by("-pk").values_list("pk", flat=True)
    return next(iter(keys[count - 1 : count]), None)


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

    def page(self, number: Any) -> Page:
        """Return a page. Of a later one the keys are read first: what is skipped is not joined."""
        number = self.validate_number(number)
        if number == 1:
            return super().page(number)
        rows: Any = self.object_list
        start = (number - 1) * self.per_page
        keys = list(rows.values_list("pk", flat=True)[start : start + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)

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
        self.oldest = _oldest_of_the_newest(self.root_queryset, NEWEST)
        if self.oldest is not None:
            self.sortable_by = ()
            asked = set(self.get_filters_params())
            self.is_cut = bool(asked) and asked not in model_admin.read_by_index
        if self.is_cut:
            self.root_queryset = self.root_queryset.filter(pk__gte=self.oldest)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        """Load the page; a question of the address that the database cannot answer is refused."""
        try:
            super().get_results(request)
        except NotSupportedError as error:
            raise IncorrectLookupParameters(error) from error

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Return an order that an index has: of a filter that brings one, or the list’s own."""
        if self.oldest is None:
            return super().get_ordering(request, queryset)
        if self.is_cut:
            return ["-pk"]
        changelist: Any = super()
        own = queryset.query.order_by or changelist._get_default_ordering()
        return changelist._get_deterministic_ordering(list(own))


class BoundedAdmin(admin.ModelAdmin):
    """A model with such a list. Its own order must be that of an index."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    searched = SEARCHED
    """In how many of the newest rows words are looked for."""
    read_by_index: list[set[str]] = []
    """The filters, or sets of filters, for which an index has all rows, the newest first."""

    @property
    def search_help_text(self) -> str:  # type: ignore[override]
        """Say how far a search reaches."""
        return _("Looks through the newest %(count)s of these. #12 finds number 12.") % {
            "count": number_format(self.searched, force_grouping=True)
        }

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the class of the list."""
        return BoundedChangeList

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Return what is searched; words of another table by the names that `_near` gives them."""
        return [_near_name(path) for path in super().get_search_fields(request)]

    def _near(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Name the words of other tables, to be fetched row by row.

        Joined, PostgreSQL would read the other table from end to end.
        """
        own: Any = self.model._base_manager.filter(pk=OuterRef("pk"))
        far = [path for path in self.search_fields if LOOKUP_SEP in path]
        words = {_near_name(path): Subquery(own.values(path)[:1]) for path in far}
        named: QuerySet[Any] = rows.alias(**words)
        return named

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the row of a number such as #12, or those of the newest that hold the words."""
        digits = search_term.removeprefix("#")
        if digits != search_term and digits.isascii() and digits.isdecimal():
            number = digits if len(digits) <= LONGEST_NUMBER else None
            return queryset.filter(pk=number), False
        if search_term:
            queryset = self._near(newest(queryset, self.searched))
        return super().get_search_results(request, queryset, search_term)

    def response_action(  # type: ignore[override]
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> Any:
        """Take an action with all rows that the pages show, and with no others."""
        shown = queryset.values("pk")[:NEWEST]
        return super().response_action(request, queryset.filter(pk__in=shown))


def _near_name(path: str) -> str:
    return path.replace(LOOKUP_SEP, "_of_") if LOOKUP_SEP in path else path
