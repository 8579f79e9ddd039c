"""Where people whose role needs a second factor are held up until they have one."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied

from accounts.second_factor import lacks_second_factor
from claims.api.problems import refusal


class SecondFactorMiddleware:
    """Keep the admin, and the API as far as it knows people by their session, for a second factor.

    What readers see stays open to everybody, and so do signing out and the pages of one's account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Answer instead of the view when a second factor is missing; None lets the view answer."""
        if not settings.MFA_REQUIRED:
            return None
        is_api = _knows_people_by_session(view)
        if not (is_api or _is_admin(request)):
            return None
        if not request.user.is_authenticated or not lacks_second_factor(request.user):
            return None
        sentence = _("Your role needs a second factor. Set one up here, then go on.")
        if is_api:
            return refusal(PermissionDenied(sentence))
        messages.warning(request, sentence)
        return redirect("mfa_index")


def _is_admin(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index")) and request.path != reverse(
        "admin:logout"
    )


def _knows_people_by_session(view: Any) -> bool:
    classes = getattr(getattr(view, "cls", None), "authentication_classes", [])
    return any(issubclass(way, SessionAuthentication) for way in classes)
