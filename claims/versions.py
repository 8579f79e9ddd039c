"""What a version says, whole: as it was read by the second person, and as readers saw it.

The content of a version is a document of plain values (text, numbers, lists, dictionaries), so that
it can be kept, compared part by part, and named by its hash.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.wording import Piece, compare
from sources.models import Source

from .models import Claim, Evidence, Label, Rating, Review

Content = dict[str, Any]


def content_of(review: Review) -> Content:
    """Return all that readers are shown of a review, names included, as it stands now."""
    review = (
        Review.objects.select_related("claim__speaker", "rating", "author", "approver")
        .prefetch_related("corrections", "overrides")
        .get(pk=review.pk)
    )
    content = _content_of(review)
    return content | {"blind_rating": _blind_rating(review, basis_of(content))}


def _content_of(review: Review) -> Content:
    rating, note = review.rating, review.corrections.exclude(kind="retraction").first()
    return {
        "number": review.number,
        "claim": _claim(review.claim),
        "rating": rating and _rating(rating) | {"definition": rating.definition},
        "labels": list(review.labels),
        "finding": review.finding,
        "rationale": review.rationale,
        "what_would_change": review.what_would_change,
        "as_of": _day(review.as_of),
        "look_again_on": _day(review.look_again_on),
        "confidence": review.confidence,
        "found_no_support": review.found_no_support,
        "found_no_refutation": review.found_no_refutation,
        "single_origin_reason": review.single_origin_reason,
        "no_contact_reason": review.no_contact_reason,
        "contact_attempts": [_contact(attempt) for attempt in review.claim.contact_attempts.all()],
        "overrides": {override.line: override.reason for override in review.overrides.all()},
        "evidence": [
            _evidence(found)
            for found in review.evidence.select_related("source__publisher", "snapshot")
        ],
        "correction": note and {"kind": note.kind, "note": note.note},
        "author": str(review.author),
        "approver": str(review.approver) if review.approver else None,
        "is_self_approved": review.is_self_approved,
        "published_at": review.published_at and review.published_at.isoformat(),
    }


def content_as_published(review: Review) -> Content:
    """Return what readers were shown of a published version, kept since then."""
    return review.content or content_of(review)


def for_readers(content: Content) -> Content:
    """Return a content without what tells who a confidential source is.

    A source that became confidential since is told of as it is today.
    """
    keys = [found["source"]["id"] for found in content["evidence"]]
    today = Source.objects.filter(is_confidential=True).in_bulk(keys)
    return content | {"evidence": [_withheld(found, today) for found in content["evidence"]]}


def _withheld(found: Content, confidential: dict[int, Source]) -> Content:
    kept = found["source"]
    if kept.get("is_confidential"):
        return found | {"snapshot": None}
    if kept["id"] in confidential:
        return found | {"snapshot": None, "source": _source(confidential[kept["id"]])}
    return found


def differs_from_submission(review: Review) -> list["Difference"]:
    """Return what was changed since the review’s present revision was submitted.

    An exception to the gate is no change of what was submitted, nor is a second rating of it.
    Empty when nothing was kept.
    """
    submitted = review.submissions.filter(revision=review.revision).first()
    if submitted is None:
        return []
    later = {name: submitted.content.get(name) for name in ("overrides", "blind_rating")}
    return differences(submitted.content, content_of(review) | later)


def basis_of(content: Content) -> str:
    """Return the SHA-256 of the claim and the evidence in a content, in whatever order they stand.

    It is what a rating rests on: not the words of the verdict, nor what a source is taken to prove.
    """
    claim = content["claim"]
    evidence = [
        [
            found["source"]["id"],
            *(found[name] for name in ("summary", "passage", "note", "snapshot")),
        ]
        for found in content["evidence"]
    ]
    passages = [[passage["exact"], passage["snapshot"]] for passage in claim["passages"]]
    return digest_of(
        {name: claim[name] for name in ("text", "kind", "speaker", "stated_on")}
        | {"passages": sorted(passages), "evidence": sorted(evidence, key=str)}
    )


def digest_of(content: Content) -> str:
    """Return the SHA-256, in hexadecimal, of a content as JSON with sorted keys in UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _rating(rating: Rating) -> Content:
    return {
        "slug": rating.slug,
        "alternate_name": rating.alternate_name,
        "rating_value": rating.rating_value,
        "mark": rating.mark,
    }


