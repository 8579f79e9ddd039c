"""Claims, where they appeared, who made them and what they are about."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.checks import InlineModelAdminChecks
from django.db import models
from django.db.models import QuerySet
from django.forms import modelformset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.conflicts import ConflictAdmin
from accounts.listing import NEWEST
from claims import gate, second_person
from claims.anchoring import find_alike
from claims.models import Appearance, Claim, ContactAttempt, Evidence, Review, Speaker, Topic
from sources.models import Snapshot

from .forms import (
    EVIDENCE_FIELDS,
    GATE_FIELDS,
    VERDICT_FIELDS,
    DraftEvidenceFormSet,
    PassageForm,
    ReviewForm,
    draft_of,
)
from .steps import StepsAdmin


@admin.register(Speaker)
class SpeakerAdmin(ConflictAdmin):
    """Who makes claims."""

    list_display = ["name", "kind", "affiliation"]
    list_filter = ["kind"]
    search_fields = ["name"]
    searched = NEWEST
    prepopulated_fields = {"slug": ["name"]}
    # An address typed without its scheme is of https.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    show_full_result_count = False


@admin.register(Topic)
class TopicAdmin(ConflictAdmin):
    """What claims are about."""

    list_display = ["name", "slug"]
    search_fields = ["name"]
    searched = NEWEST
    prepopulated_fields = {"slug": ["name"]}
    show_full_result_count = False


APPEARANCE_FIELDS = [
    "snapshot", "exact", "start", "end", "prefix", "suffix", "attribution", "speaker_role",
    "reported_by", "attribution_note", "rewords",
]  # fmt: skip
FOUND_FIELDS = ["end", "prefix", "suffix"]
"""What anchoring fills in."""


class AppearanceInline(admin.StackedInline):
    """Where the claim was made."""

    model = Appearance
    fk_name = "claim"
    extra = 0
    autocomplete_fields = ["snapshot", "rewords"]
    fields = APPEARANCE_FIELDS
    readonly_fields = FOUND_FIELDS


class ContactAttemptInline(admin.StackedInline):
    """Who was asked about the claim, and what they answered."""

    model = ContactAttempt
    extra = 0
    can_delete = False
    fields = ["asked", "asked_on", "how", "deadline_on", "answer", "answered_on"]


class DraftInline(admin.StackedInline):
    """The draft of the verdict, on the page of its claim."""

    model = Review
    form = ReviewForm
    extra = 0
    can_delete = False
    fields = [*VERDICT_FIELDS, *GATE_FIELDS]
    verbose_name_plural = _("verdict")
    template = "admin/claims/draft_inline.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Keep the draft."""
        return super().get_queryset(request).filter(status=Review.Status.DRAFT)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: a review begins with the button."""
        return False


class NoRelationChecks(InlineModelAdminChecks):
    """The checks of an inline whose rows hang on the claim by its draft, not by a field."""

    def _check_exclude_of_parent_model(self, obj: Any, parent_model: Any) -> list[Any]:
        return []

    def _check_relation(self, obj: Any, parent_model: Any) -> list[Any]:
        return []


class DraftEvidenceInline(admin.StackedInline):
    """The sources of the draft and what they show, on the page of the claim."""

    model = Evidence
    checks_class = NoRelationChecks
    formset = DraftEvidenceFormSet
    extra = 0
    autocomplete_fields = ["source", "snapshot"]
    radio_fields = {"stance": admin.HORIZONTAL}
    fields = EVIDENCE_FIELDS
    verbose_name_plural = _("sources of the draft")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the formset of the draft’s evidence."""
        may_remove = self.has_delete_permission(request, obj)
        return modelformset_factory(
            self.model,
            form=self.form,
            formset=self.formset,
            fields=self.fields,
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
            extra=self.extra,
            can_delete=self.can_delete and may_remove,
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be added: only to a draft."""
        return draft_of(obj) is not None and super().has_add_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the part is shown: only when there is a draft."""
        return draft_of(obj) is not None and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be changed: only in a draft."""
        return draft_of(obj) is not None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be removed: only from a draft."""
        return draft_of(obj) is not None and super().has_delete_permission(request, obj)


class WorkFilter(admin.SimpleListFilter):
    """Claims that wait for somebody to take them."""

    title = _("work")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Return the choices."""
        return [("unassigned", _("Nobody works on it"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the rows of the choice."""
        if self.value() != "unassigned":
            return queryset
        # All have the same person, none: so PostgreSQL does not look for them among all claims.
        return queryset.unfinished().filter(assigned_to=None).order_by("-assigned_to_id", "-pk")


@admin.register(Claim)
class ClaimAdmin(StepsAdmin):
    """Claims."""

    list_display = ["text", "status", "kind", "speaker", "listed_at"]
    list_filter = ["status", "kind", WorkFilter]
    list_select_related = ["speaker"]
    read_by_index = [{"status__exact"}, {"work"}]
    search_fields = ["text"]
    searched = NEWEST
    autocomplete_fields = ["speaker", "topics"]
    readonly_fields = ["status", "created_at", "listed_at", "assigned_to", "merged_into"]
    fieldsets = [
        (None, {"fields": ["text", "kind", "speaker", "stated_on", "language", "topics"]}),
        (_("For readers"), {"fields": ["selection_reason", "what_would_settle"]}),
        (_("For colleagues"), {"fields": ["notes"]}),
        (
            _("Where it stands"),
            {"fields": ["status", "assigned_to", "merged_into", "created_at", "listed_at"]},
        ),
    ]
    inlines = [AppearanceInline, ContactAttemptInline, DraftEvidenceInline, DraftInline]
    change_form_template = "admin/claims/claim_change_form.html"

    def numbered(self, row: Any) -> list[Any]:
        """Return the claim, and the draft that is edited with it."""
        draft = draft_of(row)
        return [row, draft] if draft else [row]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the draft with its claim, and remember who wrote in it."""
        super().save_related(request, form, formsets, change)
        wrote = any(
            formset.has_changed() for formset in formsets if formset.model in (Review, Evidence)
        )
        draft = draft_of(form.instance)
        if draft and wrote:
            second_person.remember_contributor(draft, request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep the words that a verdict was given on as they are."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *Claim.JUDGED] if obj and obj.was_judged else fields

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Add the open review: its gate, its buttons, and how far it is."""
        claim = self.get_object(request, object_id) if object_id else None
        context = {**(extra_context or {}), **(self._work_on(request, claim) if claim else {})}
        return super().changeform_view(request, object_id, form_url, context)

    def _work_on(self, request: HttpRequest, claim: Claim) -> dict[str, Any]:
        reviews = claim.reviews.select_related("rating", "author", "approver").order_by("-number")
        versions = [review for review in reviews if review.status != Review.Status.DISCARDED]
        review = next((review for review in versions if review.is_open), None)
        published = next((found for found in versions if found.status == "published"), None)
        review_admin: Any = self.admin_site.get_model_admin(Review)
        on = review or published
        return {
            "review": review,
            "versions": versions,
            "review_steps": review_admin.buttons(request, on) if on else [],
            "gate": gate.checklist(review) if review else [],
            "progress": _progress(claim, review),
        }

    def get_urls(self) -> list[Any]:
        """Add the page that finds passages."""
        find = path(
            "<int:pk>/passages/",
            self.admin_site.admin_view(self.passages_view),
            name="claims_claim_passages",
        )
        return [find, *super().get_urls()]

    def passages_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Find words in a kept copy, and record the passage that was chosen."""
        claim = self.get_object(request, str(pk))
        if claim is None or not self.has_change_permission(request, claim):
            raise Http404
        if request.method == "POST":
            return self._record_passage(request, claim)
        snapshots = Snapshot.objects.select_related("source").defer("text")
        chosen = request.GET.get("snapshot", "")
        is_key = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
        snapshot = Snapshot.objects.filter(pk=chosen).first() if is_key else None
        words = request.GET.get("words", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "claim": claim,
            "title": _("Find a passage"),
            "snapshot": snapshot,
            "snapshots": snapshots.order_by("-captured_at", "-pk")[:50],
            "words": words,
            "found": find_alike(snapshot.text, words) if snapshot and words else [],
        }
        return TemplateResponse(request, "admin/claims/passages.html", context)

    def _record_passage(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        form = PassageForm(request.POST, instance=Appearance(claim=claim))
        if form.is_valid():
            form.save()
            messages.success(request, _("The passage is recorded."))
        else:
            for errors in form.errors.values():
                for sentence in errors:
                    messages.error(request, str(sentence))
        return redirect("admin:claims_claim_change", claim.pk)

    def view_on_site(self, claim: Claim) -> str | None:
        """Return the page readers see, if they may see it."""
        return claim.get_absolute_url() if claim.is_visible else None


def _progress(claim: Claim, review: Review | None) -> list[tuple[str, str]]:
    """Return the stations of a verdict, each "done", "now" or "to-do"."""
    stations = [_("Recorded"), _("Accepted"), _("Draft"), _("Second person"), _("Published")]
    at = 4 if claim.status == Claim.Status.PUBLISHED else int(claim.status != Claim.Status.NEW)
    if review:
        at = 3 if review.status == Review.Status.SUBMITTED else 2
    return [
        (str(station), "done" if place < at else "now" if place == at else "to-do")
        for place, station in enumerate(stations)
    ]


@admin.register(Appearance)
class AppearanceAdmin(ConflictAdmin):
    """Where claims were made."""

    list_display = ["exact", "claim", "snapshot", "attribution"]
    list_filter = ["attribution"]
    list_select_related = ["claim", "snapshot__source"]
    search_fields = ["exact"]
    searched = NEWEST
    autocomplete_fields = ["claim", "snapshot", "rewords"]
    fields = ["claim", *APPEARANCE_FIELDS]
    readonly_fields = FOUND_FIELDS
    show_full_result_count = False

    def numbered(self, row: Any) -> list[Any]:
        """Return the claim, of which the passage is a part."""
        return [row.claim]
