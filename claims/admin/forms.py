"""The forms of a verdict and of its evidence."""

from typing import Any

from django import forms
from django.db.models import Q
from django.forms.models import BaseModelFormSet, ModelChoiceIterator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from claims import blind, notes
from claims.models import Appearance, Claim, Evidence, Label, Rating, Review


def rating_label(rating: Rating) -> SafeString:
    """Return a rating as its chip with its definition."""
    return render_to_string("admin/claims/_rating_choice.html", {"rating": rating})


class RatingChoice(forms.ModelChoiceField):
    """Ratings as radio buttons, each with what it means."""

    widget = forms.RadioSelect(attrs={"class": "wf-rates"})
    iterator = ModelChoiceIterator

    def label_from_instance(self, rating: Any) -> str:
        """Return the word as readers see it, and the definition."""
        return rating_label(rating)


class ReviewForm(forms.ModelForm):
    """The draft of a verdict."""

    labels = forms.MultipleChoiceField(
        label=gettext_lazy("Labels"),
        choices=Label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    rating = RatingChoice(
        label=gettext_lazy("Rating"), queryset=Rating.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "rating" in self.fields:
            offered = Q(is_retired=False) | Q(pk=self.instance.rating_id)
            self.fields["rating"].queryset = Rating.objects.filter(offered)  # type: ignore[attr-defined]


EVIDENCE_FIELDS = [
    "source", "stance", "is_primary", "summary", "snapshot", "passage", "passage_language",
    "translation", "note", "position",
]  # fmt: skip
EVIDENCE_LABELS = ("source", "snapshot__source")
VERDICT_FIELDS: list[Any] = [
    "rating", "labels", "finding", "rationale", "what_would_change",
    ("as_of", "look_again_on", "confidence"),
]  # fmt: skip
GATE_FIELDS = [
    "found_no_support", "found_no_refutation", "single_origin_reason", "no_contact_reason",
]  # fmt: skip


class PassageForm(forms.ModelForm):
    """A passage as it was found in a kept copy."""

    class Meta:
        model = Appearance
        fields = ["snapshot", "exact", "start", "attribution"]


class QuotationForm(forms.ModelForm):
    """A passage as it was found in a kept copy, as evidence."""

    class Meta:
        model = Evidence
        fields = ["passage", "start", "stance", "is_primary", "summary"]


class NoteForm(forms.Form):
    """What somebody writes to colleagues."""

    # Without a length of its own: it would count the end of a line twice, which browsers do not.
    text = forms.CharField(
        label=gettext_lazy("New note"),
        help_text=gettext_lazy("Name a colleague as @username, and they get mail of it."),
        widget=forms.Textarea(
            attrs={"rows": 4, "class": "vLargeTextField", "maxlength": notes.LONGEST}
        ),
    )

    def __init__(self, said: Any = None) -> None:
        # The form of the claim, on the same page, has a field of this name.
        super().__init__(said, auto_id="note_%s")


def draft_of(claim: Claim | None) -> Review | None:
    """Return the draft that somebody writes for the claim, or None."""
    if claim is None or claim.pk is None:
        return None
    return claim.reviews.filter(status=Review.Status.DRAFT).first()


def draft_for(request: HttpRequest, claim: Claim | None) -> Review | None:
    """Return the draft that somebody writes for the claim, unless the person may not read it."""
    draft = draft_of(claim)
    return None if draft is None or blind.hides(draft, request.user) else draft


class DraftEvidenceFormSet(BaseModelFormSet):
    """The evidence of a claim’s draft, on the page of the claim."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        instance: Claim | None = None,
        save_as_new: bool = False,
        prefix: str | None = None,
        queryset: Any = None,
        **kwargs: Any,
    ) -> None:
        self.draft = draft_of(instance)
        found = Evidence.objects.none() if queryset is None else queryset
        super().__init__(
            data, files, prefix=prefix, queryset=found.filter(review=self.draft), **kwargs
        )

    @classmethod
    def get_default_prefix(cls) -> str:
        """Return the prefix of the fields, which names the group on the page."""
        return "evidence"

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """Add a piece of evidence to the draft."""
        form.instance.review = self.draft
        return super().save_new(form, commit=commit)
