"""Our work in numbers, as programs read it: the same figures as the page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..agreement import LEAST_PAIRS
from ..figures import figures


class AgreementSerializer(serializers.Serializer[Any]):
    """Krippendorff’s alpha over pairs of ratings."""

    pairs = serializers.IntegerField(help_text="Claims that two people rated apart.")
    same = serializers.IntegerField(help_text="Pairs that are two times the same rating.")
    alpha = serializers.FloatField(
        allow_null=True,
        help_text=f"Null under {LEAST_PAIRS} pairs, and where all ratings are one and the same.",
    )


class AgreementsSerializer(serializers.Serializer[Any]):
    """The agreement, counted in two ways."""

    words = AgreementSerializer(help_text="All ratings; any difference counts the same (nominal).")
    scale = AgreementSerializer(
        help_text="Pairs of which both stand on the scale; more steps count more (ordinal)."
    )


class YearSerializer(serializers.Serializer[Any]):
    """The agreement on the claims whose first verdict was published in one year."""

    year = serializers.IntegerField()
    agreement = AgreementsSerializer(source="agreements")


class PaceSerializer(serializers.Serializer[Any]):
    """Days from recording a claim to its first verdict, in the last twelve months."""

    verdicts = serializers.IntegerField()
    median = serializers.FloatField(allow_null=True, help_text="Null under five verdicts.")
    lower = serializers.FloatField(allow_null=True, help_text="A quarter took so long or less.")
    upper = serializers.FloatField(allow_null=True, help_text="A quarter took so long or longer.")


class WeekSerializer(serializers.Serializer[Any]):
    """How many claims waited for their first verdict at the end of a week."""

    ends_on = serializers.DateField()
    waiting = serializers.IntegerField()


class FiguresSerializer(serializers.Serializer[Any]):
    """Our work in numbers."""

    verdicts = serializers.IntegerField(help_text="Verdicts that stand.")
    ratings = serializers.DictField(
        child=serializers.IntegerField(), help_text="Verdicts that stand, by rating."
    )
    in_review = serializers.IntegerField(help_text="Claims in review.")
    days_to_verdict = PaceSerializer()
    weeks = WeekSerializer(many=True)
    corrections = serializers.DictField(
        child=serializers.IntegerField(), help_text="Public notes of changes, by kind."
    )
    agreement = AgreementsSerializer()
    years = YearSerializer(many=True)
    links = serializers.DictField(
        child=serializers.IntegerField(), help_text="Links of cited sources, by how they answer."
    )


class FiguresView(APIView):
    """How much we check, how often we changed a verdict, and how far two of us agree."""

    @extend_schema(operation_id="stats_retrieve", responses=FiguresSerializer, tags=["stats"])
    def get(self, request: Request) -> Response:
        """Return the figures as they are now."""
        now = figures()
        return Response(
            FiguresSerializer(
                {
                    "verdicts": now.verdicts,
                    "ratings": {rating.slug: count for rating, count in now.ratings},
                    "in_review": now.waiting,
                    "days_to_verdict": now.pace,
                    "weeks": now.pace.weeks,
                    "corrections": {kind.value: count for kind, count in now.corrections},
                    "agreement": now.agreement,
                    "years": now.years,
                    "links": {state.value: count for state, count in now.links},
                }
            ).data
        )
