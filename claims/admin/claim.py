"""Claims: the list, and the one screen on which a claim is worked on."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from claims import blind, gate, search, second_person
from claims.models import Claim, Evidence, Review, Transition
from claims.moves import ALLOWED, PERMISSIONS

from .forms import draft_of
from .inlines import AppearanceInline, ContactAttemptInline, DraftEvidenceInline, DraftInline
from .note import NotesAdmin
from .passage import PassagesAdmin
from .risk import RisksAdmin
from .similar import SimilarAdmin
from .timeline import strands_of_claim


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
class ClaimAdmin(NotesAdmin, PassagesAdmin, RisksAdmin, SimilarAdmin):
    """Claims."""

    list_display = ["text", "status", "kind", "speaker", "listed_at"]
    list_filter = ["status", "kind", WorkFilter]
    list_select_related = ["speaker"]
    read_by_index = [{"status__exact"}, {"work"}]
    search_fields = ["text"]  # what the index has of a claim; see get_search_results
    autocomplete_fields = ["speaker", "topics", "translation_of"]
    readonly_fields = ["status", "created_at", "listed_at", "assigned_to", "merged_into"]
    fieldsets = [
        (
            _("Claim"),
            {
                "fields": [
                    "text",
                    ("speaker", "stated_on"),
                    ("kind", "language"),
                    "topics",
                    "translation_of",
                ]
            },
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

    @property
    def search_help_text(self) -> str:  # type: ignore[override]
        """Say what a search finds."""
        return _(
            "Finds words of all claims, readers’ or not: the newest %(count)s. #12 finds number 12."
        ) % {"count": number_format(search.MOST_RANKED, force_grouping=True)}

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Return the claim of a number such as #12, or those that the index finds by words."""
        if search_term.startswith("#") or not search_term:
            return super().get_search_results(request, queryset, search_term)
        try:
            query = search.parse(search_term, is_typing=True)
        except ValidationError:
            return queryset.none(), False
        keys = search.keys_of_newest(query, search.MOST_RANKED, is_public=False)
        return queryset.filter(pk__in=keys), False

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

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add the open review: its gate, its buttons, and how far it is."""
        claim: Claim = row
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
            **super().page_context(request, claim),
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
