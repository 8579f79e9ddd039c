"""What every template knows of the site."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """Return the site's name and the public address of this page, without its query."""
    origin = settings.SITE_URL or request.build_absolute_uri("/")[:-1]
    return {"site_name": settings.SITE_NAME, "canonical_url": origin + request.path}
