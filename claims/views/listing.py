"""What the lists of readers share: filters that refuse what they do not know, and pages."""

from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest
from django.views.generic import TemplateView

from claims.paging import InvalidCursor, Page, keyset_page

PAGE_SIZE = 25
CURSOR = "cursor"


@dataclass(frozen=True)
class Listing:
    """One page of a list, and the addresses of its neighbours, which keep the filters."""

    rows: list[Any]
    newer_url: str | None
    older_url: str | None
    first_url: str
    is_whole: bool
    """Neither narrowed nor a later page: the one page of the list for search engines."""


def page_of(request: HttpRequest, rows: QuerySet[Any], *, order: str) -> Page:
    """Return the page of `rows` that the request asks for. Raises BadRequest."""
    try:
        return keyset_page(rows, order=order, size=PAGE_SIZE, cursor=request.GET.get(CURSOR))
    except InvalidCursor as error:
        raise BadRequest(str(error)) from error


def listing_of(
    request: HttpRequest, rows: QuerySet[Any], *, order: str, kept: tuple[str, ...] = ()
) -> Listing:
    """Return a page of `rows` with its neighbours' addresses, in which the parameters named
    `kept` stay. Raises BadRequest when the cursor is not of this list.
    """
    return as_listing(request, page_of(request, rows, order=order), kept=kept)


def as_listing(request: HttpRequest, page: Page, *, kept: tuple[str, ...] = ()) -> Listing:
    """Return a page with its neighbours' addresses, in which the parameters named `kept` stay."""
    return Listing(
        rows=page.rows,
        newer_url=page.previous_cursor and address(request, kept, cursor=page.previous_cursor),
        older_url=page.next_cursor and address(request, kept, cursor=page.next_cursor),
        first_url=address(request, kept),
        is_whole=address(request, (*kept, CURSOR)) == request.path,
    )


def address(
    request: HttpRequest,
    kept: tuple[str, ...] = (),
    *,
    cursor: str | None = None,
    without: tuple[str, str] | None = None,
) -> str:
    """Return the address of this page with only the parameters named `kept`, less the pair
    `without`, and with a cursor where one is given.
    """
    query = request.GET.copy()
    for name in list(query):
        values = [value for value in query.getlist(name) if (name, value) != without]
        if name in kept and any(values):
            query.setlist(name, values)
        else:
            del query[name]
    if cursor:
        query[CURSOR] = cursor
    return f"{request.path}?{query.urlencode()}" if query else request.path


class FilteredList(TemplateView):
    """A list that readers narrow and page through, in a fixed number of queries."""

    filter_class: ClassVar[type[django_filters.FilterSet]]
    order: ClassVar[str]

    def get_rows(self) -> QuerySet[Any]:
        """Return every row that readers may see, unordered."""
        raise NotImplementedError

    def for_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Load what one line of the list shows."""
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add `filters`, as checked, and `listing`. Raises BadRequest."""
        filters = self.checked_filters()
        return super().get_context_data(
            filters=filters, rows=filters.qs, listing=self.listing_of(filters.qs), **kwargs
        )

    def checked_filters(self) -> Any:
        """Return the filters of the request. Raises BadRequest for a value that is not known."""
        filters = self.filter_class(
            self.request.GET, queryset=self.get_rows(), request=self.request
        )
        refuse_unless_valid(filters)
        return filters

    def listing_of(self, rows: QuerySet[Any]) -> Listing:
        """Return the page of rows that is asked for. Raises BadRequest."""
        page = page_of(self.request, self.for_list(rows), order=self.order)
        return self.listing_of_page(page)

    def listing_of_page(self, page: Page) -> Listing:
        """Return a page with its neighbours' addresses, which keep the filters."""
        return as_listing(self.request, page, kept=tuple(self.filter_class.base_filters))


def refuse_unless_valid(filters: django_filters.FilterSet) -> None:
    """Raise BadRequest with the sentences of a filter that does not know a value."""
    if not filters.is_valid():
        sentences = [str(sentence) for errors in filters.errors.values() for sentence in errors]
        raise BadRequest(" ".join(sentences))
