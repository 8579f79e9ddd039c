"""Answers cut down to the fields that were asked for, as in Google’s APIs (partial responses)."""

import re
from collections.abc import Iterator
from typing import Any

Mask = dict[str, "Mask"]
"""Names of fields, each with those wanted inside of it; none inside means all of it."""

_SIGNS = re.compile(r"[A-Za-z0-9_*]+|[(),/]")
_MOST_SIGNS, _DEEPEST = 200, 10


class InvalidMask(ValueError):
    """What was asked for is no field mask."""


def parse(text: str) -> Mask:
    """Return the fields that a mask names, such as "claims(text,claimReview/url),nextPageToken".

    A star stands for any name. Raises InvalidMask.
    """
    signs = _SIGNS.findall(text)
    if "".join(signs) != text.replace(" ", "") or len(signs) > _MOST_SIGNS:
        raise InvalidMask(text)
    mask: Mask = {}
    _fill(mask, iter([*signs, ""]), depth=0)
    return mask


def masked(value: Any, mask: Mask) -> Any:
    """Return the parts of a document that the mask names."""
    if not mask:
        return value
    if isinstance(value, list):
        return [masked(each, mask) for each in value]
    if not isinstance(value, dict):
        return value
    wanted = {name: mask.get(name, mask.get("*")) for name in value}
    return {name: masked(value[name], inner) for name, inner in wanted.items() if inner is not None}


def _fill(mask: Mask, signs: Iterator[str], depth: int) -> None:
    here, last = mask, ""
    for sign in signs:
        if sign in ("", ")"):
            if (sign == ")") != bool(depth) or not last:
                break
            return
        if sign == ",":
            here, last = mask, ""
        elif sign == "(" and last and depth < _DEEPEST:
            _fill(here, signs, depth + 1)
        elif sign not in ("(", "/"):
            last = sign
            here = here.setdefault(sign, {})
    raise InvalidMask("".join(mask))
