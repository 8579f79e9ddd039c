"""How rows stand in addresses, and addresses as the whole world knows them."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest
from django.urls import register_converter
from django.urls.converters import IntConverter
from django.utils.translation import get_language_from_path, override


class KeyConverter(IntConverter):
    """A row's number as it stands in an address: no leading zeros, no longer than a key can be."""

    regex = "[1-9][0-9]{0,17}"


register_converter(KeyConverter, "key")


def prefix_of(language: str | None) -> str:
    """Return what addresses of pages in this language begin with: "/fr", or "" for the site's."""
    return "" if language in (None, settings.LANGUAGE_CODE) else f"/{language}"


def neutral_path(path: str) -> str:
    """Return the path of the page in the site's own language: /claims/7/ for /fr/claims/7/."""
    return path[len(prefix_of(get_language_from_path(path))) :]


def for_programs() -> AbstractContextManager[None]:
    """Speak the site's own language meanwhile, so that what programs keep is one thing.

    A page in French holds the same ClaimReview, card and frame as the one in English.
    """
    return override(settings.LANGUAGE_CODE)


def origin_of(request: HttpRequest) -> str:
    """Return the public scheme and host, such as https://facts.example, without a slash."""
    return str(settings.SITE_URL) or request.build_absolute_uri("/")[:-1]
