"""The versions of a verdict, what changed between them, and every correction."""

from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView, View

from claims.addresses import origin_of
from claims.citing import as_bibtex, as_csl
from claims.models import Claim, Correction, Review
from claims.versions import content_as_published, differences, for_readers

from .cards import card_address
from .listing import listing_of


def _versions() -> QuerySet[Review]:
    return Review.objects.visible().select_related("claim", "rating", "author", "approver")


def _in_the_language_of_the_page(version: Review) -> dict[str, Any]:
    """Return what readers saw of a version, its rating translated if that still says the same."""
    content = for_readers(content_as_published(version))
    told, rating = content["rating"], version.rating
    if told and rating and told["alternate_name"] == rating.alternate_name:
        told["alternate_name"] = str(rating)
        if told["definition"] == rating.definition:
            told["definition"] = rating.shown_definition
    return content


class VersionDetail(DetailView):  # type: ignore[type-arg]
    """What did this version say?"""

    template_name = "claims/version_page.html"
    context_object_name = "version"

    def get_object(self, queryset: Any = None) -> Review:
        return get_object_or_404(_versions(), claim=self.kwargs["pk"], number=self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        numbers = sorted(
            Review.objects.visible()
            .filter(claim=self.object.claim_id)
            .values_list("number", flat=True)
        )
        # What stands now, whichever version is read: a shared picture is seen apart from its page.
        claim = Claim.objects.visible().for_card().filter(pk=self.object.claim_id).first()
        return super().get_context_data(
            content=_in_the_language_of_the_page(self.object),
            numbers=numbers,
            card_url=origin_of(self.request) + card_address(claim),
            **kwargs,
        )


class Changes(TemplateView):
    """What exactly changed between two versions?"""

    template_name = "claims/changes_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim = self.kwargs["pk"]
        versions = {version.number: version for version in _versions().filter(claim=claim)}
        if not versions:
            raise Http404
        newest = max(versions)
        new = self._chosen("to", versions, newest)
        earlier = [number for number in versions if number < new.number]
        old = self._chosen("from", versions, max(earlier, default=new.number))
        return super().get_context_data(
            claim=new.claim,
            old=old,
            new=new,
            numbers=sorted(versions),
            differences=differences(
                *(for_readers(content_as_published(version)) for version in (old, new))
            ),
            **kwargs,
        )

    def _chosen(self, name: str, versions: dict[int, Review], otherwise: int) -> Review:
        asked = self.request.GET.get(name, str(otherwise))
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
        if number not in versions:
            known = ", ".join(map(str, sorted(versions)))
            raise BadRequest(
                _("This claim has no such version. Choose from %(known)s.") % {"known": known}
            )
        return versions[number]


class CorrectionList(TemplateView):
    """Where were you wrong, and what did you do about it?"""

    template_name = "claims/correction_list_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        corrections = Correction.objects.visible().select_related("review__claim")
        return super().get_context_data(
            listing=listing_of(self.request, corrections, order="-published_at"), **kwargs
        )


class Citation(View):
    """How do I cite this version?"""

    def get(self, request: HttpRequest, pk: int, number: int, form: str) -> HttpResponse:
        """Return the version as BibTeX, or as CSL-JSON, to be kept as a file."""
        version = get_object_or_404(_versions(), claim=pk, number=number)
        cited = {
            "content": for_readers(content_as_published(version)),
            "address": origin_of(request) + reverse("version", args=[pk, number]),
            "site": settings.SITE_NAME,
        }
        if form == "bib":
            response = HttpResponse(
                as_bibtex(version, **cited), content_type="application/x-bibtex; charset=utf-8"
            )
        else:
            response = JsonResponse(
                [as_csl(version, **cited)],
                safe=False,
                json_dumps_params={"ensure_ascii": False},
                content_type="application/vnd.citationstyles.csl+json",
            )
        name = f"claim-{pk}-v{number}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
