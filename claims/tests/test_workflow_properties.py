"""Random verbs by random people: what must hold after each of them, whatever the order."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from claims import workflow
from claims.models import Claim, Review, Transition

from . import factories

PEOPLE = st.integers(0, 3)
CLAIMS = st.integers(0, 2)
NOTES = st.sampled_from(["", "A reason."])


class Newsroom(RuleBasedStateMachine):
    """Four people, three claims, and every verb."""

    @initialize()
    def open_for_the_day(self):
        self.frozen = {}
        self.people = [
            factories.make_person(role="reviewer"),
            factories.make_person(role="editor"),
            factories.make_person(role="editor"),
            factories.make_person(is_superuser=True),
        ]
        reviewer, editor, other_editor, _ = self.people
        self.rating = factories.make_ratings()["mixed"]
        self.other_rating = factories.make_ratings()["false"]
        waiting = factories.make_review_to_rate_blind(author=editor)
        fresh = factories.make_claim(status=Claim.Status.NEW)
        workflow.accept(fresh, by=reviewer)
        verdict = factories.make_published_claim(author=reviewer, approver=other_editor)
        self.claims = [fresh.pk, waiting.claim_id, verdict.pk]

    def attempt(self, verb, subject, who, **more):
        if subject is None:
            return
        before = Transition.objects.count()
        try:
            getattr(workflow, verb)(subject, by=self.people[who], **more)
        except (ValidationError, PermissionDenied):
            assert Transition.objects.count() == before
        else:
            assert Transition.objects.count() == before + 1

    def claim(self, index):
        return Claim.objects.get(pk=self.claims[index])

    def review(self, index):
        return Review.objects.filter(claim=self.claims[index]).order_by("-number").first()

    def reviews(self):
        return Review.objects.filter(claim__in=self.claims)

    @rule(index=CLAIMS, who=PEOPLE, verb=st.sampled_from(["accept", "start", "unmerge"]))
    def move_a_claim(self, index, who, verb):
        self.attempt(verb, self.claim(index), who)

    @rule(
        index=CLAIMS,
        who=PEOPLE,
        verb=st.sampled_from(["decline", "reopen", "recuse"]),
        reason=NOTES,
    )
    def move_a_claim_with_a_reason(self, index, who, verb, reason):
        self.attempt(verb, self.claim(index), who, reason=reason)

    @rule(index=CLAIMS, other=CLAIMS, who=PEOPLE)
    def merge(self, index, other, who):
        self.attempt("merge", self.claim(index), who, into=self.claim(other))

    @rule(index=CLAIMS, who=PEOPLE, note=NOTES)
    def revise(self, index, who, note):
        self.attempt("revise", self.claim(index), who, kind="update", note=note)

    @rule(index=CLAIMS)
    def write(self, index):
        Review.objects.filter(claim=self.claims[index], status=Review.Status.DRAFT).update(
            rating=self.rating, finding="It holds in part.", rationale="Two of three figures do."
        )

    @rule(index=CLAIMS, who=PEOPLE, verb=st.sampled_from(["submit", "publish"]))
    def move_a_review(self, index, who, verb):
        self.attempt(verb, self.review(index), who)

    @rule(index=CLAIMS, who=PEOPLE, reason=NOTES)
    def send_back(self, index, who, reason):
        self.attempt("send_back", self.review(index), who, reason=reason)

    @rule(index=CLAIMS, who=PEOPLE, agrees=st.booleans())
    def rate_blind(self, index, who, agrees):
        rating = self.rating if agrees else self.other_rating
        self.attempt("rate_blind", self.review(index), who, rating=rating)

    @rule(index=CLAIMS, who=PEOPLE, resolution=NOTES)
    def resolve_disagreement(self, index, who, resolution):
        self.attempt("resolve_disagreement", self.review(index), who, resolution=resolution)

    @rule(index=CLAIMS, who=PEOPLE, note=NOTES)
    def retract(self, index, who, note):
        self.attempt("retract", self.review(index), who, note=note)

    @invariant()
    def what_was_published_never_changes(self):
        shown = (
            self.reviews()
            .exclude(status__in=Review.OPEN)
            .values_list(
                "pk", "rating", "finding", "rationale", "author", "approver", "published_at"
            )
        )
        for pk, *words in shown:
            assert self.frozen.setdefault(pk, words) == words

    @invariant()
    def every_author_differs_from_the_approver(self):
        for review in self.reviews().exclude(approver=None):
            assert review.author_id != review.approver_id

    @invariant()
    def where_it_is_asked_for_every_verdict_was_rated_blind_and_differences_were_settled(self):
        asked = self.reviews().published().filter(claim__asks_blind_rating=True)
        for review in asked:
            second = review.content["blind_rating"]
            ratings = {second["rating"]["slug"], second["first_rating"]["slug"]}
            assert second["resolution"] or ratings == {review.rating.slug}

    @invariant()
    def a_claim_has_one_verdict_and_one_open_review_at_most(self):
        for claim in Claim.objects.filter(pk__in=self.claims):
            verdicts = claim.reviews.published().count()
            assert verdicts == (claim.status == Claim.Status.PUBLISHED)
            assert claim.reviews.open().count() <= 1

    @invariant()
    def each_status_has_its_transition(self):
        for claim in Claim.objects.filter(pk__in=self.claims):
            assert claim.transitions.exists()
        for review in self.reviews().exclude(
            status__in=[Review.Status.SUPERSEDED, Review.Status.DRAFT]
        ):
            assert review.transitions.order_by("pk").last().to_status == review.status


@pytest.mark.unmeasured  # every verb has tests of its own
def test_whatever_people_do_the_rules_hold(db):
    run_state_machine_as_test(
        Newsroom,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            # Without shrinking: each try runs the whole day again, and a long failure is clear too.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
