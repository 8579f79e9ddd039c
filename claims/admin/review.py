"""Ratings, reviews and their evidence."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import second_person
from claims.models import Evidence, Label, Rating, Review
from claims.moves import PERMISSIONS

from .steps import StepsAdmin


@admin.register(Rating)
class RatingAdmin(admin.ModelAdmin):
    """The newsroom's scale."""

    list_display = ["alternate_name", "rating_value", "position", "is_retired"]
    search_fields = ["alternate_name"]
    prepopulated_fields = {"slug": ["alternate_name"]}
    show_full_result_count = False


class RatingChoice(forms.ModelChoiceField):
    """Ratings as radio buttons, each with what it means."""

    widget = forms.RadioSelect
    iterator = ModelChoiceIterator

    def label_from_instance(self, rating: Any) -> str:
        """Return the word and the definition."""
        return format_html("<b>{}</b> {}", rating.alternate_name, rating.definition)


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
    "source", "stance", "is_primary", "summary", "passage", "snapshot", "note", "position",
]  # fmt: skip


def is_draft(review: Review | None) -> bool:
    """Say whether the words of the review may still be changed."""
    return review is None or review.status == Review.Status.DRAFT


class EvidenceInline(admin.StackedInline):
    """What the sources show; closed once the review is with a second person."""

    model = Evidence
    extra = 0
    autocomplete_fields = ["source", "snapshot"]
    fields = EVIDENCE_FIELDS

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be added: only to a draft."""
        return is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be changed: only in a draft."""
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be removed: only from a draft."""
        return is_draft(obj) and super().has_delete_permission(request, obj)


@admin.register(Review)
class ReviewAdmin(StepsAdmin):
    """Our checks, version by version."""

    form = ReviewForm
    list_display = ["claim", "number", "status", "rating", "author", "approver", "published_at"]
    list_filter = ["status", "rating"]
    list_select_related = ["claim", "rating", "author", "approver"]
    search_fields = ["claim__text", "finding"]
    readonly_fields = ["claim", "number", "status", "author", "approver", "published_at"]
    fieldsets = [
        (None, {"fields": ["claim", "number", "status", "author", "approver", "published_at"]}),
        (
            gettext_lazy("Verdict"),
            {
                "fields": [
                    "rating", "labels", "finding", "rationale", "what_would_change", "as_of",
                    "look_again_on", "confidence",
                ],
            },
        ),
        (
            gettext_lazy("For the gate"),
            {
                "fields": [
                    "found_no_support", "found_no_refutation", "single_origin_reason",
                    "no_contact_reason",
                ],
            },
        ),
    ]  # fmt: skip
    inlines = [EvidenceInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: a review begins on its claim, with the button."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether its words may be changed: only of a draft."""
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: what was written is kept."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the evidence with the words, and remember who wrote in it."""
        super().save_related(request, form, formsets, change)
        second_person.remember_contributor(form.instance, request.user)

    def take(self, request: HttpRequest, verb: str, row: Any) -> None:
        """Call the verb on the revision that the person saw, when the page says which."""
        seen = request.POST.get("revision", "")
        if seen.isascii() and seen.isdecimal():
            row.revision = int(seen)
        super().take(request, verb, row)

    def why_not(self, request: HttpRequest, verb: str, row: Any) -> str:
        """Return why the person may not press the button, or nothing."""
        if verb == "publish" and row.author == request.user:
            return _("Someone other than the author must publish a review.")
        if verb == "submit" and row.author != request.user:
            return _("Only %(author)s, who writes it, sends it on.") % {"author": row.author}
        if verb == "publish" and request.user in row.contributors.all():
            return _("You changed it yourself. Someone who did not write in it must publish it.")
        may_publish = request.user.has_perm(PERMISSIONS["publish"])
        if verb == "discard" and row.author != request.user and not may_publish:
            return _("Only %(author)s, who writes it, or an editor.") % {"author": row.author}
        if verb == "send_back" and row.author == request.user and row.status == "submitted":
            return ""  # the author takes it back
        return super().why_not(request, verb, row)


@admin.register(Evidence)
class EvidenceAdmin(admin.ModelAdmin):
    """What sources show, over all reviews."""

    list_display = ["source", "stance", "is_primary", "review"]
    list_filter = ["stance", "is_primary"]
    list_select_related = ["source", "review__claim"]
    search_fields = ["source__title", "summary"]
    readonly_fields = ["review"]
    autocomplete_fields = ["source", "snapshot"]
    fields = ["review", *EVIDENCE_FIELDS]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: evidence is added in its review."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether it may be changed: only in a draft."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or is_draft(obj.review))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether it may be removed: one by one, and only from a draft."""
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and is_draft(obj.review)
