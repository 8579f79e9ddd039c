"""Filters of the API: those of the reader pages, and no parameter that means nothing."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from .pagination import CURSOR, LIMIT


class StrictFilterBackend(DjangoFilterBackend):
    """Filter by the view’s filter set; refuse unknown parameters by name."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Return the rows that match. Raises ValidationError."""
        known = {CURSOR, LIMIT}
        filter_class = self.get_filterset_class(view, queryset)
        if filter_class:
            known |= set(filter_class.base_filters)
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError(
                {
                    name.replace("\0", "")[:60]: [
                        _("There is no such parameter. Known are: %(known)s.")
                        % {"known": ", ".join(sorted(known))}
                    ]
                    for name in unknown
                },
                code="unknown_parameter",
            )
        # What the index finds is cut into pages by the index: `pagination.FoundPagination`.
        view.filters = self.get_filterset(request, queryset, view)
        if view.filters is None:
            return queryset
        if not view.filters.is_valid():
            raise translate_validation(view.filters.errors)
        return view.filters.qs
