"""Lists as feeds: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.translation import gettext as _

from .models import Claim, Correction

MOST_ENTRIES = 50


class JSONFeed(SyndicationFeed):
    """A feed as JSON, made as Django makes Atom."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        """Write the feed to a file of text."""
        told = self.feed
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": told["title"],
            "description": told["description"],
            "home_page_url": told["link"],
            "feed_url": told["feed_url"],
            "language": told["language"],
            "authors": [{"name": told["author_name"]}],
            "items": [
                {
                    "id": item["unique_id"],
                    "url": item["link"],
                    "title": item["title"],
                    "content_text": item["description"],
                    "date_published": item["pubdate"].isoformat(),
                    "date_modified": item["updateddate"].isoformat(),
                    "tags": list(item["categories"] or ()),
                }
                for item in self.items
            ],
        }
        outfile.write(json.dumps(feed, ensure_ascii=False, indent=1))


FORMATS: dict[str, Any] = {"atom": Atom1Feed, "json": JSONFeed}


def add_claims(feed: SyndicationFeed, claims: Iterable[Claim], origin: str) -> None:
    """Add visible claims, loaded `.for_list()`, to a feed. One query.

    An entry keeps its id for good, and is updated when its verdict is published or corrected.
    """
    claims = list(claims)
    changed = dict(
        Correction.objects.visible()
        .filter(review__claim__in=[claim.pk for claim in claims])
        .order_by()
        .values_list("review__claim")
        .annotate(Max("published_at"))
    )
    for claim in claims:
        review = claim.current_review if claim.status == Claim.Status.PUBLISHED else None
        moments = [claim.listed_at, review and review.published_at, changed.get(claim.pk)]
        address = origin + claim.get_absolute_url()
        feed.add_item(
            title=f"{_word(claim)}: {claim.text}",
            link=address,
            description=review.finding if review else "",
            unique_id=address,
            pubdate=claim.listed_at,
            updateddate=max(filter(None, moments)),
            categories=[str(topic) for topic in claim.topics.all()],
        )


def add_corrections(feed: SyndicationFeed, corrections: Iterable[Correction], origin: str) -> None:
    """Add public notes, loaded `.for_display()`, to a feed."""
    for correction in corrections:
        claim = correction.review.claim
        address = origin + claim.get_absolute_url()
        feed.add_item(
            title=f"{correction.get_kind_display()}: {claim.text}",
            link=address,
            description=correction.note,
            unique_id=f"{address}#correction-{correction.pk}",
            pubdate=correction.published_at,
            updateddate=correction.published_at,
        )


def _word(claim: Claim) -> str:
    """Return how a claim stands, in a word or two."""
    if claim.status == Claim.Status.PUBLISHED and claim.current_review:
        return str(claim.current_review.rating)
    in_review = claim.status == Claim.Status.IN_REVIEW
    return _("In review") if in_review else _("Verdict withdrawn")
