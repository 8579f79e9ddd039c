"""Ratings, reviews and their evidence."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.conflicts import ConflictAdmin
from claims import gate, second_person, versions
from claims.models import Evidence, Rating, Review
from claims.moves import PERMISSIONS

from .forms import EVIDENCE_FIELDS, GATE_FIELDS, VERDICT_FIELDS, ReviewForm
from .steps import StepsAdmin


@admin.register(Rating)
class RatingAdmin(ConflictAdmin):
    """The newsroom's scale."""

    list_display = ["alternate_name", "rating_value", "position", "is_retired"]
    search_fields = ["alternate_name"]
    prepopulated_fields = {"slug": ["alternate_name"]}
    show_full_result_count = False


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


class WorkFilter(admin.SimpleListFilter):
    """Reviews that the person who is signed in works on."""

    title = gettext_lazy("work")
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Return the choices."""
        return [("mine", gettext_lazy("I write it"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the rows of the choice."""
        return queryset.open().filter(author=request.user) if self.value() == "mine" else queryset


@admin.register(Review)
class ReviewAdmin(StepsAdmin):
    """Our checks, version by version."""

    form = ReviewForm
    list_display = ["claim", "number", "status", "rating", "author", "approver", "published_at"]
    list_filter = ["status", "rating", WorkFilter]
    list_select_related = ["claim", "rating", "author", "approver"]
    read_by_index = [{"status__exact"}, {"work"}]
    search_fields = ["claim__text", "finding"]
    readonly_fields = ["claim", "number", "status", "author", "approver", "published_at"]
    fieldsets = [
        (None, {"fields": ["claim", "number", "status", "author", "approver", "published_at"]}),
        (gettext_lazy("Verdict"), {"fields": [*VERDICT_FIELDS]}),
        (gettext_lazy("For the gate"), {"fields": [*GATE_FIELDS]}),
    ]
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

    def desk_of(self, row: Any) -> str:
        """Return the address of the claim, on whose page the review is worked on."""
        return reverse("admin:claims_claim_change", args=[row.claim_id])

    def get_urls(self) -> list[Any]:
        """Add the page of the second person, and the preview."""
        pages = [("approve", self.approve_view), ("preview", self.preview_view)]
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"claims_review_{name}",
                )
                for name, view in pages
            ),
            *super().get_urls(),
        ]

    def _seen(self, request: HttpRequest, pk: int) -> Review:
        row = self.get_object(request, str(pk))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return row  # type: ignore[no-any-return]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the review as readers would see it."""
        review = self._seen(request, pk)
        context = {"version": review, "content": versions.content_of(review), "is_preview": True}
        return TemplateResponse(request, "claims/version_page.html", context)

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the second person what changes, what readers will see, and what is still open."""
        review = self._seen(request, pk)
        person: Any = request.user
        if review.status != Review.Status.SUBMITTED:
            messages.info(
                request,
                _("This review stands at “%(status)s”; nobody waits for a second person.")
                % {"status": review.get_status_display()},
            )
            return redirect(self.desk_of(review))
        content = versions.content_of(review)
        published = review.claim.reviews.published().first()
        before = versions.content_as_published(published) if published else None
        read = request.GET.get("read", "")
        earlier = review.submissions.filter(revision=read).first() if read.isdecimal() else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Second review"),
            "review": review,
            "content": content,
            "digest": versions.digest_of(content),
            "before": published,
            "differences": versions.differences(before, content) if before else [],
            "earlier": earlier,
            "since_read": versions.differences(earlier.content, content) if earlier else [],
            "since_submitted": versions.differs_from_submission(review),
            "gate": gate.checklist(review),
            "may_override": request.user.has_perm(PERMISSIONS["override"]),
            "interests": second_person.named_interests(review, person),
            "buttons": {button["name"]: button for button in self.buttons(request, review)},
            "recuse_url": reverse("admin:claims_claim_step", args=[review.claim_id, "recuse"]),
        }
        return TemplateResponse(request, "admin/claims/approve.html", context)

    def after_step(self, request: HttpRequest, row: Any) -> str:
        """Return where to go: back to the second person’s page when a publication was refused."""
        row.refresh_from_db()
        on_approve = request.POST.get("from") == "approve"
        if on_approve and row.status == Review.Status.SUBMITTED:
            page = reverse("admin:claims_review_approve", args=[row.pk])
            return f"{page}?{urlencode({'read': request.POST.get('revision', '')})}"
        return self.desk_of(row)

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
class EvidenceAdmin(ConflictAdmin):
    """What sources show, over all reviews."""

    list_display = ["source", "stance", "is_primary", "review"]
    list_filter = ["stance", "is_primary"]
    list_select_related = ["source", "review__claim"]
    search_fields = ["source__title", "summary"]
    ordering = ["-pk"]
    readonly_fields = ["review"]
    autocomplete_fields = ["source", "snapshot"]
    fields = ["review", *EVIDENCE_FIELDS]
    show_full_result_count = False

    def numbered(self, row: Any) -> list[Any]:
        """Return the review, of which the evidence is a part."""
        return [row.review]

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
