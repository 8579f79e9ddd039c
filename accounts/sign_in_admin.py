"""What people sign in with, as superusers see it: that it is there, never what it says.

allauth's own pages of the admin show secrets and session keys. With those a superuser could act
in a colleague’s name, and so be the second person of their own verdict.
"""

# They register theirs first, so that ours can take their place.
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from .read_only import NotByHand

admin.site.unregister([Authenticator, UserSession])


class OfSignIn(NotByHand, admin.ModelAdmin):
    """Rows that people make by signing in; a superuser may remove them."""

    list_select_related = ["user"]
    show_full_result_count = False


@admin.register(Authenticator)
class AuthenticatorAdmin(OfSignIn):
    """Second factors. Who lost theirs asks a superuser to delete it here."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__username"]
    fields = list_display


@admin.register(UserSession)
class SessionAdmin(OfSignIn):
    """Sessions. Deleting one signs that browser out."""

    list_display = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    search_fields = ["user__username", "ip"]
    fields = list_display

    def delete_model(self, request: HttpRequest, obj: UserSession) -> None:
        """End the session."""
        obj.end()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        """End the sessions."""
        for session in queryset:
            session.end()
