"""What may be kept of an answer, and by whom."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import set_response_etag

ASKED = "claims.may_keep"
"""In the environment of a request: `page_cache` would like to keep its answer."""
KEPT = "claims.kept"
"""There too: the answer is the same for every reader who is not signed in, and has an ETag."""
BROWSERS = "public, no-cache"
"""Keep it, and ask each time whether it is still so: no reader may miss a correction."""
SHARED = "public, max-age=60, stale-while-revalidate=300"
"""For the caches of a content delivery network alone (RFC 9213, RFC 5861)."""
VARIES_BY = {"accept", "cookie"}
"""The headers by which `page_cache` tells answers apart, or does not answer at all."""


def is_for_one_person(cookies: str) -> bool:
    """Tell whether a request with this Cookie header may get an answer that others do not get."""
    # A token against forged forms is none of these: a page that holds one sets its cookie.
    names = (settings.SESSION_COOKIE_NAME, "messages")
    return any(f"{name}=" in cookies for name in names)


class CachingMiddleware(ConditionalGetMiddleware):
    """Say of each answer who may keep it, and answer 304 to who has it.

    A view that says so itself is left alone. Comes first of all, to see every cookie that is set.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add Cache-Control and ETag, and mark what may be answered from memory."""
        if response.has_header("Cache-Control"):
            return super().process_response(request, response)
        cookies = request.META.get("HTTP_COOKIE", "")
        if response.cookies or is_for_one_person(cookies) or "HTTP_AUTHORIZATION" in request.META:
            response["Cache-Control"] = "private, no-store"
            return response
        is_page = response.status_code == 200 and not response.streaming
        if request.method not in ("GET", "HEAD") or not is_page:
            response["Cache-Control"] = "no-cache"
            return response
        response["Cache-Control"] = BROWSERS
        response["CDN-Cache-Control"] = SHARED
        varies = set(re.findall(r"[^\s,]+", response.get("Vary", "").lower()))
        if request.META.get(ASKED) and varies <= VARIES_BY:
            set_response_etag(response)
            request.META[KEPT] = True
            return response
        return super().process_response(request, response)
