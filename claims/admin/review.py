"""Ratings, reviews and their evidence."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.conflicts import ConflictAdmin
from claims import blind, gate, second_person, versions
from claims.models import Evidence, Rating, Review
from claims.moves import PERMISSIONS

from .blind import BlindPage, blind_page
from .chosen import ChosenInline
from .forms import EVIDENCE_FIELDS, EVIDENCE_LABELS, GATE_FIELDS, VERDICT_FIELDS, ReviewForm
from .timeline import ClaimsEdits, strands_of_review
from .translations import RatingForm
from .unseen import UnseenRows


@admin.register(Rating)
class RatingAdmin(ConflictAdmin):
    """The newsroom's scale."""

    form = RatingForm

    list_display = ["alternate_name", "rating_value", "position", "is_retired"]
    search_fields = ["alternate_name"]
    prepopulated_fields = {"slug": ["alternate_name"]}

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Say whether the list may be narrowed by it: not by which reviews carry a rating."""
        return lookup.split("__")[0] in {field.name for field in self.opts.concrete_fields}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether it may be removed: one by one, and only when no review carries it.

        The page that asks would list them, also to who may not read them yet. Retire it instead.
        """
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and not obj.reviews.exists()


def is_draft(review: Review | None) -> bool:
    """Say whether the words of the review may still be changed."""
    return review is None or review.status == Review.Status.DRAFT


class EvidenceInline(ChosenInline):
    """What the sources show; closed once the review is with a second person."""

    model = Evidence
    extra = 0
    autocomplete_fields = ["source", "snapshot"]
    select_related = EVIDENCE_LABELS
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


TELLS_NOTHING = {
    "status__exact", "author__id__exact", "work", "o", "p", "e", "all", "read",
    "_changelist_filters",
}  # fmt: skip
"""What an address may ask for without telling what a review says."""


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
class ReviewAdmin(BlindPage):
    """Our checks, version by version."""

    form = ReviewForm
    list_display = [
        "claim", "number", "status", "shown_rating", "author", "approver", "published_at",
    ]  # fmt: skip
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Mark the reviews that the person may not read yet.

        They are left out of a list that is searched or narrowed by what they say.
        """
        is_hidden = blind.is_hidden_from(request.user)
        rows: QuerySet[Review] = super().get_queryset(request)
        if not set(request.GET) <= TELLS_NOTHING:
            rows = rows.exclude(is_hidden)
        return rows.annotate(is_hidden=is_hidden)

    @admin.display(description=gettext_lazy("rating"))
    def shown_rating(self, review: Any) -> str:
        """Return the rating, unless the person is still to rate the claim blind."""
        return _("hidden until rated blind") if review.is_hidden else str(review.rating or "–")

    def strands(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return what the history of a review is made of."""
        return strands_of_review(obj.pk, request.user)

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
        if row is None or not self.has_view_permission(request):
            raise Http404
        return row  # type: ignore[no-any-return]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the review as readers would see it."""
        review = self._seen(request, pk)
        if self.hides(request, review):
            return redirect(blind_page(review))
        content = versions.for_readers(versions.content_of(review))
        context = {"version": review, "content": content, "is_preview": True}
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
        if self.hides(request, review):
            return redirect(blind_page(review))
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
            # Who approves it is not decided yet, so that is no change.
            "differences": versions.differences(before, content | {"approver": before["approver"]})
            if before
            else [],
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

    def buttons(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """Return the buttons; nobody publishes but on the page of the second person."""
        page = reverse("admin:claims_review_approve", args=[row.pk])
        buttons = super().buttons(request, row)
        return [b | {"page": page} if b["name"] == "publish" else b for b in buttons]

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
            # The author takes it back.
            may_submit = request.user.has_perm(PERMISSIONS["submit"])
            return "" if may_submit else _("Your role may not do this.")
        return super().why_not(request, verb, row)


@admin.register(Evidence)
class EvidenceAdmin(UnseenRows, ConflictAdmin):
    """What sources show, over all reviews."""

    list_display = ["source", "stance", "is_primary", "review"]
    list_filter = ["stance", "is_primary"]
    list_select_related = ["source", "review__claim"]
    search_fields = ["source__title", "summary"]
    ordering = ["-pk"]
    readonly_fields = ["review"]
    autocomplete_fields = ["source", "snapshot"]
    fields = ["review", *EVIDENCE_FIELDS]

    def strands(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return what the history of a piece of evidence is made of."""
        return [ClaimsEdits(Evidence, id=obj.pk)]

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
