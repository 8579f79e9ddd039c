"""Rows of the admin that nobody makes or changes by hand."""

from typing import Any

from django.http import HttpRequest

from .listing import BoundedAdmin


class NotByHand:
    """A list or an inline of rows that only the program makes and changes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False


class ReadOnlyAdmin(NotByHand, BoundedAdmin):
    """A list of rows that nobody removes either: what happened is kept."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False
