"""Which sources readers may see, and what of the evidence: what something public rests on."""

from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from sources.models import LinkCheck, PublicCopy, Publisher, Snapshot, Source

from .models import Appearance, Claim, Evidence, Review, Risk
from .models.claim import ClaimQuerySet


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
                Exists(_visible_evidence().filter(source=OuterRef("pk")))
                | Exists(_appearances_in(OuterRef("pk")))
            )
        )
    )


def merged_into(claim_id: int) -> int | None:
    """Return the visible claim that this one was merged into, directly or by several merges."""
    target = Claim.objects.filter(pk=claim_id).values_list("merged_into", flat=True).first()
    if target is None or Claim.objects.visible().filter(pk=target).exists():
        return target
    return merged_into(target)


def was_visible(claim_id: int) -> bool:
    """Tell whether readers saw this claim before it was declined."""
    return Claim.objects.filter(
        pk=claim_id,
        status=Claim.Status.DECLINED,
        transitions__review=None,
        transitions__to_status__in=Claim.VISIBLE,
    ).exists()


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
        .select_related("publisher", "based_on", "link")
        .order_by("title", "pk")
    )


def published_evidence() -> QuerySet[Evidence]:
    """Return the evidence whose stance readers may see: of the verdicts that stand."""
    return Evidence.objects.published().filter(review__claim__status=Claim.Status.PUBLISHED)


def claims_reading(source: Source) -> ClaimQuerySet:
    """Return the claims in review for which this source is being read, newest first."""
    read = Evidence.objects.filter(source=source, review__status__in=Review.OPEN)
    # A list, and a status that no index has: SQLite begins with the source, not with all claims.
    is_in_review = Exact(Coalesce("status", Value("")), Value(Claim.Status.IN_REVIEW.value))
    claims = Claim.objects.visible().filter(is_in_review, pk__in=read.values("review__claim"))
    return claims.newest_first()


def claims_appearing_in(source: Source) -> ClaimQuerySet:
    """Return the visible claims with a passage in a kept copy of this source, newest first."""
    passages = Appearance.objects.not_confidential().filter(snapshot__source=source)
    return Claim.objects.visible().filter(pk__in=passages.values("claim")).newest_first()


def marked_snapshot(article: Source) -> Snapshot:
    """Return the newest text of a visible article that holds the passage of a visible claim."""
    marked = Appearance.objects.visible().filter(snapshot=OuterRef("pk"))
    return article.snapshots.filter(Exists(marked)).order_by("-captured_at", "-pk")[:1].get()


def appearances_in(snapshot: Snapshot) -> QuerySet[Appearance]:
    """Return the passages of visible claims in a text, in reading order."""
    return Appearance.objects.visible().filter(snapshot=snapshot).order_by("start", "pk")


def appearances_read_in(article: Source) -> QuerySet[Appearance]:
    """Return the passages of visible claims in what the address of an article ever answered.

    `current_risks` of each are what changed since.
    """
    appearances = Appearance.objects.visible().filter(snapshot__source=article)
    current = Prefetch("risks", Risk.objects.current(), to_attr="current_risks")
    return appearances.exclude(snapshot__final_url="").prefetch_related(current).order_by("pk")


def visible_copies() -> QuerySet[Snapshot]:
    """Return the kept copies whose text readers may read.

    Those that hold the passage of a visible claim, or that evidence of a verdict names; where such
    evidence names none, every copy of its source. And whatever the address of such a source
    answered, which shows what its publisher changed. None of a confidential source.
    """
    evidence = published_evidence()
    of_source = {"source": OuterRef("source")}
    return Snapshot.objects.not_confidential().filter(
        Exists(Appearance.objects.visible().filter(snapshot=OuterRef("pk")))
        | Exists(evidence.filter(snapshot=OuterRef("pk")))
        | Exists(evidence.filter(snapshot=None, **of_source))
        | ~Q(final_url="") & Exists(evidence.filter(**of_source))
        | ~Q(final_url="") & Exists(_appearances_in(OuterRef("source")))
    )


