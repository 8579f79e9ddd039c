"""Errors as problem details (RFC 9457): what went wrong, in words and as a lasting code."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ..steps import problems_in

CONTENT_TYPE = "application/problem+json"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem details of an error that a client can mend; None for our own faults.

    `type` is "about:blank" and `title` the words of the status, as RFC 9457 (4.2.1) asks of
    problems that need no page of their own; `code` tells them apart.
    """
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, ValidationError):
        error = _refusal(error)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    wait = getattr(error, "wait", None)
    return Response(
        _problem(error),
        status=error.status_code,
        content_type=CONTENT_TYPE,
        headers={"Retry-After": str(wait)} if wait else None,
    )


class Conflict(exceptions.APIException):
    """The work stands elsewhere than the request supposes."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


STANDS_ELSEWHERE = {"not_allowed", "changed_since_read", "published_since", "open_review"}


def _refusal(refusal: ValidationError) -> exceptions.APIException:
    """Return what a verb refused: 409 when the work moved on, 400 when what was said is at fault.

    The codes are those of the verbs, such as "second_person".
    """
    problems = problems_in(refusal)
    general = problems.get(NON_FIELD_ERRORS)
    if general:
        first, code = general[0], general[0].code or "invalid"
        kind = Conflict if code in STANDS_ELSEWHERE else exceptions.ValidationError
        error = kind(" ".join(sentence for found in general for sentence in found.messages))
        error.detail = exceptions.ErrorDetail(" ".join(first.messages), code)
        error.default_code = code
        return error
    return exceptions.ValidationError(
        {
            name: [
                exceptions.ErrorDetail(sentence, found.code or "invalid")
                for found in errors
                for sentence in found.messages
            ]
            for name, errors in problems.items()
        }
    )


def no_such_address(request: HttpRequest, path: str = "") -> JsonResponse:
    """Answer an address under the API that does not exist."""
    return refusal(exceptions.NotFound())


def refusal(error: exceptions.APIException) -> JsonResponse:
    """Return the problem details of an error that was met outside of the API's own views."""
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
            for field, found in _found_in(detail)
        ]
        problem["detail"] = " ".join(found["detail"] for found in problem["errors"])
    else:
        problem["detail"] = str(detail)
    return problem


def _found_in(detail: Any, place: str = "") -> Iterator[tuple[str, exceptions.ErrorDetail]]:
    """Yield what is wrong, and where: "texts.3" is the fourth of a list in the field “texts”."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _found_in(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _found_in(inner, place)
    else:
        yield place, detail
