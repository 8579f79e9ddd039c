"""What search engines and people who look for holes read: sitemaps, robots.txt, security.txt."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from claims import sitemaps
from claims.addresses import origin_of

SECURITY_TEXT_LASTS = timedelta(days=180)
CLOSED = (
    "/admin/", "/accounts/", "/api/", "/claims/suggestions/", "/claims/feed", "/language/",
    "/v1alpha1/",
)  # fmt: skip
"""Where search engines find nothing for readers. What is private is not named here."""


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Return the addresses of all sitemaps."""
    origin = origin_of(request)
    addresses = [origin + reverse("sitemap", args=part) for part in sitemaps.parts()]
    addresses.append(origin + reverse("sitemap-news"))
    return _xml(request, "claims/sitemap_index.xml", {"addresses": addresses})


def sitemap(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Return one part."""
    pages = sitemaps.pages_of(kind, number) if kind in sitemaps.KINDS else None
    if pages is None:
        raise Http404
    return _xml(request, "claims/sitemap.xml", {"pages": pages})


def news_sitemap(request: HttpRequest) -> HttpResponse:
    """Return the verdicts of the last two days."""
    return _xml(request, "claims/sitemap_news.xml", {"reviews": sitemaps.news()})


def robots(request: HttpRequest) -> HttpResponse:
    """Say where search engines may go (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {origin_of(request)}{reverse('sitemap-index')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a hole (RFC 9116); nothing where nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    ends = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TEXT_LASTS
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {ends.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Canonical: {origin_of(request)}{request.path}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _xml(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    context |= {"origin": origin_of(request), "site_name": settings.SITE_NAME}
    return render(request, template, context, content_type="application/xml; charset=utf-8")
