"""What other sites show of a claim: a card in a frame, and where to ask for it (oEmbed 1.0)."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic import DetailView, View

from claims import cards, visibility
from claims.addresses import for_programs, neutral_path, origin_of
from claims.models import Claim
from claims.models.claim import ClaimQuerySet

from .cards import card_address

WIDTH = 544
CACHE_AGE = 86_400
"""In seconds, for those who ask: what they get shows what stands whenever somebody looks."""
ABOUT_A_CLAIM = ("claim", "version", "embed")
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@method_decorator(xframe_options_exempt, name="dispatch")
@method_decorator(csp_replace({"frame-ancestors": ["*"]}), name="dispatch")
class Embed(DetailView):  # type: ignore[type-arg]
    """A quick answer elsewhere. The one page that other sites may show in a frame."""

    template_name = "claims/embed_page.html"

    def get_queryset(self) -> ClaimQuerySet:
        return Claim.objects.visible().for_card()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        target = visibility.merged_into(kwargs["pk"])
        if target is not None:
            return redirect("embed", pk=target, permanent=False)  # a merge can be undone
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim: Claim = self.object
        review = claim.current_review if claim.status == Claim.Status.PUBLISHED else None
        return super().get_context_data(review=review, **kwargs)


class OEmbed(View):
    """What stands for the address of a claim on other sites, as JSON or XML.

    Says 501 to another format and 404 to an address that is no claim readers see, be it that there
    is none: nobody is told of a claim that is not public, so nothing is ever answered with 401.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the frame, and what is known of it."""
        kind = request.GET.get("format", "json")
        if kind not in ("json", "xml"):
            return _refusal(_("Ask for format=json or format=xml."), 501)
        address = request.GET.get("url")
        if not address:
            return _refusal(_("Say which claim: url=, with the address of its page."), 400)
        try:
            most = [_pixels(request, name) for name in ("maxwidth", "maxheight")]
        except ValueError:
            return _refusal(_("maxwidth and maxheight are whole numbers of pixels."), 400)
        claim = _claim_at(address, request)
        if claim is None:
            return _refusal(_("There is no claim at this address that could be embedded."), 404)
        answer = _answer(claim, origin_of(request), *most)
        if kind == "json":
            return JsonResponse(answer)
        return HttpResponse(_xml(answer), content_type="text/xml; charset=utf-8")


def frame_of(claim: Claim, origin: str, *, width: int = WIDTH, height: int | None = None) -> str:
    """Return the HTML that shows the card of a visible claim in a frame, as it is at any time."""
    with for_programs():
        return format_html(
            '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"></iframe>',
            origin + reverse("embed", args=[claim.pk]),
            width,
            _height(claim, width) if height is None else height,
            # No rating in it: these words stay on the other site whatever we correct.
            _("Claim %(number)d at %(site)s") % {"number": claim.pk, "site": settings.SITE_NAME},
        )


def discovery(claim: Claim, origin: str) -> dict[str, str]:
    """Return the addresses at which programs that read a claim's page find its frame."""
    with for_programs():
        url = origin + claim.get_absolute_url()
    return {
        kind: f"{origin}{reverse('oembed')}?{urlencode({'url': url, 'format': kind})}"
        for kind in ("json", "xml")
    }


def _refusal(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)


def _pixels(request: HttpRequest, name: str) -> int | None:
    """Return a number of pixels, or None where none is asked. Raises ValueError."""
    asked = request.GET.get(name)
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked)):
        raise ValueError(asked)
    return int(asked)


def _claim_at(address: str, request: HttpRequest) -> Claim | None:
    """Return the visible claim of which this address is a page, or into which it was merged."""
    try:
        parts = urlsplit(address)
        if parts.netloc != urlsplit(origin_of(request)).netloc:
            return None
        found = resolve(neutral_path(parts.path))
    except (ValueError, Resolver404):
        return None
    if parts.scheme not in ("http", "https") or found.view_name not in ABOUT_A_CLAIM:
        return None
    key = found.kwargs["pk"]
    target = visibility.merged_into(key)
    return Claim.objects.visible().for_card().filter(pk=target or key).first()


def _height(claim: Claim, width: int) -> int:
    """Return about how high the card is, so that few have to scroll in it."""
    review = claim.current_review
    words = len(claim.text) * 11 + len(review.finding if review else "") * 9
    return 240 + 28 * (words // max(width - 70, 100) + 1)


def _answer(
    claim: Claim, origin: str, most_width: int | None, most_height: int | None
) -> dict[str, Any]:
    width = min(WIDTH, most_width or WIDTH)
    height = min(_height(claim, width), most_height or 10_000)
    answer = {
        "type": "rich",
        "version": "1.0",
        "title": claim.text,
        "provider_name": settings.SITE_NAME,
        "provider_url": origin + "/",
        "cache_age": CACHE_AGE,
        "html": frame_of(claim, origin, width=width, height=height),
        "width": width,
        "height": height,
    }
    # A picture that is larger than what was asked for must not be offered.
    if (most_width or cards.WIDTH) < cards.WIDTH or (most_height or cards.HEIGHT) < cards.HEIGHT:
        return answer
    return answer | {
        "thumbnail_url": origin + card_address(claim),
        "thumbnail_width": cards.WIDTH,
        "thumbnail_height": cards.HEIGHT,
    }


def _xml(answer: dict[str, Any]) -> str:
    fields = "".join(
        f"<{name}>{escape(_NO_XML.sub('', str(value)))}</{name}>" for name, value in answer.items()
    )
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{fields}</oembed>\n'
