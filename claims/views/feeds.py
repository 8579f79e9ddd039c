"""Feeds of claims and of corrections, each as Atom and as JSON."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import SyndicationFeed
from django.utils.translation import gettext as _
from django.views.generic import View

from claims import feeds, search
from claims.addresses import origin_of
from claims.filters import ClaimFilter
from claims.models import Claim, Correction

from .listing import refuse_unless_valid


class Feed(View):
    """What is new, for programs that look often."""

    form = "atom"
    """Of `feeds.FORMATS`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the feed."""
        origin = origin_of(request)
        query = request.META["QUERY_STRING"]
        title, description, list_name = self.words()
        feed = feeds.FORMATS[self.form](
            title=_("%(site)s: %(title)s") % {"site": settings.SITE_NAME, "title": title},
            link=origin + reverse(list_name) + (f"?{query}" if query else ""),
            description=description,
            feed_url=origin + request.get_full_path(),
            language=request.LANGUAGE_CODE,
            author_name=settings.SITE_NAME,
        )
        self.fill(feed, origin)
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

    def words(self) -> tuple[str, str, str]:
        """Return the title of the list, what it is, and the name of its address."""
        raise NotImplementedError

    def fill(self, feed: SyndicationFeed, origin: str) -> None:
        """Add the newest entries."""
        raise NotImplementedError


class ClaimFeed(Feed):
    """The newest claims, narrowed as their list is. Raises BadRequest where that does."""

    def words(self) -> tuple[str, str, str]:
        """Say what claims are."""
        return _("claims"), _("What was said, and what the evidence shows."), "claims"

    def fill(self, feed: SyndicationFeed, origin: str) -> None:
        """Add the newest claims that the filters leave."""
        asked: Any = self.request.GET.copy()
        asked.pop("order", None)  # a feed has one order, whatever the list it was found on has
        asked["order"] = search.NEWEST
        filters = ClaimFilter(asked, queryset=Claim.objects.visible(), request=self.request)
        refuse_unless_valid(filters)
        found = filters.find(size=feeds.MOST_ENTRIES)
        feeds.add_claims(feed, found.rows(Claim.objects.visible().for_list()), origin)


class CorrectionFeed(Feed):
    """The newest corrections."""

    def words(self) -> tuple[str, str, str]:
        """Say what corrections are."""
        return (
            _("corrections"),
            _("What we changed in published verdicts, and why."),
            "corrections",
        )

    def fill(self, feed: SyndicationFeed, origin: str) -> None:
        """Add the newest notes."""
        corrections = Correction.objects.visible().for_display()[: feeds.MOST_ENTRIES]
        feeds.add_corrections(feed, corrections, origin)
