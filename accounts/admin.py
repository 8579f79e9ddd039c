"""Where administrators look after people."""

from typing import Any, cast

from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import (
    invitations,
    mailing,
    sign_in_admin,  # noqa: F401  registers what people sign in with
)
from .forms import WantedMailForm
from .listing import NEWEST, BoundedAdmin
from .models import Invitation, Mail, MailAttempt, User
from .read_only import NotByHand

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Editors’ desk")


class PersonForm(WantedMailForm, UserChangeForm):
    """A person, and the mail they want."""


@admin.register(User)
class PersonAdmin(BoundedAdmin, UserAdmin):
    """People. Only a superuser makes or changes a superuser."""

    form = PersonForm

    list_display = ["username", "display_name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["username", "display_name", "email"]
    searched = NEWEST
    ordering = ["username"]
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

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Forget the addresses of before when the e-mail changes: they could still sign in."""
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer the roles that the person may give, the same as an invitation offers."""
        if db_field.name == "groups":
            by: Any = request.user
            kwargs["queryset"] = invitations.grantable_roles(by)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the roles, and leave those that were not offered."""
        by: Any = request.user
        not_offered = form.instance.groups.exclude(pk__in=invitations.grantable_roles(by))
        kept = list(not_offered)
        super().save_related(request, form, formsets, change)
        form.instance.groups.add(*kept)

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


class OfMail(NotByHand):
    """Mail and its attempts: nobody makes or changes them by hand."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person may see mail; its attempts have no permission of their own."""
        return request.user.has_perm("accounts.view_mail")


class AttemptInline(OfMail, admin.TabularInline):
    """Each try at sending the mail."""

    model = MailAttempt
    fields = ["at", "outcome", "error"]
    can_delete = False


@admin.register(Mail)
class MailAdmin(OfMail, BoundedAdmin):
    """What was written to whom. The text may hold internal notes: for administrators alone."""

    list_display = ["subject", "to", "kind", "state", "attempts", "error", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["to"]
    read_by_index = [{"state__exact"}]
    search_fields = ["subject", "to__username", "to__display_name"]
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
class AttemptAdmin(OfMail, BoundedAdmin):
    """Each try at sending any mail, the newest first."""

    list_display = ["mail", "at", "outcome", "error"]
    list_filter = ["outcome"]
    list_select_related = ["mail"]
    search_fields = ["mail__subject", "error"]
    ordering = ["-pk"]


class InvitationForm(forms.ModelForm):
    """Whom to invite, and as what."""

    by: User

    def clean(self) -> dict[str, Any]:
        """Refuse what `invitations.invite` would refuse, with the same words."""
        said = super().clean() or self.cleaned_data
        if "email" in said and "role" in said:
            invitations.check(said["email"], said["role"], self.by)
        return said


SENT_FIELDS = ["state", "invited_by", "created_at", "expires_at"]
"""What became of an invitation."""


@admin.register(Invitation)
class InvitationAdmin(BoundedAdmin):
    """Invitations: each is sent once by mail, and its link is never shown."""

    form = InvitationForm
    fields = ["email", "role", "display_name"]
    list_display = ["email", "role", *SENT_FIELDS]
    list_filter = ["role"]
    list_select_related = ["role", "invited_by"]
    search_fields = ["email", "display_name"]
    ordering = ["-pk"]
    actions = ["revoke"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Let the form know who invites."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show also what became of an invitation that was sent."""
        return [*self.fields, *SENT_FIELDS] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep what was sent as it was sent."""
        return self.get_fields(request, obj) if obj else []

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer the roles that the person may give."""
        if db_field.name == "role":
            by: Any = request.user
            kwargs["queryset"] = invitations.grantable_roles(by)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: who was invited by whom is kept."""
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """Send the invitation. One that was sent never changes."""
        if change:
            return
        by: Any = request.user
        origin = settings.SITE_URL or request.build_absolute_uri("/")[:-1]
        sent = invitations.invite(
            obj.email, obj.role, by, origin=origin, display_name=obj.display_name
        )
        obj.pk = sent.pk

    @admin.action(description=_("Revoke selected invitations"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """End invitations whose links were not used."""
        for invitation in queryset:
            try:
                invitations.revoke(invitation)
            except ValidationError as refusal:
                self.message_user(request, f"{invitation}: {refusal.message}", messages.ERROR)
            else:
                self.message_user(request, _("Revoked: %(email)s") % {"email": invitation.email})
