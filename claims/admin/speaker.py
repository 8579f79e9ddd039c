"""Who makes claims, and what they are about."""

from django.contrib import admin
from django.db import models

from accounts.conflicts import ConflictAdmin
from accounts.listing import NEWEST
from claims.models import Speaker, Topic


@admin.register(Speaker)
class SpeakerAdmin(ConflictAdmin):
    """Who makes claims."""

    list_display = ["name", "kind", "affiliation"]
    list_filter = ["kind"]
    search_fields = ["name"]
    searched = NEWEST
    prepopulated_fields = {"slug": ["name"]}
    # An address typed without its scheme is of https.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Topic)
class TopicAdmin(ConflictAdmin):
    """What claims are about."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    searched = NEWEST
    prepopulated_fields = {"slug": ["name"]}
