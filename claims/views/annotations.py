"""The marks of an article for programs."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views import View

from claims import visibility
from claims.addresses import origin_of
from claims.annotations import CONTENT_TYPE, Annotations, NoSuchPage
from claims.models import Claim
from claims.rereading import newest_reading


class AnnotationList(View):
    """Which passages of this article did we check, as W3C Web Annotations?"""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Return the collection, or the page of it that `page` names."""
        articles = visibility.visible_articles().select_related("link__current")
        article = get_object_or_404(articles, pk=pk)
        found = Annotations(
            article,
            newest_reading(article),
            Claim.objects.visible(),
            origin_of(request),
            request.LANGUAGE_CODE,
        )
        page = _page(request)
        try:
            answer = found.collection() if page is None else found.page(page)
        except NoSuchPage:
            raise Http404(_("There are fewer annotations than that.")) from None
        return JsonResponse(
            answer, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
        )


def _page(request: HttpRequest) -> int | None:
    """Return which page is asked for, None for the collection. Raises BadRequest."""
    asked = request.GET.get("page")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise BadRequest(_("The number of a page is a whole number."))
    return int(asked)
