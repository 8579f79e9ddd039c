"""Errors as problem details (RFC 9457): what went wrong, in words and as a lasting code."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem details of an error that a client can mend; None for our own faults.

    `type` is "about:blank" and `title` the words of the status, as RFC 9457 (4.2.1) asks of
    problems that need no page of their own; `code` tells them apart.
    """
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    return Response(_problem(error), status=error.status_code, content_type=CONTENT_TYPE)


def no_such_address(request: HttpRequest, path: str = "") -> JsonResponse:
    """Answer an address under the API that does not exist."""
    error = exceptions.NotFound()
    return JsonResponse(_problem(error), status=error.status_code, content_type=CONTENT_TYPE)


def _problem(error: exceptions.APIException) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "code": error.default_code,
    }
    # Lists and words say what is wrong with the request as a whole, dictionaries with its fields.
    detail: Any = error.detail
    if isinstance(detail, dict):
        problem["errors"] = [
            {"field": field, "code": found.code, "detail": str(found)}
            for field, found_there in detail.items()
            for found in found_there
        ]
        problem["detail"] = " ".join(found["detail"] for found in problem["errors"])
    else:
        problem["detail"] = str(detail)
    return problem
