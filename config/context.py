"""What every template knows of the site."""

from django.conf import settings
from django.http import HttpRequest

from claims.views.cards import card_address
from claims.views.origin import origin_of


def site(request: HttpRequest) -> dict[str, str]:
    """Return the site's name and card, and the public address of this page, without its query."""
    origin = origin_of(request)
    return {
        "site_name": settings.SITE_NAME,
        "canonical_url": origin + request.path,
        "card_url": origin + card_address(),
    }
