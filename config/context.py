"""What every template knows of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from claims.addresses import neutral_path, origin_of
from claims.views.cards import card_address

from .languages import languages


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's name and card, the public address of this page, and its languages.

    The public address is the one in the site's own language, without the query.
    """
    origin = origin_of(request)
    return {
        "site_name": settings.SITE_NAME,
        "site_notice": settings.NOTICE,
        "origin": origin,
        "canonical_url": origin + neutral_path(request.path),
        "languages": languages(),
        "card_url": origin + card_address(),
    }