def _blind_rating(review: Review, basis: str) -> Content | None:
    """Return the second rating of this claim and evidence, or None: what readers are told of it."""
    found = (
        review.blind_ratings.filter(basis=basis)
        .select_related("rating", "first_rating", "by")
        .first()
    )
    if found is None:
        return None
    return {
        "by": str(found.by),
        "rating": _rating(found.rating),
        "first_rating": _rating(found.first_rating),
        "resolution": found.resolution.text if found.differs and found.resolution else None,
    }


def _claim(claim: Claim) -> Content:
    return {
        "text": claim.text,
        "kind": claim.kind,
        "language": claim.language,
        "speaker": claim.speaker and claim.speaker.name,
        "stated_on": claim.stated_on,
        "selection_reason": claim.selection_reason,
        "passages": [
            {
                "exact": found.exact,
                "attribution": found.attribution,
                "speaker_role": found.speaker_role,
                "reported_by": found.reported_by,
                "attribution_note": found.attribution_note,
                "source": found.snapshot.source.title,
                "snapshot": found.snapshot.sha256,
            }
            for found in claim.appearances.select_related("snapshot__source").order_by("pk")
        ],
    }


def _contact(attempt: Any) -> Content:
    return {
        "asked": attempt.asked,
        "asked_on": _day(attempt.asked_on),
        "how": attempt.how,
        "deadline_on": _day(attempt.deadline_on),
        "answer": attempt.answer,
        "answered_on": _day(attempt.answered_on),
    }


def _evidence(found: Evidence) -> Content:
    return {
        "stance": found.stance,
        "is_primary": found.is_primary,
        "summary": found.summary,
        "passage": found.passage,
        "passage_language": found.passage_language,
        "translation": found.translation,
        "note": found.note,
        "snapshot": found.snapshot and found.snapshot.sha256,
        "source": _source(found.source),
    }


