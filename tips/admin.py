"""Where editors read what readers ask, and settle it."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
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
from claims.matching import similar_claims
from claims.models import Claim
from claims.steps import STEPS, problems_in

from . import answering, moderating
from .models import LONGEST, CorrectionRequest, Suggestion

MOST_ALIKE = 5


class AnswerForm(forms.Form):
    """What the reader is to know."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy("Whoever sent it reads this. Say nothing that is not public."),
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 6}),
    )


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


class SettledAdmin(ReadOnlyAdmin):
    """What readers sent. Nobody changes it; verbs settle it."""

    page: ClassVar[str]
    verbs: ClassVar[dict[str, Callable[..., Any]]]
    asks: ClassVar[dict[str, Callable[[Any], forms.Form]]]
    """What each verb asks of the person."""
    done: ClassVar[Any]
    """What is said when a verb did it."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, with what may be done about it; do it when asked to."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        verb = request.POST.get("verb", "")
        said = {
            name: form(request.POST if name == verb else None) for name, form in self.asks.items()
        }
        for name, beginning in self.begun(row).items():
            said[name].initial = beginning
        if verb in self.verbs and self._took(request, verb, row, said[verb]):
            return redirect(self.after(verb, row))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": row,
            **{f"{name}_form": form for name, form in said.items()},
            **self.page_of(request, row),
        }
        return TemplateResponse(request, self.page, context)

    def begun(self, row: Any) -> dict[str, dict[str, Any]]:
        """Return what stands in the fields of each verb’s form before anybody types."""
        return {}

    def page_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the page of a row shows."""
        raise NotImplementedError

    def after(self, verb: str, row: Any) -> str:
        """Return where to go on when a verb did it."""
        raise NotImplementedError

    def _took(self, request: HttpRequest, verb: str, row: Any, said: forms.Form) -> bool:
        """Call a verb with what was said, and return whether it did it; if not, `said` has why."""
        if not said.is_valid():
            return False
        try:
            self.verbs[verb](row, by=request.user, **said.cleaned_data)
        except PermissionDenied as refusal:
            said.add_error(None, str(refusal))
        except ValidationError as refusal:
            for name, errors in problems_in(refusal).items():
                said.add_error(name if name in said.fields else None, errors)
        else:
            messages.success(request, self.done)
        return not said.errors


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(SettledAdmin):
    """What readers say is wrong."""

    page = "admin/tips/request.html"
    verbs: ClassVar = {"take_up": answering.take_up, "answer": answering.answer}
    asks: ClassVar = {"take_up": STEPS["revise"].form, "answer": AnswerForm}
    done = gettext_lazy("Done: the request is settled.")
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

    def page_of(self, request: HttpRequest, row: CorrectionRequest) -> dict[str, Any]:
        """Return what was asked, how it stands, and what may be done."""
        return {
            "asked": row,
            "standing": self.standing(row),
            "may_answer": request.user.has_perm(answering.PERMISSION),
            "why_no_new_version": _why_no_new_version(row.review.claim),
        }

    def after(self, verb: str, row: CorrectionRequest) -> str:
        """Return the page of the draft that was begun, or of the request."""
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


class TakeUpForm(forms.Form):
    """The claim that a suggestion makes."""

    text = forms.CharField(
        label=gettext_lazy("Claim"),
        max_length=LONGEST,
        help_text=gettext_lazy("What was said, in one sentence that stands alone."),
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=35,
        help_text=gettext_lazy("Of the sentence: a language tag such as en, zh-Hans or pt-BR."),
    )


class SameForm(forms.Form):
    """The claim that says the same."""

    claim = forms.ModelChoiceField(
        label=gettext_lazy("Claim"),
        queryset=Claim.objects.all(),
        help_text=gettext_lazy("Its number."),
        widget=forms.NumberInput,
        error_messages={
            "required": gettext_lazy("Give the number of the claim that says the same."),
            "invalid_choice": gettext_lazy("There is no claim with this number."),
        },
    )


@admin.register(Suggestion)
class SuggestionAdmin(SettledAdmin):
    """What readers would like checked."""

    page = "admin/tips/suggestion.html"
    verbs: ClassVar = {
        "take_up": moderating.take_up,
        "same": moderating.name_the_same,
        "decline": moderating.decline,
    }
    asks: ClassVar = {"take_up": TakeUpForm, "same": SameForm, "decline": AnswerForm}
    done = gettext_lazy("Done: the suggestion is settled.")
    list_display = ["says", "who", "state", "claim", "times_sent", "age"]
    list_filter = ["state"]
    search_fields = ["said", "who", "where"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        """Load what a line of the list shows."""
        return Suggestion.objects.for_desk().order_by("-pk")

    @admin.display(description=gettext_lazy("what was said"))
    def says(self, row: Suggestion) -> str:
        """Return the beginning of what a reader heard."""
        return Truncator(row.said).chars(120)

    @admin.display(description=gettext_lazy("times sent"))
    def times_sent(self, row: Any) -> int:
        """Return how many readers sent it."""
        return int(row.times_sent)

    @admin.display(description=gettext_lazy("sent"), ordering="pk")
    def age(self, row: Suggestion) -> str:
        """Return how long ago it was sent first."""
        return timesince(row.created_at)

    def begun(self, row: Suggestion) -> dict[str, dict[str, Any]]:
        """Begin the claim with the words of the reader."""
        return {"take_up": {"text": row.said, "language": settings.LANGUAGE_CODE}}

    def page_of(self, request: HttpRequest, row: Suggestion) -> dict[str, Any]:
        """Return what was suggested, how it stands, what may be done, and what it may be."""
        may_settle = row.is_open and request.user.has_perm(moderating.PERMISSION)
        return {
            "suggestion": row,
            "may_settle": may_settle,
            "alike": similar_claims(row.said, MOST_ALIKE, is_public=False) if may_settle else [],
        }

    def after(self, verb: str, row: Suggestion) -> str:
        """Return the page of the claim that was recorded, or the suggestions that wait."""
        if verb == "take_up":
            return reverse("admin:claims_claim_change", args=[row.claim_id])
        return reverse("admin:tips_suggestion_changelist") + "?state__exact=open"
