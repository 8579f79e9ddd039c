"""Buttons and actions that call a verb of the workflow and say what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.moves import ALLOWED, PERMISSIONS

REASON = {"reason": forms.CharField(label=gettext_lazy("Reason"), max_length=2000)}
NOTE = {"note": forms.CharField(label=gettext_lazy("Public note"), max_length=2000)}


@dataclass(frozen=True)
class Step:
    """A verb as a button: its words, and what else the person has to say."""

    verb: Callable[..., Any]
    word: Any
    asks: Mapping[str, forms.Field] = field(default_factory=dict)

    @property
    def must_say(self) -> bool:
        """Whether the person has to say something, so that many rows at once will not do."""
        return any(field.required for field in self.asks.values())

    def form(self, data: Any = None) -> forms.Form:
        """Return the form of what the person has to say."""
        form = forms.Form(data, prefix=self.verb.__name__, auto_id=f"step_{self.verb.__name__}_%s")
        form.fields.update(self.asks)
        return form


class StepsAdmin(admin.ModelAdmin):
    """A model whose rows move by verbs: each is an action of the list and a button of the page."""

    steps: dict[str, Step] = {}
    """The steps by the names of their verbs, in the order of their buttons."""
    change_form_template = "admin/claims/change_form_with_steps.html"
    show_full_result_count = False

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
        if row is None or verb not in self.steps or not self.has_view_permission(request, row):
            raise Http404
        self.take(request, verb, row)
        return redirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        )

    def take(self, request: HttpRequest, verb: str, row: Any) -> None:
        """Call the verb, and tell the person what came of it."""
        step = self.steps[verb]
        form = step.form(request.POST)
        form.is_valid()  # what is missing the verb itself refuses, with its own sentence
        said = {name: form.cleaned_data.get(name, "") for name in step.asks}
        try:
            step.verb(row, by=request.user, **said)
        except PermissionDenied as refusal:
            self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        except ValidationError as refusal:
            self.message_user(request, f"{row}: {_sentences(refusal)}", messages.ERROR)
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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Add the buttons, each with the reason why it may not be pressed, if there is one."""
        row = self.get_object(request, object_id) if object_id else None
        steps = [self._button(request, verb, row) for verb in self.steps] if row else []
        context = {**(extra_context or {}), "steps": steps}
        return super().changeform_view(request, object_id, form_url, context)

    def _button(self, request: HttpRequest, verb: str, row: Any) -> dict[str, Any]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return {
            "word": self.steps[verb].word,
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


def _sentences(refusal: ValidationError) -> str:
    if hasattr(refusal, "error_dict"):
        return " ".join(
            f"{field}: {' '.join(sentences)}" for field, sentences in refusal.message_dict.items()
        )
    return " ".join(refusal.messages)
