"""The admin’s first page: what waits, and for whom."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import queue
from claims.models import Claim
from claims.steps import STEPS, sentences_in
from tips.queue import waiting_requests


class Desk(AdminSite):
    """Django’s admin, with the work queue as its first page."""

    index_template = "admin/queue.html"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Add the address that gives several claims to one person."""
        assign = path("assign/", self.admin_view(self.assign), name="assign")
        return [assign, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the queue of the person who is signed in."""
        person: Any = request.user
        context = dict(extra_context or {})
        if person.has_perm("claims.view_claim") and person.has_perm("claims.view_review"):
            context |= {
                "title": _("Work queue"),
                "second": queue.for_second_person(person),
                "own": queue.own_work(person),
                "not_begun": queue.not_begun(person),
                "unassigned": queue.unassigned(),
                "again": queue.to_look_at_again(),
                "asked": waiting_requests(person),
                "recent": queue.recent_steps(),
                "assign_form": STEPS["assign"].form(),
                "may_assign": person.has_perm("claims.assign_claim"),
                "may_take": person.has_perm("claims.start_review"),
            }
        return super().index(request, context)

    def assign(self, request: HttpRequest) -> HttpResponse:
        """Give the claims that were chosen to one person."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        given = 0
        chosen = [key for key in request.POST.getlist("claim") if key.isascii() and key.isdecimal()]
        for claim in Claim.objects.filter(pk__in=[int(key) for key in chosen if len(key) < 19]):
            try:
                STEPS["assign"].take(
                    claim, by=request.user, said={"to": request.POST.get("to", "")}
                )
            except PermissionDenied as refusal:
                messages.error(request, str(refusal))
            except ValidationError as refusal:
                messages.error(request, f"{claim}: {' '.join(sentences_in(refusal))}")
            else:
                given += 1
        if given:
            sentence = ngettext("%(count)d claim was given.", "%(count)d claims were given.", given)
            messages.success(request, sentence % {"count": given})
        elif not chosen:
            messages.warning(request, _("Choose at least one claim first."))
        return redirect("admin:index")
