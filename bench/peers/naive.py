"""What a decent developer writes in a day: view sets, nested serializers, `icontains`, numbers.

It tells what the tracker tells, of the same rows, and is not slowed down.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from rest_framework import routers, serializers, viewsets

from claims.models import Appearance, Claim, Evidence, Rating, Review, Speaker, Topic
from claims.rationale import rationale_html
from sources.models import Source

PAGE_SIZE = 25
SHOWN = ("in_review", "published", "retracted")


def shown() -> QuerySet[Claim]:
    """Return the claims of readers, newest first."""
    return Claim.objects.filter(status__in=SHOWN).order_by("-listed_at", "-id")


class SpeakerSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    class Meta:
        model = Speaker
        fields = ["slug", "kind", "name", "description", "affiliation", "same_as"]


class TopicSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    class Meta:
        model = Topic
        fields = ["slug", "name"]


class DocumentSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    publisher = serializers.CharField(source="publisher.name", default=None)
    interests = serializers.CharField(source="publisher.interests", default=None)

    class Meta:
        model = Source
        fields = [
            "id", "kind", "title", "url", "publisher", "interests", "author", "published_on",
            "language", "based_on", "access_note",
        ]  # fmt: skip


class EvidenceSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    source = DocumentSerializer()  # type: ignore[assignment]

    class Meta:
        model = Evidence
        fields = ["stance", "is_primary", "summary", "passage", "note", "source"]


class RatingSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    class Meta:
        model = Rating
        fields = ["slug", "alternate_name", "rating_value", "definition", "test"]


class ReviewSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    rating = RatingSerializer()
    author = serializers.StringRelatedField()  # type: ignore[var-annotated]
    approver = serializers.StringRelatedField()  # type: ignore[var-annotated]
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Review
        fields = [
            "id", "number", "rating", "labels", "finding", "rationale", "as_of", "confidence",
            "what_would_change", "author", "approver", "published_at", "evidence",
        ]  # fmt: skip


class AppearanceSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    article = serializers.IntegerField(source="snapshot.source_id")
    sha256 = serializers.CharField(source="snapshot.sha256")

    class Meta:
        model = Appearance
        fields = [
            "article", "sha256", "exact", "prefix", "suffix", "start", "end", "attribution",
            "speaker_role",
        ]  # fmt: skip


class ClaimSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    speaker = SpeakerSerializer()
    topics = TopicSerializer(many=True)
    appearances = AppearanceSerializer(many=True)
    review = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = [
            "id", "text", "kind", "status", "language", "speaker", "stated_on", "topics",
            "selection_reason", "what_would_settle", "listed_at", "appearances", "review",
        ]  # fmt: skip

    def get_review(self, claim: Claim) -> Any:
        """Return the verdict that stands."""
        review = claim.reviews.filter(status="published").first()
        return review and ReviewSerializer(review).data


class ClaimViewSet(viewsets.ModelViewSet):  # type: ignore[type-arg]
    queryset = shown()
    serializer_class = ClaimSerializer
    permission_classes = ()
    search_fields = ("text", "reviews__finding", "reviews__rationale", "speaker__name")

    def get_queryset(self) -> QuerySet[Claim]:
        """Narrow by rating too."""
        rows = super().get_queryset()
        rating = self.request.GET.get("rating")
        return (
            rows.filter(reviews__rating__slug=rating, reviews__status="published")
            if rating
            else rows
        )


def claim_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a claim with its verdict, its sources, its history and others of its speaker."""
    claim = get_object_or_404(shown(), pk=pk)
    review = claim.reviews.filter(status="published").first()
    related = shown().filter(speaker=claim.speaker).exclude(pk=pk)[:5]
    context = {
        "claim": claim,
        "review": review,
        "rationale": rationale_html(review.rationale) if review else "",
        "related": related,
    }
    return render(request, "claim.html", context)


def claim_list(request: HttpRequest) -> HttpResponse:
    """List the claims with facets and page numbers."""
    page = Paginator(shown(), PAGE_SIZE).get_page(request.GET.get("page"))
    facets = {
        "Rating": Rating.objects.filter(reviews__status="published")
        .annotate(times=Count("reviews")),
        "Topic": Topic.objects.filter(claims__status__in=SHOWN)
        .annotate(times=Count("claims")).order_by("-times")[:8],
        "Speaker": Speaker.objects.filter(claims__status__in=SHOWN)
        .annotate(times=Count("claims")).order_by("-times")[:8],
    }  # fmt: skip
    return render(request, "list.html", {"page": page, "facets": facets})


router = routers.DefaultRouter()
router.register("claims", ClaimViewSet)
urlpatterns = [
    path("api/", include(router.urls)),
    path("claims/", claim_list),
    path("claims/<int:pk>/", claim_page),
]
