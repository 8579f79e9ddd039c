"""Asking for a correction, suggesting a claim, and the receipts that say what became of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from claims.matching import Certainty, Match, similar_claims
from claims.models import Claim, Correction, Review
from claims.visibility import merged_into

from . import limits, sending
from .forms import CorrectionRequestForm, Guarded, SuggestionForm
from .models import CorrectionRequest, Receipt, Suggestion, SuggestionReceipt

MOST_MATCHES = 3
ANYWAY = "anyway"
"""The button that sends a suggestion although it may be checked already."""


@method_decorator(never_cache, name="dispatch")
class Sending(FormView):  # type: ignore[type-arg]
    """A form by which readers send us something, a few times in an hour."""

    def form_valid(self, form: Guarded) -> HttpResponse:
        """Keep what was sent, and show the reader its receipt."""
        if not limits.may_send(self.request):
            form.add_error(
                None,
                _(
                    "Several requests came from your connection within the last hour or day. Your "
                    "words are below: send them later."
                ),
            )
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return HttpResponseRedirect(self.send(form))

    def send(self, form: Guarded) -> str:
        """Keep what was sent, and return the address of its receipt."""
        raise NotImplementedError


class AskForCorrection(Sending):
    """Will you listen?"""

    form_class = CorrectionRequestForm
    template_name = "tips/ask_for_correction_page.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer only for a claim with a verdict that readers saw."""
        self.claim = get_object_or_404(sending.correctable(), pk=kwargs["pk"])
        self.versions = list(sending.versions_of(self.claim))
        if not self.versions:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with the version that is before the reader."""
        return {**super().get_form_kwargs(), "about": self.versions[0].pk}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the claim."""
        return super().get_context_data(claim=self.claim, version=self.versions[0], **kwargs)

    def send(self, form: Guarded) -> str:
        """Keep the request; it is about the version that the reader had before them."""
        by_key = {version.pk: version for version in self.versions}
        version: Review = by_key.get(form.about, self.versions[0])
        said = form.cleaned_data
        return Receipt.address_of(sending.send(version, wrong=said["wrong"], shows=said["shows"]))


class Suggest(Sending):
    """Has it been checked? If not, will you?"""

    form_class = SuggestionForm
    template_name = "tips/suggest_page.html"

    def get_initial(self) -> dict[str, Any]:
        """Begin with the words that were searched for in vain, if any."""
        return {"said": self.request.GET.get("said", "").replace("\0", "")[:200]}

    def form_valid(self, form: Guarded) -> HttpResponse:
        """Show what was checked already, once; else keep the suggestion."""
        if ANYWAY not in self.request.POST and (found := checked_already(form)):
            return self.render_to_response(self.get_context_data(form=form, found=found))
        return super().form_valid(form)

    def send(self, form: Guarded) -> str:
        """Keep the suggestion."""
        told = ("said", "who", "where", "when", "shows")
        token = sending.suggest(**{name: form.cleaned_data[name] for name in told})
        return SuggestionReceipt.address_of(token)


def checked_already(form: Guarded) -> list[Claim]:
    """Return the visible claims, loaded `.for_list()`, that are or may be what a reader heard."""
    matches: list[Match] = similar_claims(form.cleaned_data["said"], MOST_MATCHES)
    keys = [match.claim.pk for match in matches if match.certainty != Certainty.NONE]
    claims = Claim.objects.visible().for_list().in_bulk(keys)
    return [claims[key] for key in keys if key in claims]


@method_decorator(never_cache, name="dispatch")
class ReceiptPage(TemplateView):
    """What became of it? Nothing here tells of work that is not published."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the receipt, whose address no other site is told."""
        response = super().get(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


class ReceiptDetail(ReceiptPage):
    """What became of my request?"""

    template_name = "tips/receipt_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Find what was asked, what was answered, and what was published because of it."""
        receipts = Receipt.objects.with_token(self.kwargs["token"])
        receipt = get_object_or_404(receipts.select_related("request__review"))
        asked = receipt.request
        return super().get_context_data(
            receipt=receipt,
            asked=asked,
            claim=Claim.objects.visible().filter(pk=asked.review.claim_id).first(),
            correction=_published_because_of(asked),
            **kwargs,
        )


class SuggestionReceiptDetail(ReceiptPage):
    """What became of my suggestion?"""

    template_name = "tips/suggestion_receipt_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Find what was suggested, and the claim as far as readers see it."""
        receipts = SuggestionReceipt.objects.with_token(self.kwargs["token"])
        receipt = get_object_or_404(receipts.select_related("suggestion__claim"))
        claim = receipt.suggestion.claim
        return super().get_context_data(
            receipt=receipt,
            suggestion=receipt.suggestion,
            claim=_visible_claim_of(receipt.suggestion),
            is_given_up=claim is not None and claim.status == Claim.Status.DECLINED,
            **kwargs,
        )


def _visible_claim_of(suggestion: Suggestion) -> Claim | None:
    """Return the claim of a suggestion, or the one it was merged into, if readers see it."""
    if suggestion.claim_id is None:
        return None
    keys = [suggestion.claim_id, merged_into(suggestion.claim_id)]
    return Claim.objects.visible().for_list().filter(pk__in=[key for key in keys if key]).first()


def _published_because_of(asked: CorrectionRequest) -> Correction | None:
    """Return the public note of the new version that was begun because of a request, if any."""
    if asked.new_version_id is None:
        return None
    return (
        Correction.objects.visible()
        .exclude(kind=Correction.Kind.RETRACTION)
        .filter(review=asked.new_version_id)
        .select_related("review")
        .first()
    )
