"""The people of the newsroom, and the mail we send them."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailKind(models.TextChoices):
    """What a mail is about, in the words beside the check boxes of “Mail me when”."""

    ASSIGNMENT = "assignment", _("a claim is assigned to me")
    MENTION = "mention", _("somebody mentions me")
    SUBMITTED = "submitted", _("a review waits for a second person")
    SENT_BACK = "sent_back", _("a review of mine is sent back")
    PUBLISHED = "published", _("a verdict of mine is published")


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

    def __str__(self) -> str:
        return self.display_name or self.username

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
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="mail_due")]
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
