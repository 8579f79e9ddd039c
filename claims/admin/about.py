"""The pages that the newsroom writes about itself."""

from django.contrib import admin

from accounts.conflicts import ConflictAdmin
from claims.models import AboutPage


@admin.register(AboutPage)
class AboutPageAdmin(ConflictAdmin):
    """What readers read about us."""

    list_display = ["title", "slug", "language", "purpose", "is_public"]
    list_filter = ["is_public", "language"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    fields = ["title", "slug", "language", "text", "purpose", "position", "is_public"]
    view_on_site = False
