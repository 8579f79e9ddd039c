"""The gate: what a review must have before readers see it.

The lines are duties of the fact-checkers' codes (IFCN Code of Principles, EFCSN Code of Standards)
as far as software can check them. An editor may let a review pass a line, with a reason that
readers see.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.models import Source

from . import blind
from .claimreview import claim_review, problems_of
from .models import Appearance, Claim, Evidence, Rating, Review
from .origins import origins

NOT_CHECKABLE = (Claim.Kind.OPINION, Claim.Kind.GOAL)
"""Kinds of claims that no evidence decides."""
LONGEST_FINDING = 200
"""Characters."""
LEAST_ORIGINS = 2

IN_CLAIM, IN_REVIEW, IN_BLIND = "claim", "review", "blind"
NEVER_LET_PASS = {blind.SETTLED_LINE}
"""To write how a difference was settled is as quick as to say why it was not."""


@dataclass(frozen=True)
class Line:
    """One line of the gate for one review.

    `mended_in` is "claim" or "review", and `field` the field there, or "blind": the page of the
    second rating. `override` is the public reason of an editor who let it pass, or empty.
    """

    name: str
    sentence: str
    is_met: bool
    mended_in: str
    field: str
    override: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it holds the review up."""
        return not (self.is_met or self.override)

    @property
    def may_be_let_pass(self) -> bool:
        """Whether an editor may make an exception."""
        return self.is_open and self.name not in NEVER_LET_PASS


@dataclass(frozen=True)
class _Reading:
    """A review with all that the lines look at, loaded once."""

    review: Review
    claim: Claim
    evidence: list[Evidence]

    def sources(self, *stances: str) -> list[Source]:
        return [found.source for found in self.evidence if found.stance in stances]


def checklist(review: Review) -> list[Line]:
    """Return the lines that apply to the review, met or not, in the order of the work."""
    evidence = Evidence.objects.select_related("source__publisher", "snapshot")
    stored = Review.objects.prefetch_related(Prefetch("evidence", evidence), "overrides").get(
        pk=review.pk
    )
    claim = Claim.objects.for_display().get(pk=review.claim_id)
    reading = _Reading(stored, claim, list(stored.evidence.all()))
    overrides = {override.line: override.reason for override in stored.overrides.all()}
    lines = []
    for name, rule in _RULES.items():
        if name in _OF_FACTS and reading.claim.kind in NOT_CHECKABLE:
            continue
        if name in _OF_BLIND_RATINGS and not reading.claim.asks_blind_rating:
            continue
        sentence, is_met, mended_in, field = rule(reading)
        lines.append(Line(name, sentence, is_met, mended_in, field, overrides.get(name, "")))
    return lines


def refuse_open_lines(review: Review) -> None:
    """Raise ValidationError naming every line that holds the review up."""
    open_lines = [line.sentence for line in checklist(review) if line.is_open]
    if open_lines:
        raise ValidationError(
            [ValidationError(sentence, code="gate") for sentence in open_lines], code="gate"
        )


Rule = Callable[[_Reading], tuple[str, bool, str, str]]


def _passages(reading: _Reading) -> tuple[str, bool, str, str]:
    # Not `reading.claim.appearances`, which was loaded without the texts.
    appearances = list(Appearance.objects.filter(claim=reading.claim).select_related("snapshot"))
    if not appearances:
        return _("Record where the claim was made."), False, IN_CLAIM, "appearances"
    moved = [
        found
        for found in appearances
        if found.snapshot.text[found.start or 0 : found.end or 0] != found.exact
    ]
    quoted = [found for found in reading.evidence if found.is_misquoted]
    where = IN_CLAIM if moved or not quoted else IN_REVIEW
    field = "appearances" if where == IN_CLAIM else "evidence"
    return _("Every passage stands in its kept copy."), not (moved or quoted), where, field


def _translations(reading: _Reading) -> tuple[str, bool, str, str]:
    own = _main_language(reading.claim.language)
    foreign = [
        found
        for found in reading.evidence
        if found.passage and found.language and _main_language(found.language) != own
    ]
    sentence = _("A passage in another language than the claim’s has a translation.")
    return sentence, all(found.translation for found in foreign), IN_REVIEW, "evidence"


