"""“Cite this check”: one version of a verdict as BibTeX and as CSL-JSON.

A version never changes, so its address is what is cited.
"""

import re
from typing import Any

from django.utils import timezone

from .models import Review

_ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


def as_csl(review: Review, *, content: dict[str, Any], address: str, site: str) -> dict[str, Any]:
    """Return a version as an item of CSL-JSON (citationstyles.org, schema csl-data 1.0).

    `content` is what `versions.for_readers` gives of it.
    """
    day = timezone.localdate(review.published_at)
    return {
        "id": f"claim-{review.claim_id}-v{review.number}",
        "type": "webpage",
        "title": _title(content),
        "author": [{"literal": content["author"]}],
        "container-title": site,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": str(review.number),
        "language": content["claim"]["language"],
        "URL": address,
    }


def as_bibtex(review: Review, *, content: dict[str, Any], address: str, site: str) -> str:
    """Return a version as an entry of BibTeX, in the fields that BibLaTeX reads too."""
    day = timezone.localdate(review.published_at)
    fields = {
        "author": f"{{{_tex(content['author'])}}}",
        "title": f"{{{_tex(_title(content))}}}",
        "howpublished": _tex(site),
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        "version": str(review.number),
        "url": re.sub(r"[{}\\\s]", "", address),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{claim-{review.claim_id}-v{review.number},\n{lines}}}\n"


def _title(content: dict[str, Any]) -> str:
    return f"{content['rating']['alternate_name']}: {content['claim']['text']}"


def _tex(text: str) -> str:
    return "".join(_ESCAPED.get(sign, sign) for sign in " ".join(text.split()))
