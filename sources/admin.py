"""Where reviewers record documents and what they said."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.conflicts import ConflictAdmin
from accounts.listing import NEWEST, BoundedAdmin
from accounts.read_only import NotByHand, ReadOnlyAdmin

from . import links_admin, public_archive  # noqa: F401  the first registers
from .copies_admin import CopiesAdmin
from .models import PublicCopy, Publisher, Snapshot, Source, SourceAddress

# An address typed without its scheme is of https.
ADDRESSES = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Publisher)
class PublisherAdmin(ConflictAdmin):
    """Who stands behind documents."""

    list_display = ["name", "url"]
    search_fields = ["name"]
    searched = NEWEST
    autocomplete_fields = ["part_of"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = ADDRESSES


class SnapshotInline(NotByHand, admin.TabularInline):
    """The kept copies of a source: one is added on its own page, and none ever changes."""

    model = Snapshot
    fields = ["captured_at", "content_type", "sha256"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(Source)
class SourceAdmin(CopiesAdmin):
    """Documents."""

    list_display = ["title", "kind", "publisher", "published_on", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["publisher"]
    read_by_index = [{"kind__exact"}]
    search_fields = ["title", "url"]
    autocomplete_fields = ["publisher", "based_on"]
    inlines = [SnapshotInline]
    formfield_overrides = ADDRESSES


@admin.register(Snapshot)
class SnapshotAdmin(BoundedAdmin):
    """What sources said. Added, never changed."""

    list_display = ["source", "captured_at", "content_type", "sha256"]
    list_select_related = ["source"]
    search_fields = ["source__title", "sha256"]
    autocomplete_fields = ["source"]
    readonly_fields = ["sha256", "payload_sha256", "content_type", "final_url", "status", "file"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        """Load the source, which every snapshot is named after."""
        return super().get_queryset(request).select_related("source")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: evidence points at a snapshot as it is."""
        return False


@admin.register(SourceAddress)
class SourceAddressAdmin(ReadOnlyAdmin):
    """Addresses that led to a source by redirect: found while it was fetched, never typed."""

    list_display = ["canonical_url", "source", "found_at"]
    list_select_related = ["source"]
    search_fields = ["canonical_url"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether it may be seen: by who sees sources."""
        return request.user.has_perm("sources.view_source")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether it stands in the menu: for who sees sources."""
        return self.has_view_permission(request)


@admin.register(PublicCopy)
class PublicCopyAdmin(NotByHand, BoundedAdmin):
    """What became of each copy that the Internet Archive was asked for."""

    list_display = ["source", "state", "attempts", "reason", "created_at", "ended_at"]
    list_filter = ["state"]
    list_select_related = ["source"]
    search_fields = ["source__title", "original_url", "reason"]
    fields = [
        "source", "original_url", "state", "url", "captured_at", "reason", "job_id", "attempts",
        "created_at", "asked_at", "next_attempt_at", "ended_at",
    ]  # fmt: skip

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether it stands in the menu: only where the Internet Archive is asked."""
        return public_archive.is_on() and super().has_module_permission(request)
