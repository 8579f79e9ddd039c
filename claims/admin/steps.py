"""Buttons and actions that call a verb of the workflow and say what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from accounts.conflicts import ConflictAdmin
from claims.moves import ALLOWED, PERMISSIONS
from claims.steps import Step, sentences_in, steps_of


class StepsAdmin(ConflictAdmin):
    """A model whose rows move by verbs: each is an action of the list and a button of the page."""

    change_form_template = "admin/claims/change_form_with_steps.html"

    @property
    def steps(self) -> dict[str, Step]:
        """The steps by the names of their verbs, in the order of their buttons."""
        return steps_of(self.model)

    def get_urls(self) -> list[URLPattern]:
        """Add an address for each button."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        step = path(
            "<int:pk>/step/<slug:verb>/", self.admin_site.admin_view(self.step_view), name=name
        )
        return [step, *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Take one step with one row, and go back to its page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, str(pk))
        # Not of the row: who may not read a review yet may take some steps, as the verbs decide.
        if row is None or verb not in self.steps or not self.has_view_permission(request):
            raise Http404
        self.take(request, verb, row)
        return redirect(self.after_step(request, row))

    def after_step(self, request: HttpRequest, row: Any) -> str:
        """Return the address to go to after a step."""
        return self.desk_of(row)

    def desk_of(self, row: Any) -> str:
        """Return the address of the page on which the row is worked on."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def take(self, request: HttpRequest, verb: str, row: Any) -> None:
        """Call the verb, and tell the person what came of it."""
        step = self.steps[verb]
        try:
            step.take(row, by=request.user, said=request.POST.dict())
        except PermissionDenied as refusal:
            self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        except ValidationError as refusal:
            sentences = " ".join(sentences_in(refusal))
            self.message_user(request, f"{row}: {sentences}", messages.ERROR)
        else:
            row.refresh_from_db()
            done = _("%(step)s: done. It now stands at “%(status)s”.") % {
                "step": step.word,
                "status": row.get_status_display(),
            }
            self.message_user(request, f"{row}: {done}", messages.SUCCESS)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the verbs that the person may use."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # what has a history is kept
        for verb, step in self.steps.items():
            if not step.must_say and request.user.has_perm(PERMISSIONS[verb]):
                actions[verb] = (_action(verb), verb, step.word)
        return actions

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add the buttons, each with the reason why it may not be pressed, if there is one."""
        return {**super().page_context(request, row), "steps": self.buttons(request, row)}

    def buttons(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """Return the buttons of a row, each with the reason why it may not be pressed, if any."""
        return [self._button(request, verb, row) for verb in self.steps]

    def _button(self, request: HttpRequest, verb: str, row: Any) -> dict[str, Any]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return {
            "name": verb,
            "word": self.steps[verb].word,
            "revision": getattr(row, "revision", None),
            "form": self.steps[verb].form(),
            "url": reverse(name, args=[row.pk, verb]),
            "why_not": self.why_not(request, verb, row),
        }

    def why_not(self, request: HttpRequest, verb: str, row: Any) -> str:
        """Return why the person may not press the button, or nothing."""
        if not request.user.has_perm(PERMISSIONS[verb]):
            return _("Your role may not do this.")
        if row.status not in ALLOWED[verb]:
            return _("It stands at “%(status)s”.") % {"status": row.get_status_display()}
        return ""


def _action(verb: str) -> Callable[[StepsAdmin, HttpRequest, QuerySet[Any]], None]:
    def act(modeladmin: StepsAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            modeladmin.take(request, verb, row)

    return act
