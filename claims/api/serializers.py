"""What programs read of each row. Fields are always listed; what is unknown is null."""

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from sources.models import Link, Source

from ..models import Appearance, Claim, Correction, Evidence, Rating, Review, Speaker, Topic


class KnownSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A row in which what is unknown is null, never an empty string."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the fields, with null for what is empty."""
        fields = super().to_representation(instance)
        return {name: None if value == "" else value for name, value in fields.items()}


@extend_schema_field({"type": "string", "format": "uri"})
class PageURLField(serializers.Field):  # type: ignore[type-arg]
    """The address of the page on which readers see the row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        """Return the absolute address."""
        address: str = self.context["request"].build_absolute_uri(value.get_absolute_url())
        return address


def _url(view: str, **kwargs: Any) -> Any:
    return serializers.HyperlinkedIdentityField(view_name=f"v1:{view}-detail", **kwargs)


class RatingSerializer(KnownSerializer):
    """A step of the scale."""

    url = _url("rating", lookup_field="slug")

    class Meta:
        model = Rating
        fields = [
            "url", "slug", "alternate_name", "rating_value", "definition", "test", "is_retired",
        ]  # fmt: skip


class TopicSerializer(KnownSerializer):
    """A subject."""

    url = _url("topic", lookup_field="slug")

    class Meta:
        model = Topic
        fields = ["url", "slug", "name"]


class SpeakerSerializer(KnownSerializer):
    """Who makes claims."""

    url = _url("speaker", lookup_field="slug")
    page_url = PageURLField()

    class Meta:
        model = Speaker
        fields = [
            "url", "page_url", "slug", "kind", "name", "description", "affiliation", "same_as",
        ]  # fmt: skip


class SourceSerializer(KnownSerializer):
    """A document. `address` is where it was published; `url` is this resource."""

    url = _url("source")
    page_url = PageURLField()
    address = serializers.CharField(source="url", allow_null=True)
    publisher = serializers.CharField(source="publisher.name", default=None, allow_null=True)
    publisher_interests = serializers.CharField(
        source="publisher.interests", default=None, allow_null=True
    )
    based_on = serializers.HyperlinkedRelatedField(view_name="v1:source-detail", read_only=True)
    link_state = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = [
            "url", "page_url", "id", "kind", "title", "address", "publisher",
            "publisher_interests", "author", "published_on", "language", "based_on",
            "access_note", "link_state", "interest", "is_confidential", "retracted_on",
            "retraction_note",
        ]  # fmt: skip

    @extend_schema_field({"type": ["string", "null"], "enum": [*Link.State.values, None]})
    def get_link_state(self, source: Source) -> str | None:
        """Return how its address answers, null where there is none or nobody looked."""
        link = getattr(source, "link", None) if source.url else None
        return link.state if link else None


class SourceDetailSerializer(SourceSerializer):
    """A document with its copy at the Internet Archive, which parts of other rows leave out."""

    public_copy = serializers.URLField(source="public_copy_url", allow_null=True, read_only=True)

    class Meta(SourceSerializer.Meta):
        fields = [*SourceSerializer.Meta.fields, "public_copy"]


class EvidenceSerializer(KnownSerializer):
    """What a source shows in a review."""

    source = SourceSerializer()
    snapshot_sha256 = serializers.CharField(
        source="public_snapshot.sha256", default=None, allow_null=True
    )

    class Meta:
        model = Evidence
        fields = [
            "stance", "is_primary", "summary", "passage", "prefix", "suffix", "start", "end",
            "passage_language", "translation", "note", "source", "snapshot_sha256",
        ]  # fmt: skip

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the fields; of a confidential source nothing of its copy but the passage."""
        fields = super().to_representation(instance)
        if instance.source.is_confidential:
            fields |= dict.fromkeys(("prefix", "suffix", "start", "end"))
        return fields


class CorrectionSerializer(KnownSerializer):
    """The public note of what changed."""

    class Meta:
        model = Correction
        fields = ["kind", "note", "published_at"]


class BlindRatingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What a second person rated without seeing the first rating, and how a difference ended."""

    by = serializers.CharField()
    rating = serializers.SlugField(source="rating.slug")
    first_rating = serializers.SlugField(source="first_rating.slug")
    resolution = serializers.CharField(allow_null=True)


class ReviewSerializer(KnownSerializer):
    """A published version of our check of a claim."""

    url = _url("review")
    claim = serializers.HyperlinkedRelatedField(view_name="v1:claim-detail", read_only=True)
    rating = RatingSerializer()
    labels = serializers.ListField(child=serializers.CharField())
    author = serializers.StringRelatedField()
    approver = serializers.StringRelatedField()
    evidence = EvidenceSerializer(many=True)
    corrections = CorrectionSerializer(many=True)
    blind_rating = BlindRatingSerializer(
        source="content.blind_rating", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Review
        fields = [
            "url", "id", "claim", "number", "rating", "labels", "finding", "rationale", "as_of",
            "confidence", "what_would_change", "look_again_on", "author", "approver",
            "published_at", "evidence", "corrections", "blind_rating",
        ]  # fmt: skip


class AppearanceSerializer(KnownSerializer):
    """The passage where a claim was made."""

    article = serializers.HyperlinkedRelatedField(
        view_name="v1:article-detail", source="snapshot.source", read_only=True
    )
    snapshot_sha256 = serializers.CharField(source="snapshot.sha256")
    captured_at = serializers.DateTimeField(source="snapshot.captured_at")

    class Meta:
        model = Appearance
        fields = [
            "article", "snapshot_sha256", "captured_at", "exact", "prefix", "suffix", "start",
            "end", "attribution", "speaker_role", "reported_by", "attribution_note",
        ]  # fmt: skip


class ClaimSerializer(KnownSerializer):
    """A claim with where it was made and, once there is one, our verdict."""

    url = _url("claim")
    page_url = PageURLField()
    speaker = SpeakerSerializer(allow_null=True)
    topics = TopicSerializer(many=True)
    appearances = AppearanceSerializer(many=True)
    review = serializers.SerializerMethodField()
    sources_being_read = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = [
            "url", "page_url", "id", "text", "kind", "status", "language", "speaker", "stated_on",
            "topics", "selection_reason", "what_would_settle", "listed_at", "appearances",
            "review", "sources_being_read",
        ]  # fmt: skip

    @extend_schema_field(ReviewSerializer(allow_null=True))
    def get_review(self, claim: Claim) -> dict[str, Any] | None:
        """Return the verdict that stands, or null."""
        review = claim.current_review if claim.status == Claim.Status.PUBLISHED else None
        return self._reviews.to_representation(review) if review else None

    @cached_property
    def _reviews(self) -> ReviewSerializer:
        # One for all claims of a list: to make its fields takes longer than to fill them.
        return ReviewSerializer(context=self.context)

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uri"}})
    def get_sources_being_read(self, claim: Claim) -> list[str]:
        """Return the documents a claim in review is checked against: no stance, no note."""
        return [
            reverse("v1:source-detail", [source], request=self.context["request"])
            for source in claim.sources_being_read
        ]


class AnnotationSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A passage of an article and the claim it makes."""

    claim = serializers.HyperlinkedRelatedField(view_name="v1:claim-detail", read_only=True)

    class Meta:
        model = Appearance
        fields = ["claim", "exact", "prefix", "suffix", "start", "end"]


class ArticleSerializer(SourceSerializer):
    """A document in which claims were made."""

    url = _url("article")
    page_url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_page_url(self, source: Source) -> str:
        """Return the page that shows the article with its claims marked."""
        return str(reverse("article", [source.pk], request=self.context["request"]))


class ArticleDetailSerializer(ArticleSerializer):
    """An article with its text and every claim in it."""

    text = serializers.CharField(source="marked_snapshot.text")
    sha256 = serializers.CharField(source="marked_snapshot.sha256")
    captured_at = serializers.DateTimeField(source="marked_snapshot.captured_at")
    annotations = AnnotationSerializer(many=True, source="marked_appearances")

    class Meta(SourceSerializer.Meta):
        fields = [*SourceSerializer.Meta.fields, "text", "sha256", "captured_at", "annotations"]
