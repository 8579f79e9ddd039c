"""How the addresses of sources answer: what is known of each now, and every look at it."""

from datetime import datetime
from http import HTTPStatus

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .copies import Snapshot
from .documents import Source


class LinkQuerySet(models.QuerySet["Link"]):
    """Rows of links."""

    def due(self, now: datetime) -> "LinkQuerySet":
        """Those to be looked at now."""
        return self.filter(next_check_at__lte=now)

    def gone_since(self, moment: datetime) -> "LinkQuerySet":
        """Those of cited sources that went after a moment, the last one first."""
        gone = self.filter(state=Link.State.GONE, since__gte=moment, next_check_at__isnull=False)
        return gone.order_by("-since", "-pk")


class Link(models.Model):
    """What we know of the address of a source: how it answers, and what it said last.

    Only `sources.health` changes it. A source that nobody cites has no next check.
    """

    class State(models.TextChoices):
        UNTESTED = "untested", gettext_lazy("Not tested yet")
        WORKS = "works", gettext_lazy("Works")
        MOVED = "moved", gettext_lazy("Moved to another site")
        FAILING = "failing", gettext_lazy("Did not answer lately")
        GONE = "gone", gettext_lazy("Gone")
        CLOSED = "closed", gettext_lazy("Closed to programs")

    source = models.OneToOneField(
        Source,
        verbose_name=gettext_lazy("source"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="link",
    )
    state = models.CharField(
        gettext_lazy("state"), max_length=8, choices=State, default=State.UNTESTED
    )
    since = models.DateTimeField(gettext_lazy("since"), default=timezone.now)
    checked_at = models.DateTimeField(gettext_lazy("last test"), null=True)
    next_check_at = models.DateTimeField(gettext_lazy("next test"), null=True)
    failures = models.PositiveSmallIntegerField(
        gettext_lazy("failures"),
        default=0,
        help_text=gettext_lazy("On different days, since it last worked."),
    )
    failed_at = models.DateTimeField(gettext_lazy("last failure that counts"), null=True)
    final_url = models.URLField(
        gettext_lazy("leads to"),
        max_length=2000,
        blank=True,
        help_text=gettext_lazy("Where it moved to."),
    )
    current = models.ForeignKey(
        Snapshot,
        verbose_name=gettext_lazy("says now"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=gettext_lazy("The copy that holds what the address answered last."),
    )
    changed_at = models.DateTimeField(
        gettext_lazy("text changed"),
        null=True,
        help_text=gettext_lazy("When another text than before was last seen."),
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["-checked_at", "-pk"]
        verbose_name = gettext_lazy("link")
        verbose_name_plural = gettext_lazy("links")
        # Nobody writes one by hand.
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["next_check_at"],
                name="link_due",
                condition=Q(next_check_at__isnull=False),
            ),
            models.Index(fields=["state", "-checked_at"], name="link_by_state"),
            models.Index(fields=["-since", "-source"], condition=Q(state="gone"), name="link_gone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["untested", "works", "moved", "failing", "gone", "closed"]),
                name="link_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="gone") | Q(failures__gte=3),
                name="link_is_gone_after_three_failures",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failed_at=None)
                | Q(failures__gt=0, failed_at__isnull=False),
                name="link_that_failed_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_state_display()}"


class LinkCheck(models.Model):
    """One look at the address of a source, and what it answered. Never changed."""

    class Result(models.TextChoices):
        WORKS = "works", gettext_lazy("Works")
        MOVED = "moved", gettext_lazy("Moved")
        FAILED = "failed", gettext_lazy("Failed")
        CLOSED = "closed", gettext_lazy("Closed to programs")

    SOFT_404 = "soft-404"

    source = models.ForeignKey(
        Source,
        verbose_name=gettext_lazy("source"),
        on_delete=models.CASCADE,
        related_name="link_checks",
    )
    at = models.DateTimeField(gettext_lazy("at"), default=timezone.now)
    result = models.CharField(gettext_lazy("result"), max_length=6, choices=Result)
    status = models.PositiveSmallIntegerField(gettext_lazy("status"), null=True)
    code = models.CharField(
        gettext_lazy("what went wrong"),
        max_length=20,
        blank=True,
        help_text=gettext_lazy("The reason of the refusal, as `fetching` names it."),
    )
    final_url = models.URLField(gettext_lazy("led to"), max_length=2000, blank=True)
    kept = models.ForeignKey(
        Snapshot,
        verbose_name=gettext_lazy("new copy"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=gettext_lazy("What was kept, where the text was another than before."),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = gettext_lazy("link check")
        verbose_name_plural = gettext_lazy("link checks")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["source", "-id"], name="link_checks_of_a_source"),
            models.Index(fields=["-at"], name="link_checks_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["works", "moved", "failed", "closed"]),
                name="link_check_result_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.at:%Y-%m-%d}: {self.get_result_display()}"

    @property
    def answer(self) -> str:
        """What the address answered, in words."""
        if self.code in ("", "status") and self.status:
            return _status_line(self.status)
        return {
            self.SOFT_404: _("A page that says it is not there"),
            "name": _("No site has this name"),
            "unreachable": _("No answer"),
            "timeout": _("No answer in time"),
            "tls": _("No valid certificate"),
            "private-address": _("An address that is not public"),
            "redirects": _("It leads on and on"),
            "port": _("A port that we do not open"),
            "robots": _("It asks programs not to read it"),
            "content-type": _("A kind of document that we do not keep"),
            "too-large": _("A document too large to keep"),
        }.get(self.code, _("An answer that we could not read"))


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