def copies_of(source: Source) -> QuerySet[Snapshot]:
    """Return the kept copies of a visible source, newest first, without their texts.

    `is_open` says of each whether readers may read it. Of a confidential source nobody is told
    that there are any.
    """
    is_open = Exists(visible_copies().filter(pk=OuterRef("pk")))
    copies: QuerySet[Snapshot] = source.snapshots.defer("text").annotate(is_open=is_open)
    return copies.none() if source.is_confidential else copies


def copy_to_lead_with(source: Source) -> Snapshot | None:
    """Return the kept copy that stands for a document whose link is gone, without its text.

    The newest that something quotes, for that is what was read; the page may have said other things
    before it went. Else the newest that readers may read. `is_quoted` says which it is.
    """
    quoted = Exists(published_evidence().filter(snapshot=OuterRef("pk"))) | Exists(
        Appearance.objects.visible().filter(snapshot=OuterRef("pk"))
    )
    copies = visible_copies().filter(source=source).defer("text").annotate(is_quoted=quoted)
    return copies.order_by("-is_quoted", "-captured_at", "-pk").first()


def link_checks_of(source: Source) -> QuerySet[LinkCheck]:
    """Return the looks at the link of a visible source, newest first.

    None of a confidential source, which had an address once.
    """
    checks: QuerySet[LinkCheck] = source.link_checks.filter(source__is_confidential=False)
    return checks


def quoting_evidence(snapshot: Snapshot) -> QuerySet[Evidence]:
    """Return the evidence of verdicts that quotes a passage of this copy."""
    of_copy = Q(snapshot=snapshot) | Q(snapshot=None, source=snapshot.source_id)
    return published_evidence().filter(of_copy).exclude(passage="")


def with_newest_copy(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Add `kept_at` to each source: when its newest copy was kept. Never to a confidential one."""
    kept = Snapshot.objects.not_confidential().filter(source=OuterRef("pk"))
    kept = kept.order_by("-captured_at", "-pk")
    return sources.annotate(kept_at=Subquery(kept.values("captured_at")[:1]))


def with_public_copy(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Add `public_copy_url` and `public_copy_at` to each source: its newest public copy."""
    kept = PublicCopy.objects.kept().filter(source=OuterRef("pk")).order_by("-captured_at", "-pk")
    return sources.annotate(
        public_copy_url=Subquery(kept.values("url")[:1]),
        public_copy_at=Subquery(kept.values("captured_at")[:1]),
    )


def with_primary(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Add `is_primary` to each source: whether a verdict rests on it as a first-hand one."""
    first_hand = published_evidence().filter(source=OuterRef("pk"), is_primary=True)
    return sources.annotate(is_primary=Exists(first_hand))


def with_citing_claims(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Add `citing_claims` to each source: how many visible claims cite it or are reading it."""
    citing = _visible_evidence().filter(source=OuterRef("pk"))
    return sources.annotate(citing_claims=_count(citing, "review__claim", grouped_by="source"))


def with_marked_claims(articles: QuerySet[Source]) -> QuerySet[Source]:
    """Add `marked_claims` to each article: how many visible claims have a passage in it."""
    marked = _appearances_in(OuterRef("pk"))
    return articles.annotate(marked_claims=_count(marked, "claim", grouped_by="snapshot__source"))


def _count(rows: QuerySet[Any], field: str, *, grouped_by: str) -> Coalesce:
    """Return how many different values of a field the rows of an outer row have, 0 included."""
    counted = (
        rows.order_by()
        .values(grouped_by)
        .annotate(different=Count(field, distinct=True))
        .values("different")
    )
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _appearances_in(source: OuterRef) -> QuerySet[Appearance]:
    return Appearance.objects.visible().not_confidential().filter(snapshot__source=source)


def _visible_evidence() -> QuerySet[Evidence]:
    return Evidence.objects.filter(
        Q(review__status=Review.Status.PUBLISHED, review__claim__status=Claim.Status.PUBLISHED)
        | Q(review__status__in=Review.OPEN, review__claim__status=Claim.Status.IN_REVIEW)
    )
