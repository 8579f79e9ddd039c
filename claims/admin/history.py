"""What happened: to be read, never to be changed, by anyone."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.history_page import HistoryAdmin
from claims.models import ContactAttempt, Correction, Override, Recusal, Submission, Transition

from .unseen import UnseenRows


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the workflow writes."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False


@admin.register(Transition)
class TransitionAdmin(UnseenRows, ReadOnlyAdmin):
    """Who moved what, when and why."""

    list_display = ["claim", "verb", "from_status", "to_status", "by", "at"]
    list_filter = ["verb"]
    list_select_related = ["claim", "by"]
    search_fields = ["claim__text"]


@admin.register(Correction)
class CorrectionAdmin(UnseenRows, ReadOnlyAdmin):
    """What readers are told of changes."""

    list_display = ["review", "kind", "note", "published_at"]
    list_filter = ["kind"]
    list_select_related = ["review__claim"]
    search_fields = ["note"]


@admin.register(ContactAttempt)
class ContactAttemptAdmin(HistoryAdmin, ReadOnlyAdmin):
    """Who was asked about which claim; recorded on the claim."""

    list_display = ["claim", "asked", "asked_on", "deadline_on", "answered_on"]
    list_select_related = ["claim"]
    search_fields = ["claim__text", "asked"]


@admin.register(Submission)
class SubmissionAdmin(UnseenRows, ReadOnlyAdmin):
    """What reviews said when they were sent to a second person."""

    list_display = ["review", "revision", "at"]
    list_select_related = ["review__claim"]
    search_fields = ["review__claim__text"]


@admin.register(Override)
class OverrideAdmin(UnseenRows, ReadOnlyAdmin):
    """Which lines of the gate were let pass, and why."""

    list_display = ["review", "line", "reason", "by", "at"]
    list_filter = ["line"]
    list_select_related = ["review__claim", "by"]
    search_fields = ["reason"]


@admin.register(Recusal)
class RecusalAdmin(ReadOnlyAdmin):
    """Who stepped aside."""

    list_display = ["claim", "person", "at"]
    list_select_related = ["claim", "person"]
    search_fields = ["claim__text"]
