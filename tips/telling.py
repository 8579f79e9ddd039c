"""Telling readers by mail what became of what they sent, if they asked for it and said so twice.

Each wish has a lease, as mail to colleagues has: its next attempt is put off, by compare-and-swap,
before anything is sent, so that two workers never write the same twice.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from .models import CorrectionRequest, MailWish, PrivatePage, Receipt, Suggestion, SuggestionReceipt
from .outcomes import Outcome, outcome_of_request, outcome_of_suggestion

logger = logging.getLogger(__name__)

ONE_DAY = 24 * 60 * 60
LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=12)
MOST_ATTEMPTS = 8
"""A mail that was refused so often is not sent, and its address is forgotten."""
UNCONFIRMED_KEPT = timedelta(days=3)
MOST_UNCONFIRMED = 3
"""So many questions wait at one address at most: nobody's mailbox is filled from here."""
MOST_AT_ONCE = 200

_SIGNER = signing.Signer(salt="tips.mail")


def ask(receipt: PrivatePage, *, address: str, language: str) -> None:
    """Keep a wish, and let its question be sent. A second one for a receipt takes its place.

    Does nothing, and says nothing, for an address where several questions wait already.
    """
    waiting = MailWish.objects.filter(address__iexact=address, confirmed_at=None)
    if waiting.count() >= MOST_UNCONFIRMED:
        return
    about: dict[str, Any] = {
        "receipt" if isinstance(receipt, Receipt) else "suggestion_receipt": receipt
    }
    wish = {"address": address, "language": language, "told": ""}
    fresh = {"asked_at": timezone.now(), "next_attempt_at": timezone.now()}
    MailWish.objects.update_or_create(
        **about, defaults=wish | fresh | {"confirmed_at": None, "attempts": 0}
    )


def wish_of(token: str) -> MailWish | None:
    """Return the wish that the link in a mail is about, as long as there is one."""
    try:
        key = _SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return MailWish.objects.filter(pk=int(key)).first()


def confirm(wish: MailWish) -> None:
    """Write to this address from now on."""
    MailWish.objects.filter(pk=wish.pk, confirmed_at=None).update(
        confirmed_at=timezone.now(), told="open", next_attempt_at=timezone.now(), attempts=0
    )
    wish.refresh_from_db()


def forget(wish: MailWish) -> None:
    """Forget an address."""
    wish.delete()


def tell_readers(now: datetime) -> str:
    """Send what readers are to be told, and return what was done in a sentence."""
    due = MailWish.objects.filter(next_attempt_at__lte=now).select_related(
        "receipt__request__review__claim", "suggestion_receipt__suggestion__claim"
    )
    done = sum(_attend_to(wish, now) for wish in due.order_by("next_attempt_at")[:MOST_AT_ONCE])
    if not done:
        return ""
    return ngettext("Told %(count)d reader.", "Told %(count)d readers.", done) % {"count": done}


def forget_readers(now: datetime) -> dict[str, int]:
    """Delete what is personal and no longer needed; return how many rows of each kind.

    Addresses that nobody confirmed, after three days; what was sent and settled, with its receipts
    and addresses, after READERS_KEPT_DAYS (0: never). What is open stays.
    """
    unconfirmed = MailWish.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED_KEPT)
    forgotten = {"addresses": unconfirmed.delete()[0], "requests": 0, "suggestions": 0}
    if not settings.READERS_KEPT_DAYS:
        return forgotten
    before = now - timedelta(days=settings.READERS_KEPT_DAYS)
    requests = CorrectionRequest.objects.filter(answered_at__lt=before)
    given_up = CorrectionRequest.objects.open().values("pk")
    suggestions = Suggestion.objects.filter(settled_at__lt=before)
    _all, by_model = requests.exclude(pk__in=given_up).delete()
    forgotten["requests"] = by_model.get("tips.CorrectionRequest", 0)
    _all, by_model = suggestions.delete()
    forgotten["suggestions"] = by_model.get("tips.Suggestion", 0)
    return forgotten


def forget_daily(now: datetime) -> str:
    """Do the same once a day, and return what was forgotten in a sentence."""
    if not cache.add("tips:forgot", now, timeout=ONE_DAY):
        return ""
    forgotten = sum(forget_readers(now).values())
    if not forgotten:
        return ""
    return ngettext(
        "Forgot %(count)d thing of readers.", "Forgot %(count)d things of readers.", forgotten
    ) % {"count": forgotten}


def _attend_to(wish: MailWish, now: datetime) -> int:
    """Send what there is to tell, if anything; return how many mails were sent."""
    with override(wish.language):
        if wish.confirmed_at is None:
            mail, is_final = (None if wish.told else _question(wish)), False
            stage = "asked"
        else:
            outcome = _outcome(wish)
            mail = None if outcome.stage == wish.told else _news(wish, outcome)
            stage, is_final = outcome.stage, outcome.is_final
    if mail is None:
        return _look_again(wish, now)
    held = MailWish.objects.filter(pk=wish.pk, next_attempt_at=wish.next_attempt_at).update(
        next_attempt_at=now + LEASE, attempts=F("attempts") + 1
    )
    if not held:
        return 0
    try:
        mail.send()
    except Exception:  # each backend has its own, and none may be lost
        logger.warning("Mail wish %s could not be met", wish.pk, exc_info=True)
        _put_off(wish, now)
        return 0
    if is_final:
        wish.delete()
    else:
        MailWish.objects.filter(pk=wish.pk).update(told=stage, attempts=0)
    return 1


def _look_again(wish: MailWish, now: datetime) -> int:
    MailWish.objects.filter(pk=wish.pk).update(next_attempt_at=now + LEASE)
    return 0


def _put_off(wish: MailWish, now: datetime) -> None:
    attempts = wish.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        wish.delete()
        return
    pause = min(LEASE * 2**attempts, LONGEST_PAUSE)
    MailWish.objects.filter(pk=wish.pk).update(next_attempt_at=now + pause)


def _outcome(wish: MailWish) -> Outcome:
    if wish.receipt:
        return outcome_of_request(wish.receipt.request)
    return outcome_of_suggestion(cast(SuggestionReceipt, wish.suggestion_receipt).suggestion)


def _question(wish: MailWish) -> EmailMessage:
    return _mail(wish, _("Shall we write to you?"), "tips/mail/question.txt", {})


def _news(wish: MailWish, outcome: Outcome) -> EmailMessage:
    link = settings.MAIL_ORIGIN + outcome.path if outcome.path else ""
    told = {"outcome": outcome, "link": link, "wrote": _wrote(wish)}
    return _mail(wish, outcome.sentence, "tips/mail/news.txt", told)


def _wrote(wish: MailWish) -> str:
    if wish.receipt:
        return wish.receipt.request.wrong
    return cast(SuggestionReceipt, wish.suggestion_receipt).suggestion.said


def _mail(wish: MailWish, subject: str, template: str, told: dict[str, object]) -> EmailMessage:
    choice = settings.MAIL_ORIGIN + reverse("mail-choice", args=[_SIGNER.sign(str(wish.pk))])
    text = render_to_string(template, told | {"site_name": settings.SITE_NAME, "choice": choice})
    return EmailMessage(
        f"{settings.SITE_NAME}: {subject}",
        text,
        to=[wish.address],
        headers={"Auto-Submitted": "auto-generated"},
    )
