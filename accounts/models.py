"""The people of the newsroom, the mail we send them, and whom they invited."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class MailKind(models.TextChoices):
    """What a mail is about, in the words beside the check boxes of “Mail me when”."""

    ASSIGNMENT = "assignment", _("a claim is assigned to me")
    MENTION = "mention", _("somebody mentions me")
    SUBMITTED = "submitted", _("a review waits for a second person")
    SENT_BACK = "sent_back", _("a review of mine is sent back")
    PUBLISHED = "published", _("a verdict of mine is published")
    RETRACTED = "retracted", _("a verdict that I worked on is withdrawn")
    STOPPED = "stopped", _("work of mine is stopped, or taken up again")


def validate_mail_kinds(kinds: object) -> None:
    """Refuse all but a list of known kinds of mail, each once. Raises ValidationError."""
    if (
        not isinstance(kinds, list)
        or any(kind not in MailKind.values for kind in kinds)
        or len(kinds) != len(set(kinds))
    ):
        raise ValidationError(_("Name known kinds of mail, each once."), code="mail_kinds")


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
    muted_mail = models.JSONField(
        _("mail switched off"), default=list, blank=True, validators=[validate_mail_kinds]
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

    @property
    def wanted_mail(self) -> list[str]:
        """The kinds of mail that this person did not switch off."""
        return [kind for kind in MailKind.values if kind not in self.muted_mail]

    @property
    def has_mailbox(self) -> bool:
        """Whether mail may go to this person: an account in use, with an address."""
        return self.is_active and bool(self.email)


class MailQuerySet(models.QuerySet["Mail"]):
    """Rows of mail."""

    def due(self, now: datetime) -> "MailQuerySet":
        """Those to be tried now."""
        return self.filter(state=Mail.State.WAITING, next_attempt_at__lte=now)


class Mail(models.Model):
    """One message to one person, kept whether it was sent or not.

    Write it with `accounts.mailing`; only `accounts.delivery` changes its state.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    to = models.ForeignKey(User, verbose_name=_("to"), on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=MailKind)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    link = models.URLField(_("link"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(
        _("next attempt"),
        null=True,
        default=timezone.now,
        help_text=_("While an attempt is under way: when its worker is given up for dead."),
    )
    sent_at = models.DateTimeField(_("sent"), null=True)
    error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        # Nobody writes or changes one by hand.
        default_permissions = ("view", "delete")
        permissions = [("retry_mail", "Can try a failed mail again")]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="mail_due"),
            models.Index(fields=["state", "id"], name="mail_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "failed"]), name="mail_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="mail_is_sent_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", next_attempt_at__isnull=False)
                | (~Q(state="waiting") & Q(next_attempt_at__isnull=True)),
                name="mail_waits_for_an_attempt",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class MailAttempt(models.Model):
    """One try at sending a mail. One that stays at “started” lost its worker."""

    class Outcome(models.TextChoices):
        STARTED = "started", _("Started")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    mail = models.ForeignKey(
        Mail, verbose_name=_("mail"), on_delete=models.CASCADE, related_name="log"
    )
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.STARTED
    )
    error = models.TextField(_("error"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"


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
