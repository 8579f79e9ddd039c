"""Evidence at risk: over all claims, and on the page of the claim."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.read_only import ReadOnlyAdmin
from claims.models import Risk
from claims.risks import of_claim

from .steps import StepsAdmin


@admin.register(Risk)
class RiskAdmin(ReadOnlyAdmin):
    """What happened at the sources of our verdicts. It is answered on the page of the claim."""

    list_display = ["claim", "source", "kind", "found_at", "ended_at", "settled_by"]
    list_filter = ["kind"]
    search_fields = ["now_says", "answer"]
    fields = [
        "claim", "source", "kind", "quoted", "now_says", "snapshot", "found_at", "ended_at",
        "settled_at", "settled_by", "answer",
    ]  # fmt: skip
    readonly_fields = ["claim", "source", "quoted"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Risk]:
        """Load what a row shows."""
        rows: Any = super().get_queryset(request)
        return rows.with_what_they_tell()  # type: ignore[no-any-return]


class RisksAdmin(StepsAdmin):
    """Adds to the page of a claim what it leans on and is at risk, with the form of an answer."""

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add what is at risk now."""
        return {**super().page_context(request, row), "risks": of_claim(row)}

    def buttons(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """Return the buttons, but for the one that stands with each risk."""
        buttons = super().buttons(request, row)
        return [button for button in buttons if button["name"] != "settle_risk"]
