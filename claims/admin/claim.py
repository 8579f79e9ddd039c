"""Claims, where they appeared, who made them and what they are about."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.checks import InlineModelAdminChecks
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.forms import modelformset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.conflicts import ConflictAdmin
from accounts.listing import NEWEST
from claims import blind, gate, second_person
from claims.anchoring import find_alike
from claims.models import (
    Appearance,
    Claim,
    ContactAttempt,
    Evidence,
    Review,
    Speaker,
    Topic,
    Transition,
)
from claims.moves import ALLOWED, PERMISSIONS
from sources.models import Snapshot

from .chosen import ChosenInline
from .forms import (
    EVIDENCE_FIELDS,
    EVIDENCE_LABELS,
    GATE_FIELDS,
    VERDICT_FIELDS,
    DraftEvidenceFormSet,
    PassageForm,
    ReviewForm,
    draft_for,
    draft_of,
)
from .note import NotesAdmin
from .steps import StepsAdmin
from .timeline import ClaimsEdits, strands_of_claim


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
INLINE_APPEARANCE_FIELDS = [
    ("snapshot", "start"), "exact", ("attribution", "speaker_role", "reported_by"),
    "attribution_note", "rewords",
]  # fmt: skip


class AppearanceInline(ChosenInline):
    """Where the claim was made."""

    model = Appearance
    fk_name = "claim"
    extra = 0
    autocomplete_fields = ["snapshot", "rewords"]
    select_related = ("snapshot__source", "rewords")
    fields = INLINE_APPEARANCE_FIELDS


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
        """Keep the draft, for whom it is not hidden."""
        drafts = super().get_queryset(request).filter(status=Review.Status.DRAFT)
        return drafts.exclude(pk__in=blind.hidden_from(request.user))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: a review begins with the button."""
        return False


class NoRelationChecks(InlineModelAdminChecks):
    """The checks of an inline whose rows hang on the claim by its draft, not by a field."""

    def _check_exclude_of_parent_model(self, obj: Any, parent_model: Any) -> list[Any]:
        return []

    def _check_relation(self, obj: Any, parent_model: Any) -> list[Any]:
        return []


class DraftEvidenceInline(ChosenInline):
    """The sources of the draft and what they show, on the page of the claim."""

    model = Evidence
    checks_class = NoRelationChecks
    formset = DraftEvidenceFormSet
    extra = 0
    select_related = EVIDENCE_LABELS
    autocomplete_fields = ["source", "snapshot"]
    radio_fields = {"stance": admin.HORIZONTAL}
    fields = EVIDENCE_FIELDS
    verbose_name_plural = _("sources of the draft")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """Return what the formset chooses from; whether it is shown was asked for the claim."""
        return Evidence.objects.select_related(*self.select_related)

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
        return draft_for(request, obj) is not None and super().has_add_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the part is shown: only when there is a draft."""
        return draft_for(request, obj) is not None and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be changed: only in a draft."""
        return draft_for(request, obj) is not None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether evidence may be removed: only from a draft."""
        return draft_for(request, obj) is not None and super().has_delete_permission(request, obj)


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
class ClaimAdmin(NotesAdmin, StepsAdmin):
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
        (
            _("Claim"),
            {"fields": ["text", ("speaker", "stated_on"), ("kind", "language"), "topics"]},
        ),
        (_("For readers"), {"fields": ["selection_reason", "what_would_settle"]}),
        (_("For colleagues"), {"fields": ["background"]}),
        (_("Second rating"), {"fields": ["asks_blind_rating"]}),
        (
            _("Where it stands"),
            {"fields": [("status", "assigned_to", "merged_into"), ("created_at", "listed_at")]},
        ),
    ]
    inlines = [AppearanceInline, ContactAttemptInline, DraftEvidenceInline, DraftInline]
    change_form_template = "admin/claims/claim_change_form.html"

    def strands(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return what the history of a claim is made of."""
        return strands_of_claim(obj.pk, request.user)

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
        """Keep as they are the words that a verdict was given on, and a settled blind rating."""
        fields = [*super().get_readonly_fields(request, obj)]
        if obj and obj.was_judged:
            fields += Claim.JUDGED
        if obj and obj.blind_rating_is_settled:
            fields.append("asks_blind_rating")
        return fields

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
        buttons = review_admin.buttons(request, on) if on else []
        is_draft = review is not None and review.status == Review.Status.DRAFT
        is_hidden = review is not None and blind.hides(review, request.user)
        send = {button["name"]: button for button in buttons}.get("submit")
        passages = claim.appearances.select_related("snapshot__source").defer("snapshot__text")
        return {
            "review": review,
            "is_hidden": is_hidden,
            "versions": versions,
            "review_steps": buttons,
            "send": send if is_draft and not is_hidden else None,
            "gate": gate.checklist(review) if review and not is_hidden else [],
            "progress": _progress(claim, review),
            "passages": passages,
            "sent_back": _sent_back(review) if is_draft and not is_hidden else None,
        }

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on as the button says: show the preview, or send the draft to a second person."""
        draft = draft_of(obj)
        if draft and "_preview" in request.POST:
            return redirect("admin:claims_review_preview", draft.pk)
        if draft and "_send" in request.POST:
            review_admin: Any = self.admin_site.get_model_admin(Review)
            review_admin.take(request, "submit", draft)
            return redirect(self.desk_of(obj))
        return super().response_change(request, obj)

    def why_not(self, request: HttpRequest, verb: str, row: Any) -> str:
        """Return why the person may not press the button, or nothing."""
        may_take = row.assigned_to_id is None and request.user.has_perm(PERMISSIONS["start"])
        if verb == "assign" and may_take and row.status in ALLOWED[verb]:
            return ""  # to oneself
        reason = super().why_not(request, verb, row)
        if reason or verb not in ("start", "revise"):
            return reason
        review = row.reviews.open().select_related("author").first()
        return _("%(author)s writes one already.") % {"author": review.author} if review else ""

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
        may_add = request.user.has_perm("claims.add_appearance")
        if claim is None or not (may_add and self.has_change_permission(request, claim)):
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
        if form.is_valid() and self._stored_passage(form):
            messages.success(request, _("The passage is recorded."))
        else:
            for errors in form.errors.values():
                for sentence in errors:
                    messages.error(request, str(sentence))
        return redirect("admin:claims_claim_change", claim.pk)

    def _stored_passage(self, form: PassageForm) -> bool:
        """Store the passage, unless somebody stored the same since the form was checked."""
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error(None, _("This passage is recorded for the claim already."))
        return form.is_valid()

    def view_on_site(self, claim: Claim) -> str | None:
        """Return the page readers see, if they may see it."""
        return claim.get_absolute_url() if claim.is_visible else None


def _sent_back(review: Review | None) -> Transition | None:
    """Return the step that sent the draft back, when it was the last one."""
    if review is None:
        return None
    last = review.transitions.exclude(verb="override").select_related("by").first()
    return last if last and last.verb == "send_back" else None


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

    def strands(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return what the history of a passage is made of."""
        return [ClaimsEdits(Appearance, id=obj.pk)]

    def numbered(self, row: Any) -> list[Any]:
        """Return the claim, of which the passage is a part."""
        return [row.claim]
