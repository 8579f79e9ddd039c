"""“Has this been checked before?” for programs: texts in, ranked claims with their verdicts out."""

import time
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.cache import caches
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.places import place_of

from ..matching import Certainty, Match, is_by_meaning, similar_claims
from ..matching.reading import LONGEST
from ..models import Claim
from .serializers import PageURLField

MOST_TEXTS, MOST_CLAIMS = 100, 20
ONE_MINUTE = 60


class MatchRequest(serializers.Serializer[Any]):
    """What is asked."""

    texts = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST, allow_blank=True),
        min_length=1,
        max_length=MOST_TEXTS,
        help_text="Sentences or posts, in any language.",
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST_CLAIMS, default=5, help_text="Claims for each text."
    )


class MatchedClaimSerializer(serializers.ModelSerializer[Claim]):
    """A claim, with its verdict if one stands."""

    url = serializers.HyperlinkedIdentityField(view_name="v1:claim-detail")
    page_url = PageURLField()
    rating = serializers.SerializerMethodField(help_text="Null while there is no verdict.")
    finding = serializers.SerializerMethodField(help_text="Null while there is no verdict.")

    class Meta:
        model = Claim
        fields = ["url", "page_url", "id", "text", "language", "status", "rating", "finding"]

    def get_rating(self, claim: Claim) -> str | None:
        """Return the word of the rating."""
        review = claim.current_review
        return str(review.rating) if review else None

    def get_finding(self, claim: Claim) -> str | None:
        """Return the sentence of the verdict."""
        review = claim.current_review
        return review.finding if review else None


class MatchSerializer(serializers.Serializer[Any]):
    """A claim that a text may be about, and why."""

    claim = MatchedClaimSerializer()
    score = serializers.FloatField(help_text="Comparable within one text.")
    certainty = serializers.ChoiceField(
        choices=[certainty.value for certainty in Certainty],
        help_text="certain: this was checked; likely: it may have been; none: something like it.",
    )
    shared_words = serializers.ListField(child=serializers.CharField())
    cosine = serializers.FloatField(
        allow_null=True, help_text="How near in meaning, up to 1; null where it was not computed."
    )


class MatchedTextSerializer(serializers.Serializer[Any]):
    """What was found for one text."""

    text = serializers.CharField()
    matches = MatchSerializer(many=True)


class MatchAnswer(serializers.Serializer[Any]):
    """What was found."""

    by_meaning = serializers.BooleanField(
        help_text="Whether meaning was compared too, or words alone."
    )
    results = MatchedTextSerializer(many=True)


class MatchView(APIView):
    """Claims that texts may be about, the best first."""

    @extend_schema(
        operation_id="match",
        request=MatchRequest,
        responses={
            200: MatchAnswer,
            429: OpenApiResponse(description="Too many texts within a minute: see Retry-After."),
        },
        tags=["match"],
        examples=[
            OpenApiExample(
                "One sentence",
                {"texts": ["Taxes doubled last year, they say"], "limit": 3},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Return the claims for each text. Nothing of a text is kept."""
        asked = MatchRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        texts: list[str] = asked.validated_data["texts"]
        _take_turns(request, len(texts))
        found = _with_verdicts(
            [similar_claims(text, asked.validated_data["limit"]) for text in texts]
        )
        answer = MatchAnswer(
            {
                "by_meaning": is_by_meaning(),
                "results": [
                    {"text": text, "matches": matches}
                    for text, matches in zip(texts, found, strict=True)
                ],
            },
            context={"request": request},
        )
        return Response(answer.data)


def _take_turns(request: Request, texts: int) -> None:
    """Count the texts of a place; raise Throttled when these are too many within a minute.

    Counted in each server process, where counting writes nothing that empties the page cache.
    """
    most, counts = settings.MATCH_TEXTS_A_MINUTE, caches["computed"]
    if not most:
        return
    minute, second = divmod(int(time.time()), ONE_MINUTE)
    key = f"match:{minute}:{place_of(request._request)}"
    counts.add(key, 0, timeout=2 * ONE_MINUTE)
    if counts.incr(key, texts) > most:
        raise Throttled(wait=ONE_MINUTE - second)


def _with_verdicts(found: list[list[Match]]) -> list[list[Match]]:
    """Return the matches with the verdict of each claim that readers see, in a fixed number of
    queries. A claim that was hidden meanwhile is left out.
    """
    keys = {match.claim.pk for matches in found for match in matches}
    claims = Claim.objects.visible().for_list().in_bulk(keys)
    return [
        [
            replace(match, claim=claims[match.claim.pk])
            for match in matches
            if match.claim.pk in claims
        ]
        for matches in found
    ]
