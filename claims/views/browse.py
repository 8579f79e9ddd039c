"""The lists readers browse, and the pages of speakers and sources."""

from typing import Any, cast

from django.core.exceptions import BadRequest
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.http import urlencode
from django.views.generic import DetailView, TemplateView

from claims import facets, visibility
from claims.addresses import origin_of
from claims.figures import link_states
from claims.filters import ORDERS, ClaimFilter, SourceFilter, SpeakerFilter
from claims.models import AboutPage, Claim, Speaker, Topic
from claims.models.claim import ClaimQuerySet
from claims.organization import organization
from claims.paging import InvalidCursor, Page
from claims.record import record_of
from claims.search import FACETS, NEWEST, NOTHING_ASKED, counted, counts_of, find, marking
from sources.models import Link, Source

from .listing import CURSOR, PAGE_SIZE, FilteredList, address, as_listing, listing_of

MOST_SOURCES_COUNTED = 1000
"""Sources are counted up to here; beyond it the home page says “more than”."""
MOST_IN_PART = 25
"""So many rows in a part of a page that is not the page's own list."""
MOST_CHECKS = 10


class Home(TemplateView):
    """What this is, how much there is of it, and the ways in."""

    template_name = "claims/home_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = counted("status", "rating", "speaker", "topic")
        ways_in = {facet.name: facet for facet in facets.all_facets(counts)}
        claims = Claim.objects.visible().newest_first()
        article = visibility.visible_articles().order_by("-pk")
        sources = visibility.visible_sources()[: MOST_SOURCES_COUNTED + 1].count()
        return super().get_context_data(
            claim_count=sum(counts["status"].values()),
            verdict_count=counts["status"][Claim.Status.PUBLISHED],
            in_review_count=counts["status"][Claim.Status.IN_REVIEW],
            source_count=min(sources, MOST_SOURCES_COUNTED),
            has_more_sources=sources > MOST_SOURCES_COUNTED,
            ratings=ways_in["rating"],
            topics=ways_in["topic"],
            speakers=ways_in["speaker"],
            verdicts=claims.published().for_list()[:6],
            in_review=claims.filter(status=Claim.Status.IN_REVIEW)[:5],
            organization=organization(AboutPage.objects.to_read(), origin=origin_of(self.request)),
            article=visibility.with_marked_claims(article).first(),
            **kwargs,
        )


class ClaimList(FilteredList):
    """Every claim that readers may see, newest first, narrowed as they like."""

    template_name = "claims/claim_list_page.html"
    filter_class = ClaimFilter
    order = "-listed_at"

    def get_rows(self) -> QuerySet[Claim]:
        return Claim.objects.visible()

    def for_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return cast(ClaimQuerySet, rows).for_list()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = self.checked_filters()
        chosen = filters.form.cleaned_data
        context = self._found(filters) if filters.is_search else self._all(filters)
        return TemplateView.get_context_data(
            self,
            filters=filters,
            active=[self._active(facet, on) for facet in context["facets"] for on in facet.chosen],
            asked=chosen["q"],
            order=filters.order_of_hits,
            orders=ORDERS if chosen["q"] else ORDERS[1:],
            kept_in_order=self._kept_in_order(),
            feed_query=urlencode(self._kept_in_order()),
            unfiltered_url=address(self.request, ("q", "order")) if chosen["q"] else "",
            **context,
            **kwargs,
        )

    def _all(self, filters: ClaimFilter) -> dict[str, Any]:
        """Return what the page shows when nothing is asked for: rows of the table, newest first."""
        counts = counted(*FACETS)
        return {
            "listing": self.listing_of(filters.qs),
            "found": sum(counts["status"].values()),
            "has_more_than_found": False,
            "facets": facets.all_facets(counts, filters.form.cleaned_data),
        }

    def _found(self, filters: ClaimFilter) -> dict[str, Any]:
        """Return what the page shows of what is asked for. Raises BadRequest."""
        try:
            found = filters.find(size=PAGE_SIZE, cursor=self.request.GET.get(CURSOR))
        except InvalidCursor as error:
            raise BadRequest(str(error)) from error
        rows = found.rows(self.for_list(self.get_rows()))
        if filters.form.cleaned_data["q"]:
            for claim in rows:
                claim.hit = marking.hit_of(claim, found.query)
        page = Page(rows, found.next_cursor, found.previous_cursor)
        return {
            "listing": self.listing_of_page(page),
            "found": found.count,
            "has_more_than_found": found.has_more,
            "is_corrected": found.is_corrected,
            "facets": facets.found_facets(found, filters.form.cleaned_data),
        }

    def _kept_in_order(self) -> list[tuple[str, str]]:
        """Return what a form that changes the order must send along."""
        kept = [name for name in self.filter_class.base_filters if name != "order"]
        return [(name, value) for name in kept for value in self.request.GET.getlist(name) if value]

    def _active(self, facet: facets.Facet, option: facets.Option) -> dict[str, str]:
        """Return a filter that is on, in words, and the address of the list without it."""
        kept = tuple(self.filter_class.base_filters)
        return {
            "title": facet.title,
            "word": option.word,
            "remove_url": address(self.request, kept, without=(facet.name, option.value)),
        }


