"""Where claims were made, and the page that finds their words in a kept copy."""

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.conflicts import ConflictAdmin
from accounts.listing import NEWEST
from accounts.wording import compare
from claims import second_person
from claims.anchoring import find_alike, find_nearest
from claims.models import Appearance, Claim, Evidence, Review
from sources.models import Snapshot

from .forms import PassageForm, QuotationForm, draft_for
from .timeline import ClaimsEdits

APPEARANCE_FIELDS = [
    "snapshot", "exact", "start", "end", "prefix", "suffix", "attribution", "speaker_role",
    "reported_by", "attribution_note", "rewords",
]  # fmt: skip
FOUND_FIELDS = ["end", "prefix", "suffix"]
"""What anchoring fills in."""


class PassagesAdmin(ConflictAdmin):
    """The part of the claims’ admin that finds passages."""

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
        draft = draft_for(request, claim)
        may_quote = draft is not None and request.user.has_perm("claims.add_evidence")
        if request.method == "POST":
            if "stance" in request.POST:
                return self._quote(request, claim, draft if may_quote else None)
            return self._record_passage(request, claim)
        snapshots = Snapshot.objects.not_confidential().select_related("source").defer("text")
        snapshot = _snapshot(claim, request.GET.get("snapshot", ""))
        words = request.GET.get("words", "").strip()
        found = find_alike(snapshot.text, words) if snapshot and words else []
        nearest = find_nearest(snapshot.text, words) if snapshot and not found else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "claim": claim,
            "title": _("Find a passage"),
            "snapshot": snapshot,
            "snapshots": snapshots.order_by("-captured_at", "-pk")[:50],
            "words": words,
            "found": found,
            "nearest": nearest,
            "stances": Evidence.Stance.choices if may_quote else [],
            "difference": compare(words, nearest.exact) if nearest else [],
        }
        return TemplateResponse(request, "admin/claims/passages.html", context)

    def _record_passage(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        form = PassageForm(request.POST, instance=Appearance(claim=claim))
        if form.is_valid() and self._stored_passage(form):
            messages.success(request, _("The passage is recorded."))
        else:
            _say_what_is_wrong(request, form)
        return redirect("admin:claims_claim_change", claim.pk)

    def _quote(self, request: HttpRequest, claim: Claim, draft: Review | None) -> HttpResponse:
        """Add the passage that was chosen to the sources of the draft."""
        snapshot = _snapshot(claim, request.POST.get("snapshot") or "0")
        if draft is None or snapshot is None:
            raise Http404
        quoted = Evidence(review=draft, source=snapshot.source, snapshot=snapshot)
        form = QuotationForm(request.POST, instance=quoted)
        if not form.is_valid():
            _say_what_is_wrong(request, form)
            again: dict[str, Any] = {
                "snapshot": snapshot.pk,
                "words": request.POST.get("passage", ""),
            }
            return redirect(f"{request.path}?{urlencode(again)}")
        with transaction.atomic():
            form.save()
            second_person.remember_contributor(draft, request.user)
        messages.success(request, _("The passage is among the sources of the draft."))
        return redirect("admin:claims_claim_change", claim.pk)

    def _stored_passage(self, form: PassageForm) -> bool:
        """Store the passage, unless somebody stored the same since the form was checked."""
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error(None, _("This passage is recorded for the claim already."))
        return form.is_valid()


def _say_what_is_wrong(request: HttpRequest, form: Any) -> None:
    for errors in form.errors.values():
        for sentence in errors:
            messages.error(request, str(sentence))


def _snapshot(claim: Claim, chosen: str) -> Snapshot | None:
    """Return the kept copy that was chosen; without a choice that of the claim, or the newest."""
    snapshots = Snapshot.objects.not_confidential()
    if chosen:
        is_key = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
        return snapshots.filter(pk=chosen).first() if is_key else None
    first = claim.appearances.select_related("snapshot").first()
    return first.snapshot if first else snapshots.order_by("-captured_at", "-pk").first()


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

    def strands(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return what the history of a passage is made of."""
        return [ClaimsEdits(Appearance, id=obj.pk)]

    def numbered(self, row: Any) -> list[Any]:
        """Return the claim, of which the passage is a part."""
        return [row.claim]
