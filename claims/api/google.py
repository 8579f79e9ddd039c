"""Google’s Fact Check Tools API, so that programs made for it read us unchanged.

Discovery document factchecktools v1alpha1, revision 20240929: `claims:search`, and `pages` to read.
Fields without a value are left out, as in the JSON of protocol buffers (proto3). All is in English,
as Google’s is.
"""

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views import View

from .. import search
from ..addresses import neutral_path
from ..models import Claim
from ..paging import InvalidCursor
from ..search.facet_values import language_of
from ..search.finding import MOST_RANKED, NEWEST, RELEVANCE, Found
from .field_mask import InvalidMask, Mask, masked, parse
from .google_documents import (
    Document,
    bare_site,
    claim_document,
    known_fields,
    page_document,
    site_of,
)

DEFAULT_SIZE, MOST = 10, 100
COMMON = {
    "$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint",
    "quotaUser", "uploadType", "upload_protocol",
}  # fmt: skip
"""What Google takes with every request. Nobody needs a key here."""
PAGED = {"pageSize", "pageToken", "offset"}
SAME = ("query", "languageCode", "reviewPublisherSiteFilter", "maxAgeDays")
"""What stays as it was from page to page."""
EXTRAS = "extras"
"""Our own: with `extras=true` a review carries what Google has no field for."""


class Refused(Exception):
    """What was asked for cannot be answered. The sentence says what to do."""

    def __init__(self, sentence: str, code: int = 400, status: str = "INVALID_ARGUMENT") -> None:
        super().__init__(sentence)
        self.code, self.status = code, status


