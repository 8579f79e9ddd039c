"""Where administrators look after people."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import mailing
from .forms import WantedMailForm
from .models import Mail, MailAttempt, User

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Editors’ desk")


class PersonForm(WantedMailForm, UserChangeForm):
    """A person, and the mail they want."""


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People. Only a superuser makes or changes a superuser."""

    form = PersonForm

    list_display = ["username", "display_name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["username"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("What readers see"), {"fields": ["display_name", "bio", "interests"]}),
        (_("Contact"), {"fields": ["email", "wanted_mail"]}),
        (
            _("Roles"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    "username", "display_name", "usable_password", "password1", "password2",
                ],
            },
        ),
    ]  # fmt: skip
    readonly_fields = ["last_login", "date_joined"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep the keys of the house for superusers."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether this account may be changed: a superuser's only by superusers."""
        may = super().has_change_permission(request, obj)
        return may and (request.user.is_superuser or obj is None or not obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether this account may be deleted: a superuser's only by superusers."""
        may = super().has_delete_permission(request, obj)
        return may and (request.user.is_superuser or obj is None or not obj.is_superuser)


class OfMail:
    """Mail and its attempts: nobody makes or changes them by hand."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person may see mail; its attempts have no permission of their own."""
        return request.user.has_perm("accounts.view_mail")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False


class AttemptInline(OfMail, admin.TabularInline):
    """Each try at sending the mail."""

    model = MailAttempt
    fields = ["at", "outcome", "error"]
    can_delete = False


@admin.register(Mail)
class MailAdmin(OfMail, admin.ModelAdmin):
    """What was written to whom. The text may hold internal notes: for administrators alone."""

    list_display = ["subject", "to", "kind", "state", "attempts", "error", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["to"]
    search_fields = ["subject", "to__username", "to__display_name"]
    show_full_result_count = False
    fields = [
        "to", "kind", "subject", "text", "link",
        "state", "attempts", "next_attempt_at", "sent_at", "error", "created_at",
    ]  # fmt: skip
    inlines = [AttemptInline]
    actions = ["try_again"]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may let failed mail be tried again."""
        return request.user.has_perm("accounts.retry_mail")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        """Let the chosen mail wait once more, and say which could not."""
        for mail in queryset:
            try:
                mailing.try_again(mail, by=cast(User, request.user))
            except ValidationError as refusal:
                self.message_user(request, f"{mail}: {' '.join(refusal.messages)}", messages.ERROR)
            else:
                self.message_user(request, _("Waits again: %(mail)s") % {"mail": mail})


@admin.register(MailAttempt)
class AttemptAdmin(OfMail, admin.ModelAdmin):
    """Each try at sending any mail, the newest first."""

    list_display = ["mail", "at", "outcome", "error"]
    list_filter = ["outcome"]
    list_select_related = ["mail"]
    search_fields = ["mail__subject", "error"]
    ordering = ["-pk"]
    show_full_result_count = False
