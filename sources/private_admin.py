"""What the admin shows of confidential sources, and to whom."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from .models import Source

READ_PRIVATE = "sources.view_privatedetail"


def may_read_all(request: HttpRequest, source: Source) -> bool:
    """Say whether the person may read more of a source than readers may."""
    return not source.is_confidential or request.user.has_perm(READ_PRIVATE)


class OfSourcesThatMayBeRead:
    """A list or an inline of what was read of sources: of confidential ones for few."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out what may tell who a confidential source is."""
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        if request.user.has_perm(READ_PRIVATE):
            return rows
        return rows.filter(source__is_confidential=False)
