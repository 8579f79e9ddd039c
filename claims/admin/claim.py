"""Claims, where they appeared, who made them and what they are about."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.models import Appearance, Claim, ContactAttempt, Review, Speaker, Topic

from .steps import StepsAdmin


@admin.register(Speaker)
class SpeakerAdmin(admin.ModelAdmin):
    """Who makes claims."""

    list_display = ["name", "kind", "affiliation"]
    list_filter = ["kind"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    # An address typed without its scheme is of https.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    show_full_result_count = False


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    """What claims are about."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False


APPEARANCE_FIELDS = [
    "snapshot", "exact", "start", "end", "prefix", "suffix", "attribution", "speaker_role",
    "reported_by", "attribution_note", "rewords",
]  # fmt: skip
FOUND_FIELDS = ["end", "prefix", "suffix"]
"""What anchoring fills in."""


class AppearanceInline(admin.StackedInline):
    """Where the claim was made."""

    model = Appearance
    fk_name = "claim"
    extra = 0
    autocomplete_fields = ["snapshot", "rewords"]
    fields = APPEARANCE_FIELDS
    readonly_fields = FOUND_FIELDS


class ContactAttemptInline(admin.StackedInline):
    """Who was asked about the claim, and what they answered."""

    model = ContactAttempt
    extra = 0
    can_delete = False
    fields = ["asked", "asked_on", "how", "deadline_on", "answer", "answered_on"]


class ReviewInline(admin.TabularInline):
    """The versions of our check; each is written on its own page."""

    model = Review
    fields = ["number", "status", "rating", "author", "approver", "published_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Load the people and ratings with the versions."""
        reviews = super().get_queryset(request)
        return reviews.select_related("claim", "rating", "author", "approver")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: a review begins with the button."""
        return False


@admin.register(Claim)
class ClaimAdmin(StepsAdmin):
    """Claims."""

    list_display = ["text", "status", "kind", "speaker", "listed_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["speaker"]
    search_fields = ["text"]
    autocomplete_fields = ["speaker", "topics"]
    readonly_fields = ["status", "created_at", "listed_at", "assigned_to", "merged_into"]
    fieldsets = [
        (None, {"fields": ["text", "kind", "speaker", "stated_on", "language", "topics"]}),
        (_("For readers"), {"fields": ["selection_reason", "what_would_settle"]}),
        (_("For colleagues"), {"fields": ["notes"]}),
        (
            _("Where it stands"),
            {"fields": ["status", "assigned_to", "merged_into", "created_at", "listed_at"]},
        ),
    ]
    inlines = [AppearanceInline, ContactAttemptInline, ReviewInline]

    def view_on_site(self, claim: Claim) -> str | None:
        """Return the page readers see, if they may see it."""
        return claim.get_absolute_url() if claim.is_visible else None


@admin.register(Appearance)
class AppearanceAdmin(admin.ModelAdmin):
    """Where claims were made."""

    list_display = ["exact", "claim", "snapshot", "attribution"]
    list_filter = ["attribution"]
    list_select_related = ["claim", "snapshot__source"]
    search_fields = ["exact"]
    autocomplete_fields = ["claim", "snapshot", "rewords"]
    fields = ["claim", *APPEARANCE_FIELDS]
    readonly_fields = FOUND_FIELDS
    show_full_result_count = False
