"""The health of links: how the address of each cited source answers, and every look at it."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin

from .models import Link, LinkCheck
from .private_admin import OfSourcesThatMayBeRead


@admin.register(Link)
class LinkAdmin(OfSourcesThatMayBeRead, ReadOnlyAdmin):
    """What is known of each link."""

    list_display = ["source", "state", "since", "checked_at", "next_check_at", "changed_at"]
    list_filter = ["state"]
    list_select_related = ["source"]
    search_fields = ["source__title", "source__url"]
    read_by_index = [{"state__exact"}]
    fields = [
        "source", "state", "since", "checked_at", "next_check_at", "failures", "failed_at",
        "final_url", "current", "changed_at",
    ]  # fmt: skip


@admin.register(LinkCheck)
class LinkCheckAdmin(OfSourcesThatMayBeRead, ReadOnlyAdmin):
    """Every look."""

    list_display = ["source", "at", "result", "answer", "kept"]
    list_filter = ["result"]
    list_select_related = ["source", "kept__source"]
    search_fields = ["source__title", "source__url"]
    fields = ["source", "at", "result", "answer", "final_url", "kept"]
    readonly_fields = ["answer"]
