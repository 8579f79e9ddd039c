"""How signing in differs here from what allauth does by itself."""

from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest

from .models import User


class NewsroomAdapter(DefaultAccountAdapter):
    """Accounts come by invitation, and a mail server that is down undoes nothing."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: see `accounts.invitations`."""
        return False

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell people by mail what was changed in their account; log it when that fails."""
        send = super().send_notification_mail
        transaction.on_commit(partial(send, template_prefix, user, context, email), robust=True)
