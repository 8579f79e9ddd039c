"""Claims that say what a text says, ranked by shared words and by meaning."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from .. import embedding
from ..models import Claim
from . import by_meaning, by_words
from .by_words import Alike
from .reading import is_in_latin_letters, readable, refuse_too_long

MOST_COMPARED = 100
"""The claims that share most words, which are compared by meaning too."""
MEANING_COUNTS = 0.7
"""What a cosine of 1 counts for; the rest is for words."""
MANY_WORDS = 1.5
"""A score in words that counts for 1."""


class Certainty(StrEnum):
    CERTAIN = "certain"
    """It was checked: of the posts of the lab, right in 99 of 100, and said of half of them."""
    LIKELY = "likely"
    """It may have been checked, worth a look before anybody starts: right in 95 of 100."""
    NONE = "none"
    """A claim on something like it, as far as can be told."""


@dataclass(frozen=True)
class Match:
    """A claim that a text may be about, and why."""

    claim: Claim
    score: float
    certainty: Certainty
    shared_words: tuple[str, ...]
    """As the text has them, the rarest first."""
    cosine: float | None
    """How near it is in meaning, up to 1; None where nothing was computed."""

    @property
    def why(self) -> str:
        """Say in words what makes it a match."""
        return ", ".join(self.shared_words[:6]) or _("same meaning")


@dataclass(frozen=True)
class _Candidate:
    claim: int
    words: Alike | None
    cosine: float | None
    score: float

    @property
    def place(self) -> tuple[float, int]:
        """Best first; of claims that say the same, the older record, which the other repeats."""
        return -self.score, self.claim


def is_by_meaning() -> bool:
    """Tell whether claims are compared by meaning here, or by words alone."""
    return embedding.is_available()


def similar_claims(
    text: str, limit: int = 5, *, is_public: bool = True, but: int | None = None
) -> list[Match]:
    """Return the claims that a text may be about, the best first, without the one numbered `but`.

    `is_public` is False only for people of the newsroom: it finds what readers do not see.
    Raises ValidationError for a text that is too long, with the limit.
    """
    refuse_too_long(text)
    text = readable(text)
    alike = by_words.alike(text, MOST_COMPARED + 1, is_public=is_public)
    alike = [found for found in alike if found.claim != but][:MOST_COMPARED]
    cosines: dict[int, float] | None = None
    if is_in_latin_letters(text) and embedding.is_available():
        claims = [found.claim for found in alike]
        cosines = by_meaning.cosines(text, claims, is_public=is_public)
        cosines.pop(but or 0, None)
    ranked = sorted(_candidates(alike, cosines), key=lambda found: found.place)
    certainty = _certainty(ranked, cosines)
    rows = Claim.objects.visible() if is_public else Claim.objects.all()
    claims_found = rows.in_bulk([found.claim for found in ranked[:limit]])
    return [
        Match(
            claim=claims_found[found.claim],
            score=found.score,
            certainty=certainty if found.score == ranked[0].score else Certainty.NONE,
            shared_words=found.words.words if found.words else (),
            cosine=found.cosine,
        )
        for found in ranked[:limit]
        if found.claim in claims_found
    ]


def _candidates(alike: list[Alike], cosines: dict[int, float] | None) -> Iterator[_Candidate]:
    by_claim = {found.claim: found for found in alike}
    if cosines is None:
        for found in alike:
            yield _Candidate(found.claim, found, None, found.score)
        return
    # A claim whose vector is due is taken for as near as any, so that it is not lost.
    unknown = max(cosines.values(), default=0.0)
    for claim in {*by_claim, *cosines}:
        words, cosine = by_claim.get(claim), cosines.get(claim)
        meaning = unknown if cosine is None else cosine
        shared = words.score / MANY_WORDS if words else 0.0
        score = round((1 - MEANING_COUNTS) * shared + MEANING_COUNTS * meaning, 4)
        yield _Candidate(claim, words, cosine, score)


def _certainty(ranked: list[_Candidate], cosines: dict[int, float] | None) -> Certainty:
    """Return how sure it is that the best one is what the text is about."""
    if not ranked:
        return Certainty.NONE
    best = ranked[0]
    second = next((other.score for other in ranked if other.score < best.score), 0.0)
    if cosines is None:
        return _certainty_by_words(best, 1 - second / best.score)
    lead = best.score - second
    if best.score >= 0.75 and lead >= 0.1:
        return Certainty.CERTAIN
    if best.score >= 0.6 and (lead >= 0.1 or _is_first_in_both(best, ranked)):
        return Certainty.LIKELY
    return Certainty.NONE


def _certainty_by_words(best: _Candidate, lead: float) -> Certainty:
    share = best.words.share if best.words and best.score >= 0.6 else 0.0
    if share >= 0.25 and lead >= 0.35:
        return Certainty.CERTAIN
    return Certainty.LIKELY if share >= 0.2 and lead >= 0.2 else Certainty.NONE


def _is_first_in_both(best: _Candidate, ranked: list[_Candidate]) -> bool:
    shared = max((found.words.score for found in ranked if found.words), default=0)
    nearest = max(found.cosine or 0 for found in ranked)
    return bool(best.words and best.words.score == shared and best.cosine == nearest)
