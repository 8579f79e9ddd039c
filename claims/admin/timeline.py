"""The history of claims and reviews: their edits, those of their parts, and their steps."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.edits import Edits
from accounts.timeline import Change, Entry
from accounts.wording import Piece
from claims import blind
from claims.models import (
    Appearance,
    Claim,
    ContactAttempt,
    Evidence,
    Label,
    Review,
    Transition,
)
from claims.steps import STEPS
from sources.models import Snapshot


class ClaimsEdits(Edits):
    """Edits of what belongs to claims."""

    def rows_to_name(self, model: Any) -> QuerySet[Any]:
        """Return the rows of a model, loaded with what their names are made of."""
        rows = super().rows_to_name(model)
        if model is Snapshot:
            return rows.select_related("source").defer("text")
        return rows.select_related("claim") if model is Review else rows

    def say(self, field: Any, value: Any) -> str:
        """Return what a field holds in words, labels as readers see them."""
        if field.name == "labels":
            words = dict(Label.choices)
            return ", ".join(str(words.get(label, label)) for label in value or [])
        return super().say(field, value)


class Steps:
    """The steps of the workflow that a person may see: `Steps(person, claim=7)`, or `review=7`."""

    model, moment, key = Transition, "at", "id"

    def __init__(self, person: Any, **which: int) -> None:
        self.person, self.which = person, which

    def rows(self) -> QuerySet[Transition]:
        """Return the transitions, each with who took the step."""
        hidden = Q(review__in=blind.hidden_from(self.person))
        rows = Transition.objects.filter(**self.which).exclude(hidden)
        return rows.select_related("by", "review")

    def tell(self, rows: list[Transition]) -> list[Entry]:
        """Return an entry for each transition."""
        return [
            Entry(
                at=row.at,
                who=str(row.by),
                did=str(STEPS[row.verb].word) if row.verb in STEPS else row.verb,
                part=_("Version %(number)d") % {"number": row.review.number} if row.review else "",
                changes=[*_move(row)],
                reason=row.reason,
            )
            for row in rows
        ]


def _move(row: Transition) -> list[Change]:
    """Return the change of status, if there was one."""
    if row.from_status == row.to_status:
        return []
    words = dict((Review if row.review_id else Claim).Status.choices)
    sides = [("removed", row.from_status), ("added", row.to_status)]
    pieces = [Piece(change, str(words.get(side, side))) for change, side in sides if side]
    return [Change(_("Status"), pieces)]


def strands_of_claim(key: int, person: Any) -> list[Any]:
    """Return the history of a claim: edits of it, its passages and contacts, and its steps."""
    return [
        Steps(person, claim=key),
        ClaimsEdits(Claim, id=key),
        ClaimsEdits(Appearance, named_by="exact", claim=key),
        ClaimsEdits(ContactAttempt, named_by="asked", claim=key),
    ]


def strands_of_review(key: int, person: Any) -> list[Any]:
    """Return the history of a review: edits of it and of its evidence, and its steps."""
    return [
        Steps(person, review=key),
        ClaimsEdits(Review, id=key),
        ClaimsEdits(Evidence, named_by="source", review=key),
    ]
