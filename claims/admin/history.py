"""What happened: to be read, never to be changed, by anyone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.history_page import HistoryAdmin
from accounts.read_only import ReadOnlyAdmin
from claims.gate import LINES
from claims.models import ContactAttempt, Correction, Override, Recusal, Submission, Transition
from claims.steps import STEPS

from .unseen import UnseenRows


class KnownFilter(admin.SimpleListFilter):
    """A filter whose choices are known, so that no table is read to find them."""

    words: dict[str, Any] = {}
    """Each value in words."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Return the choices."""
        return list(self.words.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows with the chosen value."""
        chosen = self.value()
        return queryset.filter(**{str(self.parameter_name): chosen}) if chosen else queryset


class VerbFilter(KnownFilter):
    """By what was done."""

    title = _("verb")
    parameter_name = "verb"
    words = {verb: step.word for verb, step in STEPS.items()}


class LineFilter(KnownFilter):
    """By the line of the gate."""

    title = _("line")
    parameter_name = "line"
    words = dict(LINES)


@admin.register(Transition)
class TransitionAdmin(UnseenRows, ReadOnlyAdmin):
    """Who moved what, when and why."""

    list_display = ["claim", "verb", "from_status", "to_status", "by", "at"]
    list_filter = [VerbFilter]
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
    ordering = ["-pk"]


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
    list_filter = [LineFilter]
    list_select_related = ["review__claim", "by"]
    search_fields = ["reason"]


@admin.register(Recusal)
class RecusalAdmin(ReadOnlyAdmin):
    """Who stepped aside."""

    list_display = ["claim", "person", "at"]
    list_select_related = ["claim", "person"]
    search_fields = ["claim__text"]
