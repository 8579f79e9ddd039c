"""Which of what we quote is at risk: its source changed, vanished, or was retracted.

`reconcile` holds what is recorded against what is known of a source now, so it may be called at any
time and any number of times. It is called whenever a text was kept, a link died or came back, a
source was marked as retracted (the setting SOURCE_CHANGED), and when a version takes or loses its
standing (`workflow`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from sources.models import Link, Snapshot, Source

from . import visibility
from .anchoring import Standing, find_again
from .models import Appearance, Claim, Evidence, Review, Risk

Kind = Risk.Kind
_KINDS = {Standing.ALTERED: Kind.ALTERED, Standing.GONE: Kind.GONE}


@dataclass(frozen=True)
class _Found:
    """A risk that there is now: of a piece of evidence or of an appearance."""

    kind: Kind
    of: Evidence | Appearance
    now_says: str = ""
    snapshot: Snapshot | None = None

    @property
    def key(self) -> tuple[int | None, int | None, str, str]:
        is_evidence = isinstance(self.of, Evidence)
        evidence, appearance = (self.of.pk, None) if is_evidence else (None, self.of.pk)
        return evidence, appearance, str(self.kind), self.now_says


@transaction.atomic
def reconcile(source: Source) -> None:
    """Record the risks that what is known of a source brings, and end those that are over.

    An answer that a person gave holds as long as the same words stand there.
    """
    found = {each.key: each for each in _found(source)}
    recorded = {
        (risk.evidence_id, risk.appearance_id, risk.kind, risk.now_says): risk.pk
        for risk in Risk.objects.current().of_source(source)
    }
    over = [recorded[key] for key in recorded.keys() - found.keys()]
    Risk.objects.filter(pk__in=over).update(ended_at=timezone.now())
    new = [each for key, each in found.items() if key not in recorded]
    Risk.objects.bulk_create([_row(each) for each in new], ignore_conflicts=True)


def reconcile_all(sources: Iterable[Source]) -> None:
    """Do it for each of several sources, each once."""
    for source in {source.pk: source for source in sources}.values():
        reconcile(source)


def sources_of(reviews: Iterable[Review]) -> list[Source]:
    """Return the sources that versions lean on."""
    return list(Source.objects.filter(evidence__review__in=list(reviews)).distinct())


def _row(found: _Found) -> Risk:
    evidence = found.of if isinstance(found.of, Evidence) else None
    appearance = found.of if isinstance(found.of, Appearance) else None
    return Risk(
        kind=found.kind,
        evidence=evidence,
        appearance=appearance,
        now_says=found.now_says,
        snapshot=found.snapshot,
    )


def _found(source: Source) -> Iterator[_Found]:
    if source.is_confidential:  # what its address once answered tells who it is
        return
    link = Link.objects.select_related("current").filter(source=source).first()
    current = link.current if link else None
    is_lost = link is not None and link.state == Link.State.GONE and not source.snapshots.exists()
    for evidence in (
        visibility.published_evidence().filter(source=source).select_related("snapshot")
    ):
        if is_lost:
            yield _Found(Kind.LOST, evidence)
        if source.retracted_on:
            yield _Found(Kind.RETRACTED, evidence)
        if current and evidence.passage and _stood_there(evidence, current):
            yield from _changed(evidence, evidence.passage, current)
    if current is None:
        return
    made_there = Appearance.objects.visible().filter(snapshot__source=source)
    for appearance in made_there.exclude(snapshot=current).exclude(snapshot__final_url=""):
        yield from _changed(appearance, appearance.exact, current)


def _changed(of: Evidence | Appearance, quoted: str, current: Snapshot) -> Iterator[_Found]:
    standing, place = find_again(
        current.text, quoted, start=of.start, prefix=of.prefix, suffix=of.suffix
    )
    if kind := _KINDS.get(standing):
        yield _Found(kind, of, place.exact if place else "", current)


def _stood_there(evidence: Evidence, current: Snapshot) -> bool:
    """Say whether the address of the source once answered the passage.

    A document that somebody uploaded may say more than the address ever showed.
    """
    if evidence.snapshot_id == current.pk:
        return False
    if evidence.snapshot and evidence.snapshot.final_url:
        return True
    earlier = Snapshot.objects.filter(source=evidence.source_id).exclude(
        Q(pk=current.pk) | Q(final_url="")
    )
    return earlier.filter(text__contains=evidence.passage).exists()


def of_claim(claim: Claim) -> list[Risk]:
    """Return what a claim leans on and is at risk now, what waits for an answer first."""
    found = Risk.objects.current().of_claims([claim.pk]).with_what_they_tell()
    return list(found.order_by(F("settled_at").asc(nulls_first=True), "pk"))
