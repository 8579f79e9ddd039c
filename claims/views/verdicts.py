"""The pages of a claim, of an article with its claims marked, and of how we check."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import DetailView, TemplateView

from accounts.wording import Piece, compare
from claims import visibility
from claims.addresses import origin_of
from claims.claimreview import claim_review
from claims.highlighting import mark_up
from claims.matching import related_to
from claims.models import Appearance, Claim, Correction, Evidence, Label, Rating, Review
from claims.models.claim import ClaimQuerySet
from claims.origins import origins
from claims.rereading import newest_reading
from sources.models import Source

from .cards import card_address
from .embeds import discovery, frame_of


class ClaimDetail(DetailView):  # type: ignore[type-arg]
    """Is it true, who says so, and how do we know?"""

    template_name = "claims/claim_page.html"

    def get_queryset(self) -> ClaimQuerySet:
        return Claim.objects.visible().for_display()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        target = visibility.merged_into(kwargs["pk"])
        if target is not None:
            return redirect("claim", pk=target, permanent=False)  # a merge can be undone
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            if visibility.was_visible(kwargs["pk"]):
                return render(request, "410.html", status=410)
            raise

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim: Claim = self.object
        review = claim.current_review if claim.status == Claim.Status.PUBLISHED else None
        origin = origin_of(self.request)
        translations = claim.in_other_languages()
        return super().get_context_data(
            review=review,
            translations=translations,
            rewordings=list(_rewordings(claim)),
            versions=_versions(claim),
            related=related_to(claim),
            card_url=origin + card_address(claim),
            oembed=discovery(claim, origin),
            frame=frame_of(claim, origin),
            **(self._verdict(claim, review, translations) if review else self._being_read(claim)),
            **kwargs,
        )

    def _being_read(self, claim: Claim) -> dict[str, Any]:
        being_read = list(visibility.sources_being_read(claim))
        return {"being_read": being_read, "independence": _independence(being_read)}

    def _verdict(self, claim: Claim, review: Review, translations: list[Claim]) -> dict[str, Any]:
        origin = origin_of(self.request)
        stances = Counter(evidence.stance for evidence in review.evidence.all())
        return {
            "scale": Rating.objects.exclude(rating_value=None).order_by("rating_value"),
            "tally": [(stance, stances[stance]) for stance in Evidence.Stance],
            "independence": _independence([found.source for found in review.evidence.all()]),
            "claim_review": claim_review(claim, review, origin=origin, translations=translations),
        }


def _independence(sources: list[Source]) -> dict[str, int] | None:
    """Return how many documents there are of how many origins, or None where these are as many."""
    documents, from_origins = len({source.pk for source in sources}), len(origins(sources))
    return None if documents == from_origins else {"documents": documents, "origins": from_origins}


def _rewordings(claim: Claim) -> list[tuple[Appearance, list[Piece]]]:
    """Return the claim's passages that reword another, each with what was changed."""
    return [
        (appearance, compare(appearance.rewords.exact, appearance.exact))
        for appearance in claim.appearances.all()
        if appearance.rewords
    ]


def _versions(claim: Claim) -> QuerySet[Review]:
    """Return every version of the verdict that readers saw, newest first."""
    return (
        Review.objects.visible()
        .filter(claim=claim)
        .select_related("rating", "author", "approver")
        .prefetch_related(Prefetch("corrections", queryset=Correction.objects.visible()))
        .order_by("-number")
    )


class ArticleDetail(DetailView):  # type: ignore[type-arg]
    """Which parts of this document can I trust?"""

    template_name = "claims/article_page.html"
    context_object_name = "source"

    def get_queryset(self) -> QuerySet[Source]:
        return visibility.visible_articles().select_related(
            "publisher", "based_on__publisher", "link__current"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reading = newest_reading(self.object)
        recorded = [*reading.standing, *(each.appearance for each in reading.changed)]
        self._tell(recorded)
        return super().get_context_data(
            snapshot=reading.snapshot,
            paragraphs=mark_up(reading.snapshot.text, reading.standing),
            appearances=recorded,
            changed=reading.changed,
            tally=_tally([appearance.claim for appearance in recorded]),
            **kwargs,
        )

    def _tell(self, appearances: list[Appearance]) -> None:
        """Number the passages, and give each its claim and what readers see of that."""
        keys = {appearance.claim_id for appearance in appearances}
        by_key = {
            claim.pk: claim for claim in Claim.objects.visible().for_list().filter(pk__in=keys)
        }
        seen: Counter[int] = Counter()
        for number, appearance in enumerate(appearances, start=1):
            seen[appearance.claim_id] += 1
            times = seen[appearance.claim_id]
            # The first passage of a claim is found by the claim's number, for good.
            anchor = f"{appearance.claim_id}" if times == 1 else f"{appearance.claim_id}-{times}"
            appearance.anchor = anchor  # type: ignore[attr-defined]
            appearance.claim = by_key[appearance.claim_id]
            appearance.number = number  # type: ignore[attr-defined]
            appearance.mark, appearance.word = _mark(appearance.claim)  # type: ignore[attr-defined]


def _tally(claims: list[Claim]) -> list[tuple[str, str, int]]:
    """Return mark, word and number of claims for each rating and state in the article."""
    counts = Counter((_position(claim), *_mark(claim)) for claim in claims)
    return [(mark, word, count) for (_, mark, word), count in sorted(counts.items())]


def _position(claim: Claim) -> int:
    review = claim.current_review
    return review.rating.position if review else 100


def _mark(claim: Claim) -> tuple[str, str]:
    review = claim.current_review
    if claim.status == Claim.Status.PUBLISHED and review:
        return review.rating.mark, str(review.rating)
    is_open = claim.status == Claim.Status.IN_REVIEW
    return ("review" if is_open else "none", str(claim.get_status_display()))


class Method(TemplateView):
    """What do the words mean, and how do we come to them?"""

    template_name = "claims/method_page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ratings = list(Rating.objects.all())
        return super().get_context_data(
            ratings=[rating for rating in ratings if not rating.is_retired],
            retired=[rating for rating in ratings if rating.is_retired],
            labels=[label.label for label in Label],
            needs_second_person=settings.SECOND_PERSON,
            **kwargs,
        )
