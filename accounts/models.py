"""The people of the newsroom, and whom they invited."""

import hashlib
from typing import Any

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who works on claims, with what readers may know of them."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(
        _("display name"),
        max_length=150,
        blank=True,
        help_text=_("The name readers see under a verdict. Without one they see the username."),
    )
    bio = models.TextField(
        _("public bio"),
        max_length=600,
        blank=True,
        help_text=_("Two or three sentences for readers: what you know and where you worked."),
    )
    interests = models.TextField(
        _("declared interests"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Employers, holdings, memberships and people close to you that a reader would want "
            "to know about, one on a line. Readers see them."
        ),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="one_person_per_username",
                violation_error_message=_("Somebody has this username already."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="one_person_per_email",
                violation_error_message=_("Somebody has an account with this e-mail already."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the e-mail in small letters, in which it is looked up at sign-in."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the name readers see."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the name readers see."""
        return str(self)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by what can still be done with them."""

    def open(self) -> "InvitationQuerySet":
        """Return those that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def with_token(self, token: str) -> "InvitationQuerySet":
        """Return the one whose mail carried this token."""
        return self.filter(token_hash=Invitation.hash_of(token))


class Invitation(models.Model):
    """A mail that lets one person make one account with one role.

    Make and use it through `accounts.invitations`. Of the token only a hash is kept.
    """

    email = models.EmailField(_("e-mail"))
    role = models.ForeignKey(Group, on_delete=models.PROTECT, verbose_name=_("role"))
    display_name = models.CharField(
        _("display name"),
        max_length=150,
        blank=True,
        help_text=_("A suggestion: the person can choose another."),
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, editable=False, verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"), editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="accepted_invitation_is_not_revoked",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @staticmethod
    def hash_of(token: str) -> str:
        """Return what is kept of a token. It is long and random: one round of SHA-256 will do."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def state(self) -> str:
        """How far it came, in a word."""
        if self.accepted_at:
            return gettext("accepted")
        if self.revoked_at:
            return gettext("revoked")
        return gettext("open") if self.expires_at > timezone.now() else gettext("expired")
