"""Which sources readers may see: those that something public rests on."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from sources.models import Publisher, Source

from .models import Appearance, Claim, Evidence, Review


def visible_sources() -> QuerySet[Source]:
    """Return the sources of visible appearances and evidence, and what those sources rest on.

    The evidence of an open review counts: a claim in review shows which documents are being
    read, though not what we think they prove.
    """
    return Source.objects.filter(
        Exists(_visible_evidence().filter(source=OuterRef("pk")))
        | Exists(_appearances_in(OuterRef("pk")))
        | Exists(
            Source.objects.filter(based_on=OuterRef("pk")).filter(
                Exists(_appearances_in(OuterRef("pk")))
            )
        )
    )


def visible_articles() -> QuerySet[Source]:
    """Return the sources that hold the passage of a visible claim."""
    return Source.objects.filter(Exists(_appearances_in(OuterRef("pk"))))


def visible_publishers() -> QuerySet[Publisher]:
    """Return the publishers of visible sources."""
    return Publisher.objects.filter(Exists(visible_sources().filter(publisher=OuterRef("pk"))))


def sources_being_read(claim: Claim) -> QuerySet[Source]:
    """Return the sources of a claim's open review, without stance or note."""
    return (
        Source.objects.filter(
            Exists(
                Evidence.objects.filter(
                    source=OuterRef("pk"), review__claim=claim, review__status__in=Review.OPEN
                )
            )
        )
        .select_related("publisher")
        .order_by("title", "pk")
    )


def _appearances_in(source: OuterRef) -> QuerySet[Appearance]:
    return Appearance.objects.visible().filter(snapshot__source=source)


def _visible_evidence() -> QuerySet[Evidence]:
    return Evidence.objects.filter(
        Q(review__status=Review.Status.PUBLISHED)
        | Q(review__status__in=Review.OPEN, review__claim__status=Claim.Status.IN_REVIEW)
    )
