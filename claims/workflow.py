"""What people do with claims and reviews: one function for each thing, and no other way.

Each verb checks permission and state, changes, and records one Transition, in one transaction.
Who acts is `by`. A broken rule is a PermissionDenied or a ValidationError whose sentence says
what to do next, and nothing is changed.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from . import blind, gate, merging, notices, risks, second_person, versions
from .models import (
    Claim,
    Correction,
    Override,
    Rating,
    Recusal,
    Resolution,
    Review,
    Risk,
    Submission,
)
from .moves import (
    ALLOWED,
    PERMISSIONS,
    check_permission,
    check_state,
    hold,
    move,
    needed,
    not_allowed,
    record,
)
from .search import index

__all__ = ["ALLOWED", "PERMISSIONS"]


@transaction.atomic
def accept(claim: Claim, *, by: User) -> None:
    """Take a new claim in for review; from then on readers see it.

    Raises PermissionDenied or ValidationError.
    """
    check_permission("accept", by)
    now = timezone.now()
    old = move("accept", claim, listed_at=now)
    record("accept", claim, from_status=old, by=by, at=now)


@transaction.atomic
def decline(claim: Claim, *, by: User, reason: str) -> None:
    """Turn a claim down; readers no longer see it, and colleagues see why.

    A review that somebody began is kept as it is, and goes on when the claim is taken up again.
    Raises PermissionDenied, or ValidationError without a reason.
    """
    check_permission("decline", by)
    reason = needed(reason, "reason", _("Say why the claim is declined."))
    old = move("decline", claim)
    record("decline", claim, from_status=old, by=by, reason=reason)
    notices.moved("decline", claim, by=by, said=reason)


@transaction.atomic
def reopen(claim: Claim, *, by: User, reason: str) -> None:
    """Take up again a claim that was declined, or whose verdict was withdrawn.

    Raises PermissionDenied or ValidationError.
    """
    check_permission("reopen", by)
    reason = needed(reason, "reason", _("Say why the claim is taken up again."))
    old = move("reopen", claim, listed_at=timezone.now())
    record("reopen", claim, from_status=old, by=by, reason=reason)
    notices.moved("reopen", claim, by=by, said=reason)


@transaction.atomic
def assign(claim: Claim, *, by: User, to: User | None) -> None:
    """Give a claim to the person who is to work on it, or to nobody.

    Who may write reviews may take a claim that nobody has. A draft goes with it: whoever wrote it
    so far is a contributor from then on. Raises PermissionDenied, or ValidationError when `to`
    stepped aside from it or somebody took it first.
    """
    takes = to == by and not by.has_perm(PERMISSIONS["assign"])
    check_permission("start" if takes else "assign", by)
    if to and claim.recusals.filter(person=to).exists():
        raise ValidationError(
            _("%(person)s stepped aside from this claim. Choose somebody else.") % {"person": to},
            code="recused",
        )
    if takes:
        _refuse_taken(claim)
    before = User.objects.filter(assigned_claims=claim).first()
    old = move("assign", claim, where={"assigned_to": None} if takes else None, assigned_to=to)
    writers = _hand_over(claim, to) if to else []
    record("assign", claim, from_status=old, by=by, reason=str(to or ""))
    notices.assigned(claim, by=by, before=before, writers=writers)


@transaction.atomic
def recuse(claim: Claim, *, by: User, reason: str) -> None:
    """Step aside from a claim because of a stake in it. For good: a stake is not unsaid.

    Raises PermissionDenied, or ValidationError without a reason.
    """
    check_permission("recuse", by)
    check_state("recuse", claim)
    reason = needed(reason, "reason", _("Say what your stake is. Readers do not see it."))
    Recusal.objects.get_or_create(claim=claim, person=by, defaults={"reason": reason})
    Claim.objects.filter(pk=claim.pk, assigned_to=by).update(assigned_to=None)
    claim.refresh_from_db()
    record("recuse", claim, from_status=claim.status, by=by, reason=reason)


@transaction.atomic
def merge(claim: Claim, *, into: Claim, by: User) -> None:
    """Join a claim to another record of the same claim; its address then leads there.

    Both keep their history; the passages move. Raises PermissionDenied, or ValidationError when
    the claim carries a verdict: retract it first, or merge the other way.
    """
    check_permission("merge", by)
    hold(claim, into)
    into.refresh_from_db()
    merging.check_target(claim, into)
    merging.move_appearances(claim, into)
    old = move("merge", claim, merged_into=into)
    record("merge", claim, from_status=old, by=by, reason=str(into.pk))
    notices.moved("merge", claim, by=by, said=into)


@transaction.atomic
def unmerge(claim: Claim, *, by: User) -> None:
    """Undo a merge, while no verdict was published since.

    Raises PermissionDenied or ValidationError.
    """
    check_permission("unmerge", by)
    check_state("unmerge", claim)
    claim.refresh_from_db()
    into = claim.merged_into
    if into is None:  # a constraint of the database says that this cannot be
        raise not_allowed("unmerge", claim)
    merged = merging.check_nothing_published_since(claim, into)
    merging.return_appearances(claim, into)
    moved = Claim.objects.filter(pk=claim.pk, status=Claim.Status.MERGED).update(
        status=merged.from_status, merged_into=None
    )
    claim.refresh_from_db()
    if not moved:
        raise not_allowed("unmerge", claim)
    record("unmerge", claim, from_status=Claim.Status.MERGED, by=by, reason=str(into.pk))
    index.refresh([into.pk])
    notices.moved("unmerge", claim, by=by)


@transaction.atomic
def start(claim: Claim, *, by: User) -> Review:
    """Begin the review of a claim and return the draft, written by `by`.

    Raises PermissionDenied, or ValidationError when the claim is not in review or somebody
    works on it already.
    """
    check_permission("start", by)
    hold(claim)
    check_state("start", claim)
    review = _new_draft(Review(claim=claim), by)
    if by.is_staff:  # somebody to whom work can be given
        Claim.objects.filter(pk=claim.pk, assigned_to=None).update(assigned_to=by)
    record("start", review, from_status="", by=by)
    return review


@transaction.atomic
def revise(claim: Claim, *, by: User, kind: str, note: str) -> Review:
    """Begin a new version of a published verdict and return the draft, a copy of what stands.

    `kind` is "correction", "update" or "clarification" and `note` what readers will be told; both
    are shown with the new version for good. Raises PermissionDenied or ValidationError.
    """
    check_permission("revise", by)
    hold(claim)
    check_state("revise", claim)
    if kind not in Correction.Kind.values or kind == Correction.Kind.RETRACTION:
        raise ValidationError(
            {"kind": _("Choose correction, update or clarification.")}, code="invalid_kind"
        )
    note = needed(note, "note", _("Tell readers what changes and why."))
    standing = claim.reviews.published().get()
    review = _new_draft(standing.copied(), by)
    for evidence in standing.evidence.all():
        evidence.copied_to(review).save()
    Correction.objects.create(review=review, kind=kind, note=note)
    record("revise", review, from_status="", by=by, reason=note)
    return review


@transaction.atomic
def submit(review: Review, *, by: User) -> None:
    """Send a draft to a second person; from then on its words stand still.

    Raises PermissionDenied, or ValidationError when `by` is not its author, when the rating, the
    finding or the rationale is missing, or when a passage is not in the kept copy that it quotes.
    """
    check_permission("submit", by)
    review.refresh_from_db()
    if by != review.author:
        raise ValidationError(
            _("Only %(author)s, who writes this review, can send it to a second person.")
            % {"author": review.author},
            code="not_the_author",
        )
    _check_complete(review)
    _check_quotations(review)
    old = move("submit", review, revision=F("revision") + 1)
    content = versions.content_of(review)
    Submission.objects.create(
        review=review,
        revision=review.revision,
        content=content,
        basis=versions.basis_of(content),
    )
    record("submit", review, from_status=old, by=by)
    notices.submitted(review, by=by)


@transaction.atomic
def rate_blind(
    review: Review, *, by: User, rating: Rating, note: str = "", interest_answer: str = ""
) -> None:
    """Rate a submitted review's claim from its evidence, before seeing the rating in the review.

    Both ratings are kept. `note` says why, for colleagues; `interest_answer` is as in `publish`.
    Raises PermissionDenied, or ValidationError when the rating would not be blind or the evidence
    is not what was read.
    """
    check_permission("rate_blind", by)
    second_person.refuse_writer(review, by)
    second_person.refuse_recused(review, by)
    second_person.refuse_unanswered_interests(review, by, interest_answer)
    blind.refuse_changed(review)
    old = move("rate_blind", review, where={"revision": review.revision})
    blind.refuse_needless(review, by)  # after the move, which lets only one person through
    blind.rate(review, by=by, rating=rating, note=note)
    record("rate_blind", review, from_status=old, by=by, reason=interest_answer.strip())


@transaction.atomic
def resolve_disagreement(review: Review, *, by: User, resolution: str) -> None:
    """Write how it was settled that the two ratings of a review differ; readers see it.

    It holds while the review carries the rating that it carries now. Its author may, or somebody
    who may publish. Raises PermissionDenied, or ValidationError when nothing is to be settled.
    """
    check_permission("resolve_disagreement" if by == review.author else "publish", by)
    second_person.refuse_recused(review, by)
    resolution = needed(resolution, "resolution", _("Write how the difference was settled."))
    old = move("resolve_disagreement", review)
    difference = blind.open_difference(review)
    if difference is None or review.rating is None:
        raise ValidationError(
            _("There is nothing to settle: the ratings agree, or it is written already."),
            code="no_difference",
        )
    Resolution.objects.create(blind_rating=difference, rating=review.rating, text=resolution, by=by)
    record("resolve_disagreement", review, from_status=old, by=by, reason=resolution)


@transaction.atomic
def override(review: Review, *, by: User, line: str, reason: str) -> None:
    """Let a review pass a line of the gate that it does not meet; readers see the reason.

    `line` is one of `gate.LINES`. Raises PermissionDenied, or ValidationError when the line is
    met or let pass already.
    """
    check_permission("override", by)
    hold(review)
    check_state("override", review)
    if line != blind.RATED_LINE:
        blind.refuse_hidden(review, by)
    reason = needed(reason, "reason", _("Tell readers why this line does not hold it up."))
    open_lines = {found.name for found in gate.checklist(review) if found.may_be_let_pass}
    if line not in open_lines:
        raise ValidationError(
            {"line": _("Choose a line that holds this review up.")}, code="not_open"
        )
    Override.objects.create(review=review, line=line, reason=reason, by=by)
    record("override", review, from_status=review.status, by=by, reason=f"{line}: {reason}")


@transaction.atomic
def discard(review: Review, *, by: User, reason: str) -> None:
    """Give up a draft, so that the claim is free for another; the draft is kept, never shown.

    Its author may, or somebody who may publish. Raises PermissionDenied or ValidationError.
    """
    check_permission("discard" if by == review.author else "publish", by)
    reason = needed(reason, "reason", _("Say why the draft is given up."))
    old = move("discard", review)
    record("discard", review, from_status=old, by=by, reason=reason)
    notices.discarded(review, by=by, reason=reason)


@transaction.atomic
def send_back(review: Review, *, by: User, reason: str) -> None:
    """Return a submitted review to its author, saying what is to be mended.

    Its author may take it back too. Raises PermissionDenied or ValidationError.
    """
    check_permission("submit" if by == review.author else "send_back", by)
    reason = needed(reason, "reason", _("Say what is to be mended."))
    old = move("send_back", review)
    record("send_back", review, from_status=old, by=by, reason=reason)
    notices.sent_back(review, by=by, reason=reason)


@transaction.atomic
def publish(review: Review, *, by: User, interest_answer: str = "", read: str = "") -> None:
    """Publish a review that somebody else wrote. From then on this version never changes.

    An approval is of what was read: of the `revision` that `review` carries, and of its content,
    whose digest is `read`; without it, of what was submitted. When anything was changed since,
    the approval is void. `interest_answer` says why somebody whose declared interests name the
    speaker or the publisher can judge all the same. Raises PermissionDenied or ValidationError.
    """
    check_permission("publish", by)
    second_person.refuse_author(review, by)
    second_person.refuse_recused(review, by)
    second_person.refuse_unanswered_interests(review, by, interest_answer)
    blind.refuse_hidden(review, by)
    _check_same_as_read(review, read)
    _check_complete(review)
    gate.refuse_open_lines(review)
    now = timezone.now()
    superseded = _supersede(review)
    old = move(
        "publish",
        review,
        where={"revision": review.revision},
        approver=by,
        published_at=now,
        is_self_approved=by == review.author,
    )
    _publish_claim(review, now)
    _freeze(review)
    record("publish", review, from_status=old, by=by, at=now, reason=interest_answer.strip())
    risks.reconcile_all(risks.sources_of([review, *superseded]))
    notices.published(review, by=by)


@transaction.atomic
def retract(review: Review, *, by: User, note: str) -> None:
    """Withdraw a published verdict. Its page stays, with `note` above it for good.

    A new version that somebody writes does not hold it up: a wrong verdict goes at once, and the
    draft waits until the claim is taken up again. Raises PermissionDenied or ValidationError.
    """
    check_permission("retract", by)
    note = needed(note, "note", _("Tell readers why the verdict is withdrawn."))
    now = timezone.now()
    old = move("retract", review)
    Claim.objects.filter(pk=review.claim_id).update(status=Claim.Status.RETRACTED, listed_at=now)
    review.claim.refresh_from_db()
    Correction.objects.create(
        review=review, kind=Correction.Kind.RETRACTION, note=note, published_at=now
    )
    record("retract", review, from_status=old, by=by, at=now, reason=note)
    risks.reconcile_all(risks.sources_of([review]))
    notices.retracted(review, by=by, note=note)


@transaction.atomic
def settle_risk(claim: Claim, *, by: User, risk: Risk, reason: str) -> None:
    """Answer why a claim stands although something that it leans on changed at its source.

    The answer holds as long as the same words stand there. Raises PermissionDenied, or
    ValidationError without a reason, or when the risk is over or somebody answered it first.
    """
    check_permission("settle_risk", by)
    check_state("settle_risk", claim)
    reason = needed(reason, "reason", _("Say why it stands all the same."))
    waiting = Risk.objects.waiting().filter(pk=risk.pk)
    if risk.claim != claim or not waiting.update(
        settled_at=timezone.now(), settled_by=by, answer=reason
    ):
        raise ValidationError(
            _("Nothing waits for an answer here: it is over, or somebody answered it."),
            code="not_waiting",
        )
    record("settle_risk", claim, from_status=claim.status, by=by, reason=reason)


def _new_draft(review: Review, by: User) -> Review:
    kept = review.claim.reviews.exclude(status=Review.Status.DISCARDED)
    last = kept.aggregate(last=Max("number"))["last"] or 0
    review.number, review.author = last + 1, by
    review.full_clean()
    review.save()
    return review


def _refuse_taken(claim: Claim) -> None:
    holder = Claim.objects.select_related("assigned_to").get(pk=claim.pk).assigned_to
    if holder:
        raise ValidationError(
            _("%(person)s works on this claim. Ask an editor if you should.") % {"person": holder},
            code="taken",
        )


def _hand_over(claim: Claim, to: User) -> list[User]:
    """Make `to` the author of the claim’s draft, and return who wrote it so far."""
    drafts = claim.reviews.filter(status=Review.Status.DRAFT)
    writers = []
    for draft in drafts.exclude(author=to).select_related("author"):
        draft.contributors.add(draft.author)
        draft.contributors.remove(to)
        drafts.filter(pk=draft.pk).update(author=to)
        writers.append(draft.author)
    return writers


def _check_complete(review: Review) -> None:
    missing = {
        field: _("Needed before a review can go on.")
        for field in ("rating", "finding", "rationale")
        if not getattr(review, field)
    }
    if missing:
        raise ValidationError(missing)


def _check_quotations(review: Review) -> None:
    for found in review.evidence.select_related("source", "snapshot"):
        if found.is_misquoted:
            sentence = _("A passage does not stand in the kept copy of “%(source)s”: copy it anew.")
            raise ValidationError(sentence % {"source": found.source}, code="misquoted")


def _check_same_as_read(review: Review, read: str) -> None:
    stored = Review.objects.get(pk=review.pk)
    if read:
        is_same = read == versions.digest_of(versions.content_of(stored))
    else:
        is_same = not versions.differs_from_submission(stored)
    if stored.revision != review.revision or not is_same:
        raise ValidationError(
            _("This was changed after you read it. Read what changed, then decide again."),
            code="changed_since_read",
        )


def _freeze(review: Review) -> None:
    """Keep what readers are shown of this version from now on, names included."""
    review.content = versions.content_of(review)
    Review.objects.filter(pk=review.pk).update(content=review.content)


def _supersede(review: Review) -> list[Review]:
    """Give way to the new version, and return the old: one published review per claim."""
    standing = list(Review.objects.published().filter(claim=review.claim_id))
    Review.objects.filter(pk__in=[each.pk for each in standing]).update(
        status=Review.Status.SUPERSEDED
    )
    return standing


def _publish_claim(review: Review, now: object) -> None:
    moved = Claim.objects.filter(
        pk=review.claim_id, status__in=(Claim.Status.IN_REVIEW, Claim.Status.PUBLISHED)
    ).update(status=Claim.Status.PUBLISHED, listed_at=now)
    review.claim.refresh_from_db()
    if not moved:
        raise not_allowed("publish", review.claim)
    Correction.objects.filter(review=review).update(published_at=now)