def _source(source: Source) -> Content:
    return {
        "id": source.pk,
        "kind": source.kind,
        "title": source.title,
        "url": source.url,
        "publisher": source.publisher and source.publisher.name,
        "author": source.author,
        "published_on": source.published_on,
        "access_note": source.access_note,
        "language": source.language,
        "interest": source.interest,
        "publisher_interests": source.publisher.interests if source.publisher else "",
        "is_confidential": source.is_confidential,
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


@dataclass(frozen=True)
class Difference:
    """A part that differs between two versions: its name, and what was removed and added."""

    part: str
    pieces: list[Piece]


def differences(old: Content, new: Content) -> list[Difference]:
    """Return the parts in which two contents differ, in the order of the page."""
    return [
        Difference(part, _pieces(before, after))
        for part, before, after in _parts(old, new)
        if before != after
    ]


def _pieces(before: str, after: str) -> list[Piece]:
    return [piece for piece in compare(before, after) if piece.text]


def _parts(old: Content, new: Content) -> Iterator[tuple[str, str, str]]:
    """Yield each part of two contents in words: its name, and how it stood and stands."""
    for name, say in _SAY.items():
        yield str(name), say(old), say(new)
    yield from _many(_("Passage"), old["claim"]["passages"], new["claim"]["passages"], _say_passage)
    yield from _many(_("Source"), *_comparable(old["evidence"], new["evidence"]), _say_evidence)
    yield from _many(_("Contact"), old["contact_attempts"], new["contact_attempts"], _say_contact)


def _comparable(old: list[Content], new: list[Content]) -> tuple[list[Content], list[Content]]:
    """Return two lists of evidence, without the interests of publishers unless both kept them."""
    if all("publisher_interests" in found["source"] for found in [*old, *new]):
        return old, new
    return _without_interests(old), _without_interests(new)


def _without_interests(evidence: list[Content]) -> list[Content]:
    unknown = {"publisher_interests": ""}
    return [found | {"source": found["source"] | unknown} for found in evidence]


def _many(
    part: str, old: list[Content], new: list[Content], say: Any
) -> Iterator[tuple[str, str, str]]:
    """Pair what two lists hold by what it is, and yield each pair in words.

    What is in one list only is paired with nothing.
    """
    before = _by_identity(old)
    after = _by_identity(new)
    for key in [*before, *(key for key in after if key not in before)]:
        yield f"{part}: {key[0]}", _say_if(say, before.get(key)), _say_if(say, after.get(key))


def _say_if(say: Callable[[Content], str], row: Content | None) -> str:
    return say(row) if row else ""


def _by_identity(rows: list[Content]) -> dict[tuple[Any, ...], Content]:
    found: dict[tuple[Any, ...], Content] = {}
    for row in rows:
        key: tuple[Any, ...] = _identity(row)
        while key in found:  # the same document twice: the second is another piece
            key = (*key, "again")
        found[key] = row
    return found


def _identity(row: Content) -> tuple[Any, ...]:
    if isinstance(row.get("source"), dict):
        return row["source"]["title"], row["source"]["id"]
    if "asked" in row:
        return row["asked"], row["asked_on"]
    return (row["source"],)


def _say_passage(passage: Content) -> str:
    return _lines(
        passage["exact"],
        passage["speaker_role"],
        passage["reported_by"],
        passage["attribution_note"],
    )


def _say_evidence(evidence: Content) -> str:
    source = evidence["source"]
    stance = Evidence.Stance(evidence["stance"]).label
    return _lines(
        f"{stance}; {_('primary source') if evidence['is_primary'] else _('secondary source')}",
        source["publisher"],
        source["author"],
        source["published_on"],
        source["url"],
        source.get("interest"),  # versions that were kept before there were any lack it
        source.get("publisher_interests"),
        evidence["summary"],
        evidence["passage"],
        evidence.get("passage_language"),  # versions that were kept before there were any lack them
        evidence.get("translation"),
        evidence["note"],
        source["access_note"],
        evidence["snapshot"],
    )


def _say_contact(attempt: Content) -> str:
    return _lines(
        f"{attempt['asked']}, {attempt['how']}, {attempt['asked_on']}",
        attempt["deadline_on"],
        attempt["answer"],
        attempt["answered_on"],
    )


def _say_blind_rating(content: Content) -> str:
    found = content.get("blind_rating")  # versions that were kept before there was one lack it
    if not found:
        return ""
    return _lines(f"{found['by']}: {found['rating']['alternate_name']}", found["resolution"])


def _lines(*parts: Any) -> str:
    return "\n".join(str(part) for part in parts if part)


def _yes(value: bool) -> str:
    return _("yes") if value else ""


_SAY: dict[Any, Any] = {
    gettext_lazy("Claim"): lambda content: content["claim"]["text"],
    gettext_lazy("Kind"): lambda content: str(Claim.Kind(content["claim"]["kind"]).label),
    gettext_lazy("Said by"): lambda content: content["claim"]["speaker"] or "",
    gettext_lazy("Stated on"): lambda content: content["claim"]["stated_on"] or "",
    gettext_lazy("Rating"): lambda content: (content["rating"] or {}).get("alternate_name", ""),
    gettext_lazy("What the rating means"): lambda content: (content["rating"] or {}).get(
        "definition", ""
    ),
    gettext_lazy("Labels"): lambda content: ", ".join(
        str(Label(label).label) for label in content["labels"]
    ),
    gettext_lazy("Finding"): lambda content: content["finding"],
    gettext_lazy("Why"): lambda content: content["rationale"],
    gettext_lazy("What would change this"): lambda content: content["what_would_change"],
    gettext_lazy("As of"): lambda content: content["as_of"] or "",
    gettext_lazy("To look again on"): lambda content: content["look_again_on"] or "",
    gettext_lazy("Confidence"): lambda content: (
        str(Review.Confidence(content["confidence"]).label) if content["confidence"] else ""
    ),
    gettext_lazy("Looked for evidence for it and found none"): lambda content: _yes(
        content["found_no_support"]
    ),
    gettext_lazy("Looked for evidence against it and found none"): lambda content: _yes(
        content["found_no_refutation"]
    ),
    gettext_lazy("Why one origin is enough"): lambda content: content["single_origin_reason"],
    gettext_lazy("Why the claimant was not asked"): lambda content: content["no_contact_reason"],
    gettext_lazy("Why we check it"): lambda content: content["claim"]["selection_reason"],
    gettext_lazy("Exceptions"): lambda content: "\n".join(content["overrides"].values()),
    gettext_lazy("Second rating, given blind"): _say_blind_rating,
    gettext_lazy("Public note"): lambda content: (content["correction"] or {}).get("note", ""),
    gettext_lazy("Written by"): lambda content: content["author"],
    gettext_lazy("Approved by"): lambda content: content["approver"] or "",
}
"""The parts that stand once in a version: their names, and how each is said."""
