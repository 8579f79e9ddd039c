"""What every template knows of the site."""

from django.conf import settings
from django.http import HttpRequest

from claims.views.origin import origin_of


def site(request: HttpRequest) -> dict[str, str]:
    """Return the site's name and the public address of this page, without its query."""
    return {"site_name": settings.SITE_NAME, "canonical_url": origin_of(request) + request.path}
