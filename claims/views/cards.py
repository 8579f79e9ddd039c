"""The cards that others show beside a link to a claim, each at an address of its own for good."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View

from claims.addresses import for_programs
from claims.cards import Card, card_of, picture_of, site_card
from claims.models import Claim

FOR_GOOD = "public, max-age=31536000, immutable"


def card_address(claim: Claim | None = None) -> str:
    """Return where the card of a visible claim is as it is now, or that of the site.

    Takes a claim that was loaded with `.for_card()`, `.for_list()` or `.for_display()`.
    """
    with for_programs():
        site = site_card()
        card = card_of(claim) if claim else site
    if claim is None or card == site:
        return reverse("site-card", args=[site.key])
    return reverse("card", args=[claim.pk, card.key])


class ClaimCard(View):
    """What did we find, in one picture? An old address leads to the card as it is now."""

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """Return the picture."""
        claim = get_object_or_404(Claim.objects.visible().for_card(), pk=pk)
        card = card_of(claim)
        address = card_address(claim)
        return _picture(card) if address == request.path else redirect(address)


class SiteCard(View):
    """The picture beside links to all other pages."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Return the picture."""
        card = site_card()
        return _picture(card) if key == card.key else redirect(card_address())


def _picture(card: Card) -> HttpResponse:
    headers = {"Cache-Control": FOR_GOOD, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture_of(card), content_type="image/png", headers=headers)
