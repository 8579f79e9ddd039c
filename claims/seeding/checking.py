"""Reading the seed's files, and refusing them whole when anything in them is wrong."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from sources.models import Source
from sources.partial_dates import first_day

from ..anchoring import AnchoringError, anchor
from ..models import Appearance, Claim, Evidence, Rating, Speaker
from ..models.rating import validate_translations

ATTRIBUTIONS = {
    "direct quote": Appearance.Attribution.DIRECT_QUOTE,
    "reported speech": Appearance.Attribution.REPORTED_SPEECH,
    "article's own assertion": Appearance.Attribution.OWN_WORDS,
}
RATINGS = {"half-true": "mixed"}
"""The seed's words for ratings that we call otherwise."""

Check = Callable[[Any], bool]


class SeedError(ValueError):
    """The seed cannot be loaded. `problems` names each claim and field, and what is wrong there."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_text(path: Path) -> str:
    """Return a UTF-8 file, character for character. Raises SeedError when it cannot be read."""
    try:
        return path.read_bytes().decode()
    except (OSError, ValueError) as error:
        raise SeedError([f"{path.name}: {error}"]) from error


def read_json(path: Path) -> Any:
    """Return what a JSON file holds. Raises SeedError when it cannot be read."""
    try:
        return json.loads(read_text(path))
    except ValueError as error:
        raise SeedError([f"{path.name}: {error}"]) from error


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text_or_null(value: Any) -> bool:
    return value is None or _text(value)


def _date_or_null(value: Any) -> bool:
    if value is None:
        return True
    try:
        first_day(value)
    except (ValueError, TypeError):
        return False
    return True


def _string(value: Any) -> bool:
    return isinstance(value, str)


def _texts_by_name(kind: type) -> Check:
    return lambda value: (
        isinstance(value, dict) and all(isinstance(said, kind) for said in value.values())
    )


def _number(value: Any) -> bool:
    return type(value) is int and value >= 0


def _one_of(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


CLAIM: dict[str, Check] = {
    "quote": _text,
    "start": _number,
    "end": _number,
    "text": _text,
    "speaker": lambda value: isinstance(value, dict),
    "reported_by": _text_or_null,
    "attribution": _one_of(*ATTRIBUTIONS),
    "claim_date": _date_or_null,
    "topics": lambda value: isinstance(value, list) and all(map(_text, value)),
    "checkable": _one_of(*Claim.Kind.values),
    "status": _one_of("verdict", "in-review"),
    "rating": _text_or_null,
    "confidence": _text_or_null,
    "as_of": _date_or_null,
    "rationale": _text_or_null,
    "attribution_check": _text_or_null,
    "what_would_settle": _text_or_null,
    "notes": _text_or_null,
    "sources": lambda value: isinstance(value, list),
}
SPEAKER: dict[str, Check] = {
    "name": _text,
    "description": _text_or_null,
    "affiliation": _text_or_null,
}
SOURCE: dict[str, Check] = {
    "url": _text,
    "title": _text,
    "publisher": _text_or_null,
    "author": _text_or_null,
    "published": _date_or_null,
    "stance": _one_of(*Evidence.Stance.values),
    "excerpt": _text,
    "kind": _one_of("primary", "secondary"),
    "note": _text_or_null,
}


def _translations(value: Any) -> bool:
    try:
        validate_translations(value)
    except ValidationError:
        return False
    return True


RATING: dict[str, Check] = {
    "slug": _text,
    "alternate_name": _text,
    "definition": _text,
    "mark": _one_of(*Rating.Mark.values),
    "position": _number,
    "test": _string,
    "rating_value": lambda value: value is None or _number(value),
    "translations": _translations,
}
ROLE: dict[str, Check] = {
    "name": _text,
    "permissions": lambda value: (
        isinstance(value, list) and all(_text(name) and name.count(".") == 1 for name in value)
    ),
}
ADDITIONS: dict[str, Check] = {
    "article": lambda value: isinstance(value, dict),
    "original": lambda value: isinstance(value, dict),
    "access_note": _text,
    "selection_reason": _text,
    "no_speaker": _text,
    "speakers": _texts_by_name(dict),
    "speaker_roles": _texts_by_name(str),
    "topics": _texts_by_name(str),
    "source_kinds": _texts_by_name(str),
    "findings": _texts_by_name(str),
    "no_contact_reason": _text,
    "single_origin_reasons": _texts_by_name(str),
    "publisher_groups": _texts_by_name(str),
}
KNOWN_SPEAKER: dict[str, Check] = {"name": _text, "kind": _one_of(*Speaker.Kind.values)}
DOCUMENT: dict[str, Check] = {
    "title": _text,
    "url": _string,
    "kind": _one_of(*Source.Kind.values),
    "author": _string,
    "published_on": _string,
    "language": _string,
    "access_note": _text,
}


def check_rows(file: str, rows: Any, fields: dict[str, Check], key: str) -> None:
    """Raise SeedError naming every row and field of a list of objects that cannot be loaded."""
    if not isinstance(rows, list):
        raise SeedError([f"{file}: a list is needed"])
    problems = [
        f"{file}, {(isinstance(row, dict) and row.get(key)) or position}, {field}: {sentence}"
        for position, row in enumerate(rows, start=1)
        for field, sentence in (*_shape_problems(row, fields, ""), *_unknown_fields(row, fields))
    ]
    if problems:
        raise SeedError(problems)


def _unknown_fields(row: Any, fields: dict[str, Check]) -> list[tuple[str, str]]:
    names = row if isinstance(row, dict) else {}
    return [(name, "is not known here") for name in names if name not in fields]


def check_additions(additions: Any) -> None:
    """Raise SeedError naming every field of additions.json that cannot be loaded."""
    problems = list(_shape_problems(additions, ADDITIONS, ""))
    if not problems:
        for name in ("article", "original"):
            problems += _shape_problems(additions[name], DOCUMENT, f"{name}.")
        for name, speaker in additions["speakers"].items():
            problems += _shape_problems(speaker, KNOWN_SPEAKER, f"speakers.{name}.")
    if problems:
        raise SeedError([f"additions.json, {field}: {sentence}" for field, sentence in problems])


def check_claims(claims: Any, text: str, additions: dict[str, Any], ratings: set[str]) -> None:
    """Raise SeedError naming every claim and field of the seed that cannot be loaded.

    `text` is the article; `ratings` are the slugs of the scale.
    """
    if not isinstance(claims, list):
        raise SeedError(["claims.json: a list of claims is needed"])
    problems = []
    for position, claim in enumerate(claims, start=1):
        if not isinstance(claim, dict) or not _text(claim.get("id")):
            problems.append(f"claim {position}, id: missing")
            continue
        for field, sentence in _claim_problems(claim, text, additions, ratings):
            problems.append(f"{claim['id']}, {field}: {sentence}")
    if problems:
        raise SeedError(problems)


def _claim_problems(
    claim: dict[str, Any], text: str, additions: dict[str, Any], ratings: set[str]
) -> Iterator[tuple[str, str]]:
    shape = list(_shape_problems(claim, CLAIM, ""))
    yield from shape
    if shape:
        return
    yield from _shape_problems(claim["speaker"], SPEAKER, "speaker.")
    yield from _passage_problems(claim, text)
    yield from _verdict_problems(claim, additions, ratings)
    for topic in claim["topics"]:
        if topic not in additions["topics"]:
            yield "topics", f"“{topic}” has no name in additions.json"
    for position, source in enumerate(claim["sources"]):
        yield from _shape_problems(source, SOURCE, f"sources[{position}].")


def _shape_problems(row: Any, fields: dict[str, Check], prefix: str) -> Iterator[tuple[str, str]]:
    if not isinstance(row, dict):
        yield prefix.rstrip("."), "is not an object"
        return
    for field, is_right in fields.items():
        if field not in row:
            yield prefix + field, "missing"
        elif not is_right(row[field]):
            yield (
                prefix + field,
                f"{json.dumps(row[field], ensure_ascii=False)} is not allowed here",
            )


def _passage_problems(claim: dict[str, Any], text: str) -> Iterator[tuple[str, str]]:
    try:
        passage = anchor(text, claim["quote"], claim["start"])
    except AnchoringError:
        occurs = claim["quote"] in text
        yield (
            ("start", "the quote does not stand there in the article")
            if occurs
            else ("quote", "does not occur in the article")
        )
    else:
        if passage.end != claim["end"]:
            yield "end", f"the quote ends at {passage.end}"


def _verdict_problems(
    claim: dict[str, Any], additions: dict[str, Any], ratings: set[str]
) -> Iterator[tuple[str, str]]:
    if claim["status"] != "verdict":
        return
    rating = RATINGS.get(claim["rating"], claim["rating"])
    if rating not in ratings:
        yield "rating", f"“{rating}” is not on the scale ({', '.join(sorted(ratings))})"
    if not claim["rationale"]:
        yield "rationale", "missing"
    if claim["id"] not in additions["findings"]:
        yield "finding", "missing in additions.json"
