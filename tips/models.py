"""What readers send us, and what we answered. Nothing here says who they are."""

import hashlib
import unicodedata
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Review

LONGEST = 2000
"""Characters in what a reader writes, and in our answer."""
LONGEST_SAID = 1000
"""Characters in what a reader heard: one claim, not a speech."""


def hash_of(text: str) -> str:
    """Return what is kept of a token, or of words that are compared: their SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of_words(*parts: str) -> str:
    """Return the same for words that differ only in case, width or white space."""
    compared = (" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
    return hash_of("\n".join(compared))


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def unanswered(self) -> Self:
        """Keep those that nobody did anything about."""
        return self.filter(state=CorrectionRequest.State.OPEN)

    def begun_in_vain(self) -> Self:
        """Keep those for which a new version was begun that was given up."""
        return self.filter(
            state=CorrectionRequest.State.ACCEPTED, new_version__status=Review.Status.DISCARDED
        )

    def open(self) -> Self:
        """Keep those that wait for somebody: nothing was done, or it came to nothing."""
        return self.filter(
            Q(state=CorrectionRequest.State.OPEN) | Q(new_version__status=Review.Status.DISCARDED)
        )

    def accepted(self) -> Self:
        """Keep those for which a new version was begun that was not given up."""
        return self.filter(state=CorrectionRequest.State.ACCEPTED).exclude(
            new_version__status=Review.Status.DISCARDED
        )

    def answered(self) -> Self:
        """Keep those that were answered in words."""
        return self.filter(state=CorrectionRequest.State.ANSWERED)

    def for_desk(self) -> Self:
        """Load what an editor sees of each: the claim, the versions, and how often it was sent."""
        sent = Receipt.objects.filter(request=OuterRef("pk")).order_by().values("request")
        times = Subquery(sent.annotate(times=Count("pk")).values("times"))
        return self.select_related("review__claim", "new_version", "answered_by").annotate(
            times_sent=Coalesce(times, 0, output_field=IntegerField())
        )


class CorrectionRequest(models.Model):
    """What readers say is wrong with one version of a verdict, and what we answered.

    Readers who send the same words about the same version share a row; each has a receipt. Make one
    with `tips.sending`, and settle it with `tips.answering`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("A new version was begun")
        ANSWERED = "answered", _("Answered in words")

    review = models.ForeignKey(
        Review,
        verbose_name=_("about"),
        on_delete=models.PROTECT,
        related_name="correction_requests",
        help_text=_("The version that the reader had before them."),
    )
    wrong = models.TextField(_("what is wrong"), max_length=LONGEST)
    shows = models.TextField(_("what shows it"), max_length=LONGEST, blank=True)
    words_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    new_version = models.ForeignKey(
        Review,
        verbose_name=_("new version"),
        on_delete=models.PROTECT,
        null=True,
        related_name="correction_requests_met",
        help_text=_("Begun because of this. Readers hear of it once it is published."),
    )
    answer = models.TextField(
        _("answer"), max_length=LONGEST, blank=True, help_text=_("Whoever sent it reads this.")
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="correction_requests_settled",
    )
    answered_at = models.DateTimeField(_("settled"), null=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("correction request")
        verbose_name_plural = _("correction requests")
        # Readers make them and nobody changes them by hand.
        default_permissions = ("view",)
        permissions = [("answer_correctionrequest", _("Can answer a correction request"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "answered"]),
                name="correction_request_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(wrong=""), name="correction_request_says_what_is_wrong"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", new_version__isnull=False)
                | (~Q(state="accepted") & Q(new_version=None)),
                name="accepted_request_names_the_new_version",
            ),
            models.CheckConstraint(
                condition=(Q(state="answered") & ~Q(answer=""))
                | (~Q(state="answered") & Q(answer="")),
                name="answered_request_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_by=None, answered_at=None)
                | (~Q(state="open") & Q(answered_by__isnull=False) & Q(answered_at__isnull=False)),
                name="settled_request_names_who_and_when",
            ),
            models.UniqueConstraint(
                fields=["review", "words_hash"], name="one_request_per_version_and_words"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state="open"), name="open_request_oldest_first"
            ),
            models.Index(
                fields=["id"], condition=Q(state="accepted"), name="accepted_request_oldest_first"
            ),
        ]

    def __str__(self) -> str:
        return _("Correction request %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody: see `CorrectionRequestQuerySet.open`."""
        if self.state == self.State.ACCEPTED and self.new_version:
            return self.new_version.status == Review.Status.DISCARDED
        return self.state == self.State.OPEN


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def open(self) -> Self:
        """Keep those that wait for somebody."""
        return self.filter(state=Suggestion.State.OPEN)

    def for_desk(self) -> Self:
        """Load what a reviewer sees of each: the claim, and how often it was sent."""
        sent = SuggestionReceipt.objects.filter(suggestion=OuterRef("pk")).order_by()
        times = sent.values("suggestion").annotate(times=Count("pk")).values("times")
        return self.select_related("claim", "settled_by").annotate(
            times_sent=Coalesce(Subquery(times), 0, output_field=IntegerField())
        )


class Suggestion(models.Model):
    """What readers heard and would like checked, and what we did about it.

    Readers who send the same words share a row; each has a receipt. Make one with `tips.sending`,
    and settle it with `tips.moderating`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN_UP = "taken_up", _("Recorded as a claim")
        CHECKED = "checked", _("Recorded before")
        DECLINED = "declined", _("Declined")

    said = models.TextField(_("what was said"), max_length=LONGEST_SAID)
    who = models.CharField(_("who said it"), max_length=200, blank=True)
    where = models.CharField(_("where"), max_length=1000)
    when = models.CharField(_("when"), max_length=100, blank=True)
    shows = models.TextField(_("evidence"), max_length=LONGEST, blank=True)
    said_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    claim = models.ForeignKey(
        Claim,
        verbose_name=_("claim"),
        on_delete=models.PROTECT,
        null=True,
        related_name="suggestions",
        help_text=_("That it became, or that says the same. Readers hear of it once they see it."),
    )
    answer = models.TextField(
        _("answer"), max_length=LONGEST, blank=True, help_text=_("Whoever sent it reads this.")
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="suggestions_settled",
    )
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        # Readers make them and nobody changes them by hand.
        default_permissions = ("view",)
        permissions = [("settle_suggestion", _("Can settle a suggestion"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "taken_up", "checked", "declined"]),
                name="suggestion_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(said="") & ~Q(where=""), name="suggestion_says_what_and_where"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["taken_up", "checked"], claim__isnull=False)
                | Q(state__in=["open", "declined"], claim=None),
                name="suggestion_that_has_a_claim_names_it",
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(answer=""))
                | (~Q(state="declined") & Q(answer="")),
                name="declined_suggestion_has_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_by=None, settled_at=None)
                | (~Q(state="open") & Q(settled_by__isnull=False) & Q(settled_at__isnull=False)),
                name="settled_suggestion_names_who_and_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state="open"), name="open_suggestion_oldest_first"
            ),
        ]

    def __str__(self) -> str:
        return _("Suggestion %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.state == self.State.OPEN


class ReceiptQuerySet(models.QuerySet[Any]):
    def with_token(self, token: str) -> Self:
        """Keep the one whose address carries this token."""
        return self.filter(token_hash=hash_of(token))


class PrivatePage(models.Model):
    """The private address at which one reader sees what became of something they sent.

    Of the token in the address only a hash is kept.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]
        default_permissions = ()


