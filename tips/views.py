"""Asking for a correction, and the receipt that says what became of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from claims.models import Claim, Correction, Review

from . import limits, sending
from .forms import CorrectionRequestForm
from .models import CorrectionRequest, Receipt


@method_decorator(never_cache, name="dispatch")
class AskForCorrection(FormView):  # type: ignore[type-arg]
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
        return {**super().get_form_kwargs(), "version": self.versions[0].pk}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the claim."""
        return super().get_context_data(claim=self.claim, version=self.versions[0], **kwargs)

    def form_valid(self, form: CorrectionRequestForm) -> HttpResponse:
        """Keep the request, and show the reader its receipt."""
        if not limits.may_send(self.request):
            return self._too_many(form)
        token = sending.send(
            self._version(form),
            wrong=form.cleaned_data["wrong"],
            shows=form.cleaned_data["shows"],
        )
        return HttpResponseRedirect(Receipt.address_of(token))

    def _version(self, form: CorrectionRequestForm) -> Review:
        """Return the version that the reader had before them; the newest if it is another’s."""
        by_key = {version.pk: version for version in self.versions}
        return by_key.get(form.version, self.versions[0])

    def _too_many(self, form: CorrectionRequestForm) -> HttpResponse:
        form.add_error(
            None,
            _(
                "Several requests came from your connection within the last hour or day. Your "
                "words are below: send them later."
            ),
        )
        return self.render_to_response(self.get_context_data(form=form), status=429)


@method_decorator(never_cache, name="dispatch")
class ReceiptDetail(TemplateView):
    """What became of my request? Nothing here tells of work that is not published."""

    template_name = "tips/receipt_page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the receipt, whose address no other site is told."""
        response = super().get(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

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
