"""“Was this checked before?”: asked while a claim is recorded, and on the page of one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.conflicts import ConflictAdmin
from claims.matching import Certainty, Match, similar_claims
from claims.models import Appearance, Claim
from claims.moves import ALLOWED

from .inlines import AppearanceInline

SAME_AS, OWN = "_same_as", "_own"
"""Buttons of the form: the passage belongs to that claim; it is a claim of its own."""
MOST = 4


def alike(text: str, *, but: int | None = None) -> list[Match]:
    """Return the claims, readers’ or not, that are or may be the one that a text makes."""
    found = similar_claims(text, MOST, is_public=False, but=but)
    return [match for match in found if match.certainty != Certainty.NONE]


class ClaimForm(forms.ModelForm):
    """A claim. A new one that was recorded before is held up once, and shown beside it."""

    similar: tuple[Match, ...] = ()

    def clean(self) -> Any:
        """Refuse a new claim much like another, unless the person says that it is its own."""
        cleaned = super().clean()
        text = self.cleaned_data.get("text")
        if text and self.instance.pk is None and OWN not in self.data:
            self.similar = tuple(alike(text))
            if self.similar:
                raise ValidationError(
                    _("See above: this may be recorded already. Nothing was saved yet."),
                    code="similar",
                )
        return cleaned


class SimilarAdmin(ConflictAdmin):
    """Adds to the form of a new claim what it may be the same as, and to a claim what to merge."""

    form = ClaimForm

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Record a claim; or, if it is the same as one that is there, add its passage to that."""
        if request.method == "POST" and SAME_AS in request.POST:
            answer = self._add_to(request, request.POST[SAME_AS])
            if answer is not None:
                return answer
        return super().add_view(request, form_url, extra_context)

    def _add_to(self, request: HttpRequest, key: str) -> HttpResponse | None:
        """Add the passages of the form to a claim, or return None when they cannot be."""
        claim: Claim | None = self.get_object(request, key)
        if claim is None:
            raise Http404
        inline = AppearanceInline(Claim, self.admin_site)
        if not (
            self.has_change_permission(request, claim) and inline.has_add_permission(request, claim)
        ):
            raise PermissionDenied
        formset_class = inline.get_formset(request, claim)
        formset = formset_class(
            request.POST,
            instance=claim,
            prefix=formset_class.get_default_prefix(),
            queryset=Appearance.objects.none(),
        )
        if not formset.is_valid():
            return None
        added = formset.save()
        if added:
            self.log_change(request, claim, _("Added a passage that says the same."))
            messages.success(request, _("The passage was added to this claim."))
        else:
            messages.info(request, _("Here is the claim. You gave no passage, so none was added."))
        return redirect("admin:claims_claim_change", claim.pk)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add the claims that may be the same, while this one can be merged."""
        context = super().page_context(request, row)
        if row.status in ALLOWED["merge"]:
            context["similar"] = alike(row.text, but=row.pk)
            context["may_merge"] = request.user.has_perm("claims.merge_claim")
        return context