class ArticleList(TemplateView):
    """The documents that hold the passages of visible claims, newest added first."""

    template_name = "claims/article_list_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        articles = visibility.visible_articles().select_related("publisher")
        listing = listing_of(self.request, visibility.with_marked_claims(articles), order="-pk")
        return super().get_context_data(listing=listing, **kwargs)


class SpeakerList(FilteredList):
    """Who made visible claims, by name."""

    template_name = "claims/speaker_list_page.html"
    filter_class = SpeakerFilter
    order = "name"

    def get_rows(self) -> QuerySet[Speaker]:
        return Speaker.objects.visible()

    def for_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        claims = (
            Claim.objects.visible()
            .filter(speaker=OuterRef("pk"))
            .order_by()
            .values("speaker")
            .annotate(claims=Count("pk"))
        )
        counted: QuerySet[Speaker] = rows.annotate(
            claim_count=Coalesce(Subquery(claims.values("claims")), 0)
        )
        return counted


class SpeakerDetail(DetailView):  # type: ignore[type-arg]
    """What is on record of a speaker, and what cannot be concluded from it."""

    template_name = "claims/speaker_page.html"

    def get_queryset(self) -> QuerySet[Speaker]:
        return Speaker.objects.visible()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claims = Claim.objects.visible().filter(speaker=self.object)
        return super().get_context_data(
            record=record_of(self.object),
            listing=listing_of(self.request, claims.for_list(), order="-listed_at"),
            **kwargs,
        )


class TopicList(TemplateView):
    """What the claims are about, by name."""

    template_name = "claims/topic_list_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listing = listing_of(self.request, Topic.objects.visible(), order="name")
        counts = counts_of("topic", [topic.pk for topic in listing.rows])
        for topic in listing.rows:
            topic.claim_count = counts[topic.pk]
        return super().get_context_data(listing=listing, **kwargs)


class TopicDetail(DetailView):  # type: ignore[type-arg]
    """What do we have on this subject?"""

    template_name = "claims/topic_page.html"

    def get_queryset(self) -> QuerySet[Topic]:
        return Topic.objects.visible()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            found = find(
                NOTHING_ASKED,
                chosen={"topic": [self.object.pk]},
                order=NEWEST,
                size=PAGE_SIZE,
                cursor=self.request.GET.get(CURSOR),
            )
        except InvalidCursor as error:
            raise BadRequest(str(error)) from error
        rows = found.rows(Claim.objects.visible().for_list())
        page = Page(rows, found.next_cursor, found.previous_cursor)
        counts = {name: found.facets[name] for name in ("rating", "speaker")}
        return super().get_context_data(
            listing=as_listing(self.request, page),
            claim_count=counts_of("topic", [self.object.pk])[self.object.pk],
            ways_in=facets.all_facets(counts),
            is_lower_bound=found.has_more,
            **kwargs,
        )


class SourceList(FilteredList):
    """The documents that something public rests on, newest added first."""

    template_name = "claims/source_list_page.html"
    filter_class = SourceFilter
    order = "-pk"

    def get_rows(self) -> QuerySet[Source]:
        return visibility.visible_sources()

    def for_list(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        counted = visibility.with_marked_claims(visibility.with_citing_claims(rows))
        told = visibility.with_primary(visibility.with_newest_copy(counted))
        return told.select_related("publisher", "link")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(links=link_states(), **kwargs)


class SourceDetail(DetailView):  # type: ignore[type-arg]
    """One document: where it is, what we kept of it and which claims rest on it."""

    template_name = "claims/source_page.html"
    context_object_name = "source"

    def get_queryset(self) -> QuerySet[Source]:
        sources = visibility.with_public_copy(visibility.visible_sources())
        return sources.select_related("publisher", "link")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.object
        evidence = visibility.published_evidence().filter(source=source)
        visible = visibility.visible_sources()
        return super().get_context_data(
            listing=listing_of(
                self.request,
                evidence.select_related("review__claim", "review__rating"),
                order="-pk",
            ),
            reading=visibility.claims_reading(source)[:MOST_IN_PART],
            appearing=visibility.claims_appearing_in(source).for_list()[:MOST_IN_PART],
            snapshots=visibility.copies_of(source)[:MOST_IN_PART],
            lead=visibility.copy_to_lead_with(source) if _is_gone(source) else None,
            checks=visibility.link_checks_of(source)[:MOST_CHECKS],
            based_on=visible.filter(derived=source).first(),
            derived=visible.filter(based_on=source).order_by("title", "pk")[:MOST_IN_PART],
            **kwargs,
        )


def _is_gone(source: Source) -> bool:
    link = getattr(source, "link", None)
    return link is not None and link.state == Link.State.GONE
