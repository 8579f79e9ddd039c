"""Asking for a correction, suggesting a claim, and the receipts that say what became of it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from claims.matching import Certainty, Match, similar_claims
from claims.models import Claim, Review

from . import limits, sending, telling
from .forms import CorrectionRequestForm, Guarded, MailForm, SuggestionForm
from .models import PrivatePage, Receipt, SuggestionReceipt
from .outcomes import published_because_of, visible_claim_of

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

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a mail address, and ask there whether it is right."""
        form = MailForm(request.POST)
        if form.is_valid() and not limits.may_send(request):
            form.add_error("address", _("That was often. Try again in an hour."))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(mail_form=form), status=400)
        language = get_language() or settings.LANGUAGE_CODE
        telling.ask(self.receipt(), address=form.cleaned_data["address"], language=language)
        return HttpResponseRedirect(f"{request.path}?asked=1#mail")

    def receipt(self) -> PrivatePage:
        """Return the receipt that the address opens. Raises Http404."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the form for a mail address, unless there is nothing more to tell."""
        kwargs.setdefault("mail_form", MailForm())
        kwargs["is_asked"] = "asked" in self.request.GET
        return super().get_context_data(**kwargs)


class ReceiptDetail(ReceiptPage):
    """What became of my request?"""

    template_name = "tips/receipt_page.html"

    def receipt(self) -> Receipt:
        receipts = Receipt.objects.with_token(self.kwargs["token"])
        found: Receipt = get_object_or_404(receipts.select_related("request__review__claim"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Find what was asked, what was answered, and what was published because of it."""
        receipt = self.receipt()
        asked = receipt.request
        correction = published_because_of(asked)
        return super().get_context_data(
            receipt=receipt,
            asked=asked,
            claim=Claim.objects.visible().filter(pk=asked.review.claim_id).first(),
            correction=correction,
            may_be_told=not asked.answer and correction is None,
            **kwargs,
        )


class SuggestionReceiptDetail(ReceiptPage):
    """What became of my suggestion?"""

    template_name = "tips/suggestion_receipt_page.html"

    def receipt(self) -> SuggestionReceipt:
        receipts = SuggestionReceipt.objects.with_token(self.kwargs["token"])
        found: SuggestionReceipt = get_object_or_404(receipts.select_related("suggestion__claim"))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Find what was suggested, and the claim as far as readers see it."""
        receipt = self.receipt()
        suggestion = receipt.suggestion
        claim, recorded = visible_claim_of(suggestion), suggestion.claim
        is_given_up = recorded is not None and recorded.status == Claim.Status.DECLINED
        is_checked = claim is not None and claim.status == Claim.Status.PUBLISHED
        return super().get_context_data(
            receipt=receipt,
            suggestion=suggestion,
            claim=claim,
            is_given_up=is_given_up,
            may_be_told=not (suggestion.answer or is_given_up or is_checked),
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class MailChoice(TemplateView):
    """Shall we write to this address, or forget it? Mail programs that open links do neither."""

    template_name = "tips/mail_page.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the address that the link is about."""
        self.wish = telling.wish_of(kwargs["token"])
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the address, as long as we have it."""
        return super().get_context_data(wish=self.wish, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write to it from now on, or forget it."""
        if self.wish and "forget" in request.POST:
            telling.forget(self.wish)
            self.wish = None
        elif self.wish:
            telling.confirm(self.wish)
        return self.render_to_response(self.get_context_data())
