"""What people read when a page cannot be shown."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, with the sentence that says what to do when we refused the address ourselves."""
    # Django's own refusals (SuspiciousOperation) repeat what was sent; those stay in the log.
    sentence = str(exception) if type(exception) is BadRequest else ""
    return render(request, "400.html", {"sentence": sentence}, status=400)