class Receipt(PrivatePage):
    """The receipt of a correction request."""

    request = models.ForeignKey(
        CorrectionRequest,
        verbose_name=_("correction request"),
        on_delete=models.CASCADE,
        related_name="receipts",
    )

    class Meta(PrivatePage.Meta):
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return str(self.request)

    @staticmethod
    def address_of(token: str) -> str:
        """Return the path of the page that a token opens."""
        return reverse("receipt", args=[token])


class SuggestionReceipt(PrivatePage):
    """The receipt of a suggestion."""

    suggestion = models.ForeignKey(
        Suggestion,
        verbose_name=_("suggestion"),
        on_delete=models.CASCADE,
        related_name="receipts",
    )

    class Meta(PrivatePage.Meta):
        verbose_name = _("receipt of a suggestion")
        verbose_name_plural = _("receipts of suggestions")

    def __str__(self) -> str:
        return str(self.suggestion)

    @staticmethod
    def address_of(token: str) -> str:
        """Return the path of the page that a token opens."""
        return reverse("suggestion-receipt", args=[token])


class MailWish(models.Model):
    """A mail address at which a reader wants to hear what became of one thing they sent.

    Nothing but a question goes there before its owner said yes, and it is forgotten once all is
    told. Only `tips.telling` changes it.
    """

    receipt = models.OneToOneField(
        Receipt, on_delete=models.CASCADE, null=True, related_name="mail_wish"
    )
    suggestion_receipt = models.OneToOneField(
        SuggestionReceipt, on_delete=models.CASCADE, null=True, related_name="mail_wish"
    )
    address = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=35)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    told = models.CharField(_("told"), max_length=40, blank=True)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mail wish")
        verbose_name_plural = _("mail wishes")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(receipt=None, suggestion_receipt__isnull=False)
                | Q(receipt__isnull=False, suggestion_receipt=None),
                name="mail_wish_is_about_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], name="mail_wish_due_first")]

    def __str__(self) -> str:
        return _("Mail wish %(number)s") % {"number": self.pk}
