"""Which rows programs may read: the same as readers."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.db.models import Prefetch, QuerySet
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import viewsets

from sources.models import Source

from .. import visibility
from ..filters import ClaimFilter, SourceFilter, SpeakerFilter
from ..models import Claim, Rating, Review, Speaker, Topic
from ..rereading import newest_reading
from . import pagination, serializers

KEY = "[1-9][0-9]{0,17}"
SLUG = "[-a-zA-Z0-9_]{1,200}"


class Claims(viewsets.ReadOnlyModelViewSet[Claim]):
    """Claims in review or with a verdict, newest first."""

    serializer_class = serializers.ClaimSerializer
    filterset_class = ClaimFilter
    lookup_value_regex = KEY
    order = "-listed_at"

    pagination_class = pagination.FoundPagination

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.visible().for_display().with_open_reviews()


class Reviews(viewsets.ReadOnlyModelViewSet[Review]):
    """The verdicts that stand, newest first."""

    serializer_class = serializers.ReviewSerializer
    lookup_value_regex = KEY
    order = "-published_at"

    def get_queryset(self) -> QuerySet[Review]:
        evidence = visibility.published_evidence().defer("snapshot__text")
        evidence = evidence.select_related("source__publisher", "source__link", "snapshot")
        return (
            Review.objects.published()
            .filter(claim__status=Claim.Status.PUBLISHED)
            .select_related("rating", "author", "approver")
            .prefetch_related("corrections", Prefetch("evidence", evidence))
        )


class Speakers(viewsets.ReadOnlyModelViewSet[Speaker]):
    """Who made the claims, by name."""

    serializer_class = serializers.SpeakerSerializer
    filterset_class = SpeakerFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    order = "name"

    def get_queryset(self) -> QuerySet[Speaker]:
        return Speaker.objects.visible()


class Topics(viewsets.ReadOnlyModelViewSet[Topic]):
    """What the claims are about, by name."""

    serializer_class = serializers.TopicSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG
    order = "name"

    def get_queryset(self) -> QuerySet[Topic]:
        return Topic.objects.visible()


class Sources(viewsets.ReadOnlyModelViewSet[Source]):
    """The documents that something public rests on, newest added first."""

    serializer_class = serializers.SourceDetailSerializer
    filterset_class = SourceFilter
    lookup_value_regex = KEY
    order = "-pk"

    def get_queryset(self) -> QuerySet[Source]:
        sources = visibility.with_public_copy(visibility.visible_sources())
        return sources.select_related("publisher", "link")


class Articles(viewsets.ReadOnlyModelViewSet[Source]):
    """The documents in which the claims were made, newest added first."""

    lookup_value_regex = KEY
    order = "-pk"

    def get_queryset(self) -> QuerySet[Source]:
        return visibility.visible_articles().select_related("publisher", "link")

    def get_serializer_class(self) -> Any:
        """Return the serializer with the text for one article, without it for the list."""
        if self.action == "retrieve":
            return serializers.ArticleDetailSerializer
        return serializers.ArticleSerializer

    def get_object(self) -> Source:
        """Return the article with its text and the passages of its claims."""
        article: Any = super().get_object()
        reading = newest_reading(article)
        article.marked_snapshot = reading.snapshot
        article.marked_appearances = reading.standing
        return article  # type: ignore[no-any-return]


class Ratings(viewsets.ReadOnlyModelViewSet[Rating]):
    """The newsroom's scale, in its order; retired ratings included."""

    queryset = Rating.objects.all()
    serializer_class = serializers.RatingSerializer
    lookup_field = "slug"
    lookup_value_regex = SLUG
    order = "position"


# Swagger UI sets style attributes, draws icons from data: addresses and fetches the schema.
@method_decorator(
    csp_update({"style-src": [UNSAFE_INLINE], "img-src": ["data:"], "connect-src": [SELF]}),
    name="dispatch",
)
@extend_schema(exclude=True)
class Docs(SpectacularSwaggerSplitView):
    """A page on which people read and try the API."""

    url_name = "v1:schema"
