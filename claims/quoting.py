"""Which passages of a kept copy our verdicts and claims quote."""

from sources.models import Snapshot

from . import visibility
from .anchoring import find_alike
from .highlighting import Quotation
from .models import Claim, Evidence


def quotations(snapshot: Snapshot) -> list[Quotation]:
    """Return the passages that readers may know of, in reading order, numbered.

    Those where visible claims were made, and those that the evidence of verdicts quotes.
    """
    places = {
        (found.start or 0, found.end or 0, found.claim_id)
        for found in visibility.appearances_in(snapshot)
    }
    for evidence in visibility.quoting_evidence(snapshot).select_related("review"):
        if place := _place(snapshot, evidence):
            places.add((*place, evidence.review.claim_id))
    claims = Claim.objects.visible().for_list().in_bulk({claim for _start, _end, claim in places})
    ordered = enumerate(sorted(places), start=1)
    return [Quotation(start, end, claims[claim], number) for number, (start, end, claim) in ordered]


def _place(snapshot: Snapshot, evidence: Evidence) -> tuple[int, int] | None:
    """Return where a passage stands in a copy; of evidence that names no copy it is looked for."""
    if evidence.start is not None and evidence.end is not None:
        return evidence.start, evidence.end
    alike = find_alike(snapshot.text, evidence.passage)
    return (alike[0].start, alike[0].end) if alike else None
