"""What a person has to say for each verb: one form, whether a page, a program or a command asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.history import remembered_as
from accounts.models import User

from . import gate, workflow
from .models import Claim, Correction, Rating, Review, Risk

LONGEST = 5000
"""Characters in a reason or a note."""


def _words(label: Any, **options: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST, required=False, widget=box, **options)


REASON = {"reason": _words(_("Reason"))}
NOTE = {"note": _words(_("Public note"))}
KIND = {
    "kind": forms.ChoiceField(
        label=_("Kind of change"),
        required=False,
        choices=[kind for kind in Correction.Kind.choices if kind[0] != Correction.Kind.RETRACTION],
    )
}
TO = {
    "to": forms.ModelChoiceField(
        label=_("To"),
        queryset=User.objects.filter(is_active=True, is_staff=True).order_by("username"),
        to_field_name="username",
        required=False,
        empty_label=_("nobody"),
    )
}
INTO = {
    "into": forms.ModelChoiceField(
        label=_("Into claim number"), queryset=Claim.objects.all(), widget=forms.NumberInput
    )
}
RISK = {
    "risk": forms.ModelChoiceField(
        label=_("Evidence at risk"), queryset=Risk.objects.waiting(), widget=forms.NumberInput
    )
}
LINE = {
    "line": forms.ChoiceField(
        label=_("Line"),
        choices=[line for line in gate.LINES.items() if line[0] not in gate.NEVER_LET_PASS],
        required=False,
    )
}
ANSWER = {
    "interest_answer": _words(_("If your declared interests name a party: why you can judge")),
    "read": forms.CharField(required=False, max_length=64, widget=forms.HiddenInput),
}

RATING = {
    "rating": forms.ModelChoiceField(
        label=_("Rating"), queryset=Rating.objects.filter(is_retired=False), to_field_name="slug"
    ),
    "note": _words(_("Why, in short, for colleagues")),
    "interest_answer": ANSWER["interest_answer"],
}
RESOLUTION = {"resolution": _words(_("How the difference was settled (readers see this)"))}


@dataclass(frozen=True)
class Step:
    """A verb as people meet it: what it acts on, the words of its button, and what it asks."""

    verb: Callable[..., Any]
    subject: type[Claim] | type[Review]
    word: Any
    asks: Mapping[str, forms.Field] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The verb’s name, as it stands in addresses and in the history."""
        return self.verb.__name__

    @property
    def must_say(self) -> bool:
        """Whether the person has to say something, so that many rows at once will not do."""
        return bool(self.asks) and self.asks is not ANSWER

    def form(self, said: Any = None) -> forms.Form:
        """Return the form of what the person has to say."""
        form = forms.Form(said, auto_id=f"step_{self.name}_%s")
        form.fields.update(self.asks)
        return form

    def take(self, subject: Any, *, by: Any, said: Mapping[str, Any]) -> Any:
        """Call the verb with what was `said`, and return what it returns.

        Raises PermissionDenied, or ValidationError when something said is not understood or the
        verb refuses.
        """
        form = self.form(dict(said))
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        with remembered_as(by=by):
            return self.verb(subject, by=by, **form.cleaned_data)


STEPS = {
    step.name: step
    for step in (
        Step(workflow.accept, Claim, _("Accept for review")),
        Step(workflow.start, Claim, _("Start a review")),
        Step(workflow.revise, Claim, _("Begin a new version"), {**KIND, **NOTE}),
        Step(workflow.assign, Claim, _("Assign"), TO),
        Step(workflow.recuse, Claim, _("Step aside"), REASON),
        Step(workflow.decline, Claim, _("Decline"), REASON),
        Step(workflow.reopen, Claim, _("Take up again"), REASON),
        Step(workflow.merge, Claim, _("Merge"), INTO),
        Step(workflow.unmerge, Claim, _("Undo the merge")),
        Step(workflow.settle_risk, Claim, _("It stands all the same"), {**RISK, **REASON}),
        Step(workflow.submit, Review, _("Send to a second person")),
        Step(workflow.rate_blind, Review, _("Rate blind"), RATING),
        Step(
            workflow.resolve_disagreement, Review, _("Settle the difference of ratings"), RESOLUTION
        ),
        Step(workflow.publish, Review, _("Publish"), ANSWER),
        Step(workflow.send_back, Review, _("Send back"), REASON),
        Step(workflow.retract, Review, _("Withdraw the verdict"), NOTE),
        Step(workflow.override, Review, _("Let a line pass"), {**LINE, **REASON}),
        Step(workflow.discard, Review, _("Discard the draft"), REASON),
    )
}
"""Every verb, by its name, in the order of the buttons."""


def steps_of(subject: type[Claim] | type[Review]) -> dict[str, Step]:
    """Return the steps that act on claims, or those that act on reviews."""
    return {name: step for name, step in STEPS.items() if step.subject is subject}


def problems_in(refusal: ValidationError) -> dict[str, list[ValidationError]]:
    """Return what a verb refused, by field; what concerns no field stands under "__all__"."""
    if hasattr(refusal, "error_dict"):
        return dict(refusal.error_dict)
    return {NON_FIELD_ERRORS: refusal.error_list}


def sentences_in(refusal: ValidationError) -> list[str]:
    """Return the sentences of a refusal, each with the name of its field where it has one."""
    return [
        sentence if name == NON_FIELD_ERRORS else f"{STEP_LABELS.get(name, name)}: {sentence}"
        for name, errors in problems_in(refusal).items()
        for error in errors
        for sentence in error.messages
    ]


STEP_LABELS = {name: asked.label for step in STEPS.values() for name, asked in step.asks.items()}