def _main_language(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _two_origins(reading: _Reading) -> tuple[str, bool, str, str]:
    count = len(origins(reading.sources(Evidence.Stance.SUPPORTS, Evidence.Stance.REFUTES)))
    is_met = count >= LEAST_ORIGINS or bool(reading.review.single_origin_reason.strip())
    sentence = _(
        "At least two sources of independent origin decide it, or readers are told why not."
    )
    return sentence, is_met, IN_REVIEW, "single_origin_reason"


def _both_sides(reading: _Reading) -> tuple[str, bool, str, str]:
    review = reading.review
    for_it = reading.sources(Evidence.Stance.SUPPORTS) or review.found_no_support
    against = reading.sources(Evidence.Stance.REFUTES) or review.found_no_refutation
    sentence = _("Evidence for and against was looked for; where none was found, that is said.")
    field = "found_no_refutation" if for_it else "found_no_support"
    return sentence, bool(for_it and against), IN_REVIEW, field


def _kept_copies(reading: _Reading) -> tuple[str, bool, str, str]:
    unnamed = [found.source for found in reading.evidence if not found.snapshot]
    with_copies = Source.objects.filter(pk__in=[source.pk for source in unnamed])
    with_copies = with_copies.exclude(snapshots=None)
    kept = set(with_copies.values_list("pk", flat=True))
    without = [each for each in unnamed if each.pk not in kept and not each.access_note.strip()]
    sentence = _("Every source has a kept copy, or says why there is none.")
    if not without and kept:
        titles = ", ".join(str(source) for source in unnamed if source.pk in kept)
        sentence = _(
            "Every source has a kept copy, or says why there is none. Choose the copy at the "
            "evidence that rests on it: %(titles)s."
        ) % {"titles": titles}
    return sentence, not without, IN_REVIEW, "evidence"


def _contact(reading: _Reading) -> tuple[str, bool, str, str]:
    is_asked = reading.claim.contact_attempts.exists()
    sentence = _("The claimant was asked, or readers are told why not.")
    is_met = is_asked or bool(reading.review.no_contact_reason.strip())
    return sentence, is_met, IN_CLAIM, "contact_attempts"


def _selection(reading: _Reading) -> tuple[str, bool, str, str]:
    is_met = bool(reading.claim.selection_reason.strip())
    return _("Readers are told why we check it."), is_met, IN_CLAIM, "selection_reason"


def _finding(reading: _Reading) -> tuple[str, bool, str, str]:
    is_met = 0 < len(reading.review.finding.strip()) <= LONGEST_FINDING
    sentence = _("The finding is one sentence of at most 200 characters.")
    return sentence, is_met, IN_REVIEW, "finding"


def _wording(reading: _Reading) -> tuple[str, bool, str, str]:
    found = rating_words_in(reading.claim.text)
    sentence = _("The claim’s own sentence holds no word of our ratings.")
    if found:
        sentence = _(
            "The claim’s own sentence says “%(word)s”, which is a word of our ratings."
        ) % {"word": found[0]}
    return sentence, not found, IN_CLAIM, "text"


def _claim_review(reading: _Reading) -> tuple[str, bool, str, str]:
    document = claim_review(reading.claim, reading.review, origin="https://example.org")
    document.setdefault("datePublished", timezone.now().isoformat())
    problems = problems_of(document)
    sentence = _("Search engines can read the verdict (ClaimReview).")
    if problems:
        sentence = _("Search engines could not read the verdict: %(problems)s.") % {
            "problems": ", ".join(problems)
        }
    in_claim = any(problem.startswith("itemReviewed") for problem in problems)
    return sentence, not problems, *((IN_CLAIM, "speaker") if in_claim else (IN_REVIEW, "rating"))


def _blind_rating(reading: _Reading) -> tuple[str, bool, str, str]:
    if blind.standing(reading.review):
        sentence = _("A second reviewer rated it without seeing the first rating.")
        return sentence, True, IN_BLIND, ""
    sentence = _(
        "Once it is sent on, a second reviewer rates this claim and this evidence without seeing "
        "the first rating."
    )
    return sentence, False, IN_BLIND, ""


def _resolution(reading: _Reading) -> tuple[str, bool, str, str]:
    if blind.open_difference(reading.review):
        sentence = _("The two ratings differ: write how that was settled. Readers see it.")
        return sentence, False, IN_BLIND, ""
    return (
        _("Where the two ratings differ, it is written how that was settled."),
        True,
        IN_BLIND,
        "",
    )


_RULES: dict[str, Rule] = {
    "passages": _passages,
    "translations": _translations,
    "two-origins": _two_origins,
    "both-sides": _both_sides,
    "kept-copies": _kept_copies,
    "contact": _contact,
    "selection-reason": _selection,
    "finding": _finding,
    "wording": _wording,
    "claim-review": _claim_review,
    blind.RATED_LINE: _blind_rating,
    blind.SETTLED_LINE: _resolution,
}
_OF_FACTS = {"two-origins", "both-sides", "contact"}
"""Lines that say nothing of an opinion or a goal."""
_OF_BLIND_RATINGS = {blind.RATED_LINE, blind.SETTLED_LINE}
"""Lines of the claims that ask for a blind rating."""
LINES = {
    "passages": gettext_lazy("Passages stand in their kept copies"),
    "translations": gettext_lazy("Passages in other languages are translated"),
    "two-origins": gettext_lazy("Two sources of independent origin"),
    "both-sides": gettext_lazy("Evidence for and against looked for"),
    "kept-copies": gettext_lazy("Every source has a kept copy"),
    "contact": gettext_lazy("The claimant was asked"),
    "selection-reason": gettext_lazy("Why we check it"),
    "finding": gettext_lazy("A finding of at most 200 characters"),
    "wording": gettext_lazy("No rating word in the claim’s sentence"),
    "claim-review": gettext_lazy("Readable by search engines"),
    blind.RATED_LINE: gettext_lazy("A second rating, given without seeing the first"),
    blind.SETTLED_LINE: gettext_lazy("A difference of ratings settled in writing"),
}
"""The lines by their names, as readers and editors see them."""


def rating_words_in(text: str) -> list[str]:
    """Return the words of the scale that stand in a claim’s sentence, as whole words."""
    words = Rating.objects.values_list("alternate_name", flat=True)
    return [
        word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]
