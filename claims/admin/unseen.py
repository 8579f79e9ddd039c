"""Rows that would tell a first rating to somebody who is still to give the second."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from claims import blind


class UnseenRows(admin.ModelAdmin):
    """A model whose rows belong to a review, and are not there for whom that review is hidden.

    Not there rather than masked: what is listed can be searched, narrowed and ordered by.
    """

    review_path = "review"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out the rows of reviews that the person may not read yet."""
        hidden = blind.is_hidden_from(request.user, self.review_path)
        return super().get_queryset(request).exclude(hidden)
