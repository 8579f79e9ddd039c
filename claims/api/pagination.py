"""Pages of the API by keyset, as on the reader pages."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from ..paging import InvalidCursor, Page, keyset_page
from ..search import Found

CURSOR, LIMIT = "cursor", "limit"
DEFAULT_LIMIT, MOST = 25, 100


class KeysetPagination(BasePagination):
    """Pages named by `cursor`, of `limit` rows; a view says its `order`."""

    page: Page
    request: Request

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that the request asks for. Raises ValidationError."""
        self.request = request
        cursor = request.query_params.get(CURSOR)
        try:
            self.page = keyset_page(
                queryset, order=view.order, size=self._limit(request), cursor=cursor
            )
        except InvalidCursor as error:
            raise ValidationError({CURSOR: [str(error)]}, code="invalid_cursor") from error
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Return the rows with the addresses of the pages before and after."""
        return Response(
            {
                "next": self._address(self.page.next_cursor),
                "previous": self._address(self.page.previous_cursor),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page in OpenAPI."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe `cursor` and `limit` in OpenAPI."""
        return [
            {
                "name": CURSOR,
                "in": "query",
                "description": "Which page: take it from `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {
                "name": LIMIT,
                "in": "query",
                "description": "How many rows a page has.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MOST,
                    "default": DEFAULT_LIMIT,
                },
            },
        ]

    def _limit(self, request: Request) -> int:
        wanted = request.query_params.get(LIMIT, str(DEFAULT_LIMIT))
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 4 and 1 <= int(wanted) <= MOST:
            return int(wanted)
        raise ValidationError(
            {LIMIT: [_("Give a whole number from 1 to %(most)d.") % {"most": MOST}]},
            code="invalid_limit",
        )

    def _address(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        here = remove_query_param(self.request.build_absolute_uri(), CURSOR)
        return replace_query_param(here, CURSOR, cursor)


class FoundPagination(KeysetPagination):
    """Pages of claims: by keyset, or of what the index found when anything is asked for."""

    found: Found | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that the request asks for. Raises ValidationError."""
        if not view.filters.is_search:
            return super().paginate_queryset(queryset, request, view)
        self.request = request
        cursor = request.query_params.get(CURSOR)
        try:
            self.found = view.filters.find(size=self._limit(request), cursor=cursor)
        except InvalidCursor as error:
            raise ValidationError({CURSOR: [str(error)]}, code="invalid_cursor") from error
        rows = self.found.rows(view.get_queryset())
        self.page = Page(rows, self.found.next_cursor, self.found.previous_cursor)
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        """Return the rows; of a search also how many there are, at least, and for which words."""
        response = super().get_paginated_response(data)
        if self.found is not None:
            response.data["found"] = {
                "count": self.found.count,
                "has_more": self.found.has_more,
                "is_corrected": self.found.is_corrected,
            }
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page in OpenAPI."""
        page = super().get_paginated_response_schema(schema)
        page["properties"]["found"] = {
            "type": "object",
            "description": "Of a search only. `count` is exact unless `has_more`.",
            "required": ["count", "has_more", "is_corrected"],
            "properties": {
                "count": {"type": "integer"},
                "has_more": {"type": "boolean"},
                "is_corrected": {"type": "boolean"},
            },
        }
        return page
