"""What people read when a page cannot be shown."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, with the sentence that says what to do when we refused the address ourselves."""
    # Django's own refusals (SuspiciousOperation) repeat what was sent; those stay in the log.
    sentence = str(exception) if type(exception) is BadRequest else ""
    # Without the request: its host may be what was refused, and the page must not ask for it.
    page = render_to_string("400.html", {"sentence": sentence, "site_name": settings.SITE_NAME})
    return HttpResponseBadRequest(page)
