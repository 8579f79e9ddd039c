"""In which language a page is read: its address says, and the choice is remembered.

Why so: docs/decisions/0018-languages.md.
"""

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import is_valid_path
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import (
    activate,
    deactivate,
    get_language,
    get_language_from_path,
    get_language_info,
)
from django.views.decorators.http import require_safe

from claims.addresses import neutral_path, prefix_of

DESKS = ("/admin/", "/accounts/")
"""Where colleagues work. These addresses have one form, in the language that was chosen."""
SECONDS_REMEMBERED = 365 * 24 * 3600


def path_in(language: str, path: str) -> str:
    """Return the path of the same page in another language, if readers may have it in several."""
    neutral = neutral_path(path)
    return neutral if neutral.startswith((*DESKS, "/api/")) else prefix_of(language) + neutral


def is_neutral_address(path: str) -> bool:
    """Tell whether the choice that a reader made can matter for the answer at this path."""
    return get_language_from_path(path) is None


@cache
def languages() -> list[dict[str, str]]:
    """Return `code` and `name` (in itself) of each language that pages can be read in."""
    return [
        {"code": code, "name": get_language_info(code)["name_local"].capitalize()}
        for code, _name in settings.LANGUAGES
    ]


def _chosen(request: HttpRequest) -> str | None:
    """Return the language that this reader chose before, of those the site has."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return code if code in dict(settings.LANGUAGES) else None


class LanguageMiddleware(LocaleMiddleware):
    """Take the language from the address, and lead readers who chose another one to theirs.

    What a browser says it accepts decides nothing: an address shows every reader the same page.
    """

    def process_request(  # type: ignore[override]
        self, request: HttpRequest
    ) -> HttpResponse | None:
        """Activate the language of this request, or lead to the page in the chosen one."""
        path, chosen = request.path_info, _chosen(request)
        language = get_language_from_path(path) or settings.LANGUAGE_CODE
        if chosen and path.startswith(DESKS):
            language = chosen
        elif chosen and is_neutral_address(path) and request.method in ("GET", "HEAD"):
            activate(chosen)
            there = path_in(chosen, path)
            if there != path and is_valid_path(there):
                query = request.META.get("QUERY_STRING", "")
                address = request.META.get("SCRIPT_NAME", "") + there
                response = HttpResponseRedirect(f"{address}?{query}" if query else address)
                patch_vary_headers(response, ["Cookie"])
                response["Cache-Control"] = "private, no-store"
                return response
        activate(language)
        request.LANGUAGE_CODE = get_language()
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Say in which language the answer is, and that a choice may lead elsewhere."""
        response.headers.setdefault("Content-Language", get_language() or settings.LANGUAGE_CODE)
        if is_neutral_address(request.path_info):
            patch_vary_headers(response, ["Cookie"])
        deactivate()  # what this thread does next is done for somebody else
        return response


@require_safe
def choose_language(request: HttpRequest, language: str) -> HttpResponse:
    """Remember a language, and lead to the page named by `next` in it.

    An address of another site leads to the first page instead. Raises Http404 for a language that
    the site does not have.
    """
    if language not in dict(settings.LANGUAGES):
        raise Http404
    there = request.GET.get("next", "/")
    if not there.startswith("/") or not url_has_allowed_host_and_scheme(there, None):
        there = "/"
    path, question, query = there.partition("?")
    response = HttpResponseRedirect(path_in(language, path) + question + query)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=SECONDS_REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
