"""Which pages may do a little more than the site's Content-Security-Policy allows."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class PagePolicyMiddleware:
    """Relax the policy on a few pages, as far as what they show needs and no further."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if relaxed := _relaxed(request):
            response._csp_update = relaxed  # type: ignore[attr-defined]
        return response


def _relaxed(request: HttpRequest) -> Mapping[str, list[str]] | None:
    if request.path.startswith(reverse("admin:index")):
        policy: Mapping[str, list[str]] = settings.ADMIN_CONTENT_SECURITY_POLICY
        return policy
    name = request.resolver_match.url_name if request.resolver_match else None
    return settings.PAGE_CONTENT_SECURITY_POLICIES.get(name or "")
