"""Where reviewers record documents and what they said."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.conflicts import ConflictAdmin
from accounts.edits import Edits
from accounts.listing import NEWEST, BoundedAdmin
from accounts.read_only import NotByHand, ReadOnlyAdmin

from . import links_admin, public_archive  # noqa: F401  the first registers
from .copies_admin import CopiesAdmin
from .models import PrivateDetail, PublicCopy, Publisher, Snapshot, Source, SourceAddress
from .private_admin import OfSourcesThatMayBeRead, may_read_all

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


class SnapshotInline(OfSourcesThatMayBeRead, NotByHand, admin.TabularInline):
    """The kept copies of a source: one is added on its own page, and none ever changes."""

    model = Snapshot
    fields = ["captured_at", "content_type", "sha256"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True


class PrivateDetailInline(admin.StackedInline):
    """What tells who a confidential source is, for those whose role lets them read it."""

    model = PrivateDetail
    fields = ["text"]
    classes = ["collapse"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether it may be written: by who may change it."""
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether it may be removed: by who may change it."""
        return self.has_change_permission(request, obj)


@admin.register(Source)
# What is typed into the private detail stays out of reports of errors too.
@method_decorator(sensitive_post_parameters(), name="changeform_view")
class SourceAdmin(CopiesAdmin):
    """Documents."""

    list_display = ["title", "kind", "publisher", "published_on", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["publisher"]
    read_by_index = [{"kind__exact"}]
    search_fields = ["title", "url"]
    autocomplete_fields = ["publisher", "based_on"]
    inlines = [PrivateDetailInline, SnapshotInline]
    formfield_overrides = ADDRESSES
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "kind", "title", "url", "publisher", "author", "published_on", "language",
                    "based_on", "access_note", "interest", "is_another",
                ]
            },
        ),
        (_("Confidential source"), {"fields": ["is_confidential"]}),
        (_("Retracted by its publisher"), {"fields": ["retracted_on", "retraction_note"]}),
    ]  # fmt: skip

    def strands(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return what the history of a source is made of."""
        return [*super().strands(request, obj), Edits(PrivateDetail, source=obj.pk)]

    def may_see_history(self, request: HttpRequest, obj: Any) -> bool:
        """Say whether the person may see it: it tells what a confidential source said before."""
        return super().may_see_history(request, obj) and may_read_all(request, obj)


@admin.register(Snapshot)
class SnapshotAdmin(OfSourcesThatMayBeRead, BoundedAdmin):
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
class SourceAddressAdmin(OfSourcesThatMayBeRead, ReadOnlyAdmin):
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
class PublicCopyAdmin(OfSourcesThatMayBeRead, NotByHand, BoundedAdmin):
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