class GoogleView(View):
    """An address of Google’s API: its parameters, its form of answers and of errors."""

    known: frozenset[str] = frozenset()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer, or say in Google’s form why not."""
        try:
            if request.method not in ("GET", "HEAD"):
                raise Refused("This site is only read.", 405, "UNIMPLEMENTED")
            self._check_common()
            mask = self._mask()
            return self._json(masked(self.answer(**kwargs), mask))
        except Refused as error:
            told = {"code": error.code, "message": str(error), "status": error.status}
            return self._json({"error": told}, error.code)

    def answer(self, **kwargs: Any) -> Document:
        """Return the document. Raises Refused."""
        raise NotImplementedError

    def text(self, name: str) -> str:
        """Return a parameter, "" where it is not given. Raises Refused for one given twice."""
        given = self.request.GET.getlist(name)
        if len(given) > 1:
            raise Refused(f"Give {name} once.")
        return given[0] if given else ""

    def number(self, name: str, *, least: int = 0) -> int | None:
        """Return a whole number (int32), None where it is not given. Raises Refused."""
        text = self.text(name)
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,10}", text) or not least <= int(text) < 2**31:
            raise Refused(f"{name} is a whole number from {least} to {2**31 - 1}.")
        return int(text)

    def size(self) -> int:
        """Return how many results a page has, never more than MOST."""
        return min(self.number("pageSize") or DEFAULT_SIZE, MOST)

    def read_token(self, *names: str) -> str | None:
        """Return the cursor of a page token. Raises Refused unless all else is as it was."""
        token = self.text("pageToken")
        if not token:
            return None
        try:
            digest, cursor = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        except (ValueError, TypeError) as error:
            raise Refused("pageToken is not one of ours: begin at the first page.") from error
        if digest != self._digest(names) or not isinstance(cursor, str):
            raise Refused("With a pageToken all other fields stay as they were.")
        return cursor

    def write_token(self, cursor: str | None, *names: str) -> str | None:
        """Return the token of the page at a cursor."""
        if cursor is None:
            return None
        content = json.dumps([self._digest(names), cursor]).encode()
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    def _mask(self) -> Mask:
        try:
            return parse(self.text("fields")) if self.text("fields") else {}
        except InvalidMask as error:
            sentence = "fields is a list of names, such as claims(text,claimReview/url)."
            raise Refused(sentence) from error

    def _digest(self, names: tuple[str, ...]) -> str:
        asked = json.dumps([self.request.GET.get(name, "") for name in names])
        return hashlib.sha256(asked.encode()).hexdigest()[:12]

    def _check_common(self) -> None:
        known = self.known | COMMON
        for name in self.request.GET:
            if name not in known:
                raise Refused(f"There is no parameter {name[:80]!r} here.")
        if self.request.GET.get("alt", "json") != "json":
            raise Refused("Only alt=json is answered here.")
        if "callback" in self.request.GET:
            raise Refused("No script is answered here: ask for JSON, from any site.")

    def _json(self, document: Document, status: int = HTTPStatus.OK) -> JsonResponse:
        is_pretty = self.request.GET.get("prettyPrint", "true") != "false"
        style: dict[str, Any] = {"ensure_ascii": False, "indent": 2 if is_pretty else None}
        response = JsonResponse(document, status=status, json_dumps_params=style)
        response["Access-Control-Allow-Origin"] = "*"
        return response


class ClaimSearch(GoogleView):
    """`GET /v1alpha1/claims:search`: claims with a verdict that stands."""

    known = frozenset(PAGED | {EXTRAS, *SAME})

    def answer(self, **kwargs: Any) -> Document:
        """Return `claims` and `nextPageToken`, each where there is any."""
        text, site = self.text("query").replace("\0", " "), self.text("reviewPublisherSiteFilter")
        if not text.strip() and not site:
            raise Refused("Give a query, or a reviewPublisherSiteFilter.")
        oldest = self._oldest()
        # Age is told by the newer of two dates, and a claim is never newer than its review.
        order = RELEVANCE if text.strip() and oldest is None else NEWEST
        offset = self.number("offset") or 0
        cursor = self.read_token(*SAME)
        skipped = 0 if cursor else min(offset, MOST_RANKED)
        if site and bare_site(site) != site_of(self.request):
            return {}
        found = self._find(text, order, self.size() + skipped, cursor)
        rows = Claim.objects.published()
        with_extras = self.text(EXTRAS) == "true"
        claims = found.rows(rows.for_display() if with_extras else rows.for_list())[skipped:]
        young = [claim for claim in claims if oldest is None or _reviewed_at(claim) >= oldest]
        is_over = len(young) < len(claims) or offset > MOST_RANKED
        token = None if is_over else self.write_token(found.next_cursor, *SAME)
        told = [claim_document(each, self.request, with_extras=with_extras) for each in young]
        return known_fields(
            {"claims": told if offset <= MOST_RANKED else [], "nextPageToken": token}
        )

    def _find(self, text: str, order: str, size: int, cursor: str | None) -> Found:
        chosen: dict[str, Any] = {"status": [Claim.Status.PUBLISHED]}
        if code := self.text("languageCode"):
            try:
                chosen["language"] = [language_of(code)]
            except ValueError as error:
                raise Refused("languageCode is a language tag, such as en-US.") from error
        try:
            query = search.parse(text)
            if text.strip() and query == search.NOTHING_ASKED:
                raise Refused("The query holds no letter and no digit.")
            return search.find(query, chosen=chosen, order=order, size=size, cursor=cursor)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        except InvalidCursor as error:
            raise Refused("pageToken is not one of ours: begin at the first page.") from error

    def _oldest(self) -> datetime | None:
        days = self.number("maxAgeDays")
        if not days:
            return None
        return timezone.now() - timedelta(days=min(days, 366 * 1000))


class Pages(GoogleView):
    """`GET /v1alpha1/pages`: the markup of our pages, one ClaimReview on each."""

    known = frozenset(PAGED | {"url", "organization"})

    def answer(self, **kwargs: Any) -> Document:
        """Return the page at `url`, or those of this site when it is the `organization`."""
        url, organization = self.text("url"), self.text("organization")
        if bool(url) == bool(organization):
            raise Refused("Give either url or organization.")
        published = Claim.objects.published()
        if url:
            key = _claim_at(url, self.request)
            pages = [
                page_document(each, self.request)
                for each in published.for_display().filter(pk=key or 0)
            ]
            return known_fields({"claimReviewMarkupPages": pages})
        if bare_site(organization) != site_of(self.request):
            return {}
        offset, cursor = self.number("offset") or 0, self.read_token("organization")
        before = _key(cursor) if cursor else None
        rows = published.for_display().order_by("-pk")
        rows = rows.filter(pk__lt=before) if before else rows
        start = 0 if cursor else min(offset, MOST_RANKED)
        size = self.size()
        listed = list(rows[start : start + size + 1])
        last = str(listed[size - 1].pk) if len(listed) > size else None
        pages = [page_document(each, self.request) for each in listed[:size]]
        token = self.write_token(last, "organization")
        return known_fields({"claimReviewMarkupPages": pages, "nextPageToken": token})


class PageOfClaim(GoogleView):
    """`GET /v1alpha1/pages/7`: the markup of one page."""

    def answer(self, **kwargs: Any) -> Document:
        """Return the page."""
        claim = Claim.objects.published().for_display().filter(pk=kwargs["pk"]).first()
        if claim is None:
            raise Refused("There is no such page.", 404, "NOT_FOUND")
        return page_document(claim, self.request)


class NoSuchMethod(GoogleView):
    """What Google has and we have not."""

    def answer(self, **kwargs: Any) -> Document:
        """Say so."""
        raise Refused("There is no such method here.", 404, "NOT_FOUND")

    def _check_common(self) -> None:
        """Its parameters do not matter."""


def _key(cursor: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,17}", cursor):
        raise Refused("pageToken is not one of ours: begin at the first page.")
    return int(cursor)


def _claim_at(url: str, request: HttpRequest) -> int | None:
    try:
        parts = urlsplit(url)
        if bare_site(parts.netloc) != site_of(request):
            return None
        found = resolve(neutral_path(parts.path))
    except (ValueError, Resolver404):
        return None
    return found.kwargs["pk"] if found.view_name == "claim" else None


def _reviewed_at(claim: Claim) -> datetime:
    at: datetime = claim.current_review.published_at
    return at
