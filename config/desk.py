"""The admin’s first page: what waits, and for whom."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import queue
from claims.models import Claim
from claims.steps import STEPS, sentences_in
from tips.queue import waiting_requests, waiting_suggestions


class Desk(AdminSite):
    """Django’s admin, with the work queue as its first page."""

    index_template = "admin/queue.html"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Add the address that gives several claims to one person."""
        assign = path("assign/", self.admin_view(self.assign), name="assign")
        return [assign, *super().get_urls()]

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the one page for it, which counts attempts and tells the person by mail."""
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the queue of the person who is signed in."""
        person: Any = request.user
        context = dict(extra_context or {})
        if person.has_perm("claims.view_claim") and person.has_perm("claims.view_review"):
            context |= {
                "title": _("Work queue"),
                "second": queue.for_second_person(person),
                "blind": queue.to_rate_blind(person),
                "own": queue.own_work(person),
                "not_begun": queue.not_begun(person),
                "unassigned": queue.unassigned(),
                "again": queue.to_look_at_again(),
                "at_risk": queue.at_risk(),
                "gone": queue.links_gone(),
                "asked": waiting_requests(person),
                "suggested": waiting_suggestions(person),
                "recent": queue.recent_steps(),
                "assign_form": STEPS["assign"].form(),
                "may_assign": person.has_perm("claims.assign_claim"),
                "may_take": person.has_perm("claims.start_review"),
            }
        return super().index(request, context)

    def assign(self, request: HttpRequest) -> HttpResponse:
        """Give the claims that were chosen to one person, or one of them to who asks."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if "take" in request.POST:
            return self._take(request, request.POST.getlist("take")[:1])
        chosen = request.POST.getlist("claim")
        given = _give(request, _chosen(chosen), request.POST.get("to", ""))
        if given:
            sentence = ngettext(
                "%(count)d claim was given.", "%(count)d claims were given.", len(given)
            )
            messages.success(request, sentence % {"count": len(given)})
        elif not chosen:
            messages.warning(request, _("Choose at least one claim first."))
        return redirect("admin:index")

    def _take(self, request: HttpRequest, chosen: list[str]) -> HttpResponse:
        free = _chosen(chosen).filter(assigned_to=None)
        taken = _give(request, free, request.user.get_username())
        if taken:
            return redirect("admin:claims_claim_change", taken[0])
        messages.error(request, _("Somebody has it already. Choose another claim."))
        return redirect("admin:index")


def _chosen(keys: list[str]) -> QuerySet[Claim]:
    known = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 19]
    return Claim.objects.filter(pk__in=known)


def _give(request: HttpRequest, claims: QuerySet[Claim], to: str) -> list[int]:
    """Give claims to the person of that username, and return the keys of those that were given."""
    given = []
    for claim in claims:
        try:
            STEPS["assign"].take(claim, by=request.user, said={"to": to})
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        except ValidationError as refusal:
            messages.error(request, f"{claim}: {' '.join(sentences_in(refusal))}")
        else:
            given.append(claim.pk)
    return given
