"""What waits for whom at the editors’ desk: the work queue.

Each part is read by an index of its own and cut short, so that it costs the same however much
waits.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from sources.models import Link

from . import blind
from .models import Claim, Recusal, Review, Risk, Submission, Transition

MOST_SHOWN = 20
MOST_COUNTED = 999
DAYS_OF_GONE_LINKS = timedelta(days=30)


@dataclass(frozen=True)
class Part:
    """A part of the queue: its first rows, and how many there are, up to a bound."""

    rows: list[Any]
    count: int
    has_more_than_counted: bool

    @property
    def counted(self) -> str:
        """How many there are, as a reader takes it: “999+” past the bound."""
        return f"{self.count}+" if self.has_more_than_counted else str(self.count)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are shown."""
        return self.count > len(self.rows)


def part(rows: QuerySet[Any]) -> Part:
    """Return the first of these rows, and how many there are."""
    # In the order of the rows, so that it is counted by the same index.
    counted = rows.values("pk")[: MOST_COUNTED + 1].count()
    return Part(list(rows[:MOST_SHOWN]), min(counted, MOST_COUNTED), counted > MOST_COUNTED)


def for_second_person(person: User) -> Part:
    """Return the reviews that wait for a second person and that `person` may publish."""
    if not person.has_perm("claims.publish_review"):
        return Part([], 0, False)
    return part(
        _submitted()
        .exclude(_wrote_in_it(person))
        .exclude(_stepped_aside(person))
        .exclude(blind.is_hidden_from(person))
    )


def to_rate_blind(person: User) -> Part:
    """Return the reviews whose claims wait for a rating that `person` gives without seeing one."""
    if not person.has_perm("claims.rate_blind"):
        return Part([], 0, False)
    hidden = blind.hidden_from(person, [Review.Status.SUBMITTED])
    return part(_since_when(hidden.exclude(_stepped_aside(person))))


def own_work(person: User) -> Part:
    """Return the open reviews that `person` writes: sent back, begun, or with a second person."""
    reviews = _open_reviews().annotate(is_disputed=blind.disagreeing())
    return part(reviews.filter(author=person).order_by("pk"))


def not_begun(person: User) -> Part:
    """Return the claims given to `person` of which no review was begun.

    Of those given only the newest are looked through: somebody may have written thousands.
    """
    open_reviews = Review.objects.open().filter(claim=OuterRef("pk"))
    given = Claim.objects.unfinished().filter(assigned_to=person)
    newest = given.order_by("-pk").values("pk")[MOST_COUNTED : MOST_COUNTED + 1]
    return part(
        given.filter(pk__gt=Coalesce(Subquery(newest), 0))
        .exclude(Exists(open_reviews))
        .order_by("pk")
    )


def unassigned() -> Part:
    """Return the claims that nobody works on, the oldest first."""
    return part(
        Claim.objects.unfinished()
        .filter(assigned_to=None)
        .select_related("speaker")
        # All have the same: PostgreSQL then does not look for them among all claims.
        .order_by("assigned_to_id", "pk")
    )


def to_look_at_again() -> Part:
    """Return the verdicts whose day to look again has come, the longest overdue first."""
    return part(Review.objects.to_look_at_again().select_related("claim", "rating"))


def at_risk() -> Part:
    """Return what verdicts and claims lean on and is at risk, the first found first."""
    return part(Risk.objects.waiting().with_what_they_tell().order_by("pk"))


def links_gone() -> Part:
    """Return the links of cited sources that went in the last month, the last one first."""
    lately = timezone.now() - DAYS_OF_GONE_LINKS
    return part(Link.objects.gone_since(lately).select_related("source"))


def recent_steps() -> list[Transition]:
    """Return what was done last."""
    return list(Transition.objects.select_related("claim", "by").order_by("-pk")[:8])


def _open_reviews() -> QuerySet[Review]:
    last_step = Transition.objects.filter(review=OuterRef("pk")).order_by("-pk")
    return (
        Review.objects.open()
        .select_related("claim", "rating", "author")
        .annotate(
            last_verb=Subquery(last_step.values("verb")[:1]),
            last_reason=Subquery(last_step.values("reason")[:1]),
            moved_at=Subquery(last_step.values("at")[:1], output_field=DateTimeField()),
        )
    )


def _submitted() -> QuerySet[Review]:
    return _since_when(Review.objects.filter(status=Review.Status.SUBMITTED))


def _since_when(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Load what a row shows of a review that waits, and since when, the first one first."""
    sent = Submission.objects.filter(review=OuterRef("pk"), revision=OuterRef("revision"))
    return (
        reviews.select_related("claim", "rating", "author")
        .annotate(waiting_since=Subquery(sent.values("at")[:1], output_field=DateTimeField()))
        .order_by("pk")
    )


def _wrote_in_it(person: User) -> Q:
    contributions = Review.contributors.through.objects.filter(
        review_id=OuterRef("pk"), user_id=person.pk
    )
    return Q(author=person) | Q(Exists(contributions))


def _stepped_aside(person: User) -> Q:
    return Q(Exists(Recusal.objects.filter(claim=OuterRef("claim"), person=person)))
