"""Who publishes these checks, as schema.org has it (NewsMediaOrganization)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from .addresses import for_programs, neutral_path
from .models import AboutPage


def organization(pages: Iterable[AboutPage], *, origin: str) -> dict[str, Any]:
    """Return the publisher with the addresses of its policies, as a JSON-LD document.

    `pages` are those that readers see; `origin` is the site's scheme and host.
    """
    with for_programs():
        return {
            "@context": "https://schema.org",
            "@type": "NewsMediaOrganization",
            "name": settings.SITE_NAME,
            "url": origin + reverse("home"),
            "masthead": origin + reverse("about"),
            "verificationFactCheckingPolicy": origin + reverse("method"),
            "correctionsPolicy": origin + reverse("corrections"),
            "actionableFeedbackPolicy": origin + reverse("suggest"),
        } | {page.purpose: origin + page.get_absolute_url() for page in pages if page.purpose}


def breadcrumbs(above: list[tuple[str, str]], here: str, *, origin: str) -> dict[str, Any]:
    """Return where a page stands, as a JSON-LD document (Google's rules for BreadcrumbList).

    `above` are the words and addresses of the pages above it, the highest first.
    """
    steps: list[dict[str, Any]] = [
        {"name": word, "item": origin + neutral_path(address)} for word, address in above
    ]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position} | step
            for position, step in enumerate([*steps, {"name": here}], start=1)
        ],
    }
