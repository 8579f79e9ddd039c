"""The scheme and host that readers know this site by."""

from django.conf import settings
from django.http import HttpRequest


def origin_of(request: HttpRequest) -> str:
    """Return the public scheme and host, such as https://facts.example, without a slash."""
    return str(settings.SITE_URL) or request.build_absolute_uri("/")[:-1]
