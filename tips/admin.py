"""Where editors read what readers ask, and settle it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.read_only import ReadOnlyAdmin
from claims.models import Claim
from claims.steps import STEPS, problems_in

from . import answering
from .models import LONGEST, CorrectionRequest

VERBS: dict[str, Callable[..., Any]] = {
    "take_up": answering.take_up,
    "answer": answering.answer,
}


class AnswerForm(forms.Form):
    """What the reader is to know."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy("Whoever sent it reads this. Say nothing that is not public."),
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 6}),
    )


FORMS: dict[str, Callable[[Any], forms.Form]] = {
    "take_up": STEPS["revise"].form,
    "answer": AnswerForm,
}
"""What each verb asks of the person."""


class StateFilter(SimpleListFilter):
    """Narrow the list to what waits, or to what was done."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Return the states, in words."""
        return CorrectionRequest.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Keep those in the state; one whose new version was given up is open."""
        if self.value() in CorrectionRequest.State.values:
            # Its adjectives are named for the states.
            narrowed: QuerySet[Any] = getattr(queryset, str(self.value()))()
            return narrowed
        return None


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ReadOnlyAdmin):
    """What readers say is wrong. Nobody changes it; two verbs settle it."""

    list_display = ["says", "claim", "standing", "times_sent", "age"]
    list_filter = [StateFilter]
    search_fields = ["wrong", "shows", "review__claim__text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectionRequest]:
        """Load what a line of the list shows."""
        return CorrectionRequest.objects.for_desk().order_by("-pk")

    @admin.display(description=gettext_lazy("what is wrong"))
    def says(self, row: CorrectionRequest) -> str:
        """Return the beginning of what a reader wrote."""
        return Truncator(row.wrong).chars(100)

    @admin.display(description=gettext_lazy("claim"))
    def claim(self, row: CorrectionRequest) -> str:
        """Return the claim by its number and the beginning of its words."""
        return f"{row.review.claim_id}. {Truncator(row.review.claim.text).chars(80)}"

    @admin.display(description=gettext_lazy("state"))
    def standing(self, row: CorrectionRequest) -> str:
        """Return where it stands, in words."""
        return str(CorrectionRequest.State.OPEN.label if row.is_open else row.get_state_display())

    @admin.display(description=gettext_lazy("times sent"))
    def times_sent(self, row: Any) -> int:
        """Return how many readers sent it."""
        return int(row.times_sent)

    @admin.display(description=gettext_lazy("sent"), ordering="pk")
    def age(self, row: CorrectionRequest) -> str:
        """Return how long ago it was sent first."""
        return timesince(row.created_at)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one request, with what may be done about it; do it when asked to."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        verb = request.POST.get("verb", "")
        said = {name: form(request.POST if name == verb else None) for name, form in FORMS.items()}
        if verb in VERBS and self._took(request, verb, row, said[verb]):
            return redirect(_after(verb, row))
        return self._page(request, row, said)

    def _took(
        self, request: HttpRequest, verb: str, row: CorrectionRequest, said: forms.Form
    ) -> bool:
        """Call a verb with what was said, and return whether it did it; if not, `said` has why."""
        if not said.is_valid():
            return False
        try:
            VERBS[verb](row, by=request.user, **said.cleaned_data)
        except PermissionDenied as refusal:
            said.add_error(None, str(refusal))
        except ValidationError as refusal:
            for name, errors in problems_in(refusal).items():
                said.add_error(name if name in said.fields else None, errors)
        else:
            messages.success(request, _("Done: the request is settled."))
        return said.is_valid()

    def _page(
        self, request: HttpRequest, row: CorrectionRequest, said: dict[str, forms.Form]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": row,
            "asked": row,
            "standing": self.standing(row),
            "may_answer": request.user.has_perm(answering.PERMISSION),
            "why_no_new_version": _why_no_new_version(row.review.claim),
            "take_up_form": said["take_up"],
            "answer_form": said["answer"],
        }
        return TemplateResponse(request, "admin/tips/request.html", context)


def _after(verb: str, row: CorrectionRequest) -> str:
    """Return where to go on: to the draft that was begun, or back to the request."""
    if verb == "take_up":
        return reverse("admin:claims_claim_change", args=[row.review.claim_id])
    return reverse("admin:tips_correctionrequest_change", args=[row.pk])


def _why_no_new_version(claim: Claim) -> str:
    """Return why no new version can be begun, or nothing."""
    if claim.status != Claim.Status.PUBLISHED:
        return _("The claim stands at “%(status)s”: only a verdict that stands gets a version.") % {
            "status": claim.get_status_display()
        }
    if claim.reviews.open().exists():
        return _("Somebody writes a new version already.")
    return ""
