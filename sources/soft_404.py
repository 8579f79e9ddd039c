"""Telling a page from one that says, with status 200, that the page is not there (a soft 404).

As Z. Bar-Yossef, A. Broder, R. Kumar and A. Tomkins do it (“Sic transit gloria telae”, WWW 2004):
where a site answers an address that cannot exist as it answers ours, ours is gone. That costs a
second request, so it is asked only of a page that has become another one.
"""

import re
import secrets
from collections import Counter

from .languages import WORDS
from .web_addresses import parse

SHORT = 1500
"""Characters. A longer text is a document, whatever stands in it."""
HEADING = 200
"""Characters at the beginning of a text in which a page says that it is not there."""
SAME_DOCUMENT = 0.5
"""The share of words in common from which two texts are versions of one document."""
SAME_ANSWER = 0.9
_SAYS_SO = re.compile(
    r"\b404\b|\b410\b|not found|no longer (?:available|exists?)|does(?: not|n['’]t) exist"
    r"|page introuvable|n['’]existe (?:pas|plus)|nicht gefunden|existiert nicht"
    r"|no encontrad[ao]|no existe|não encontrad[ao]|non trovat[ao]"
    r"|页面不存在|找不到|頁面不存在|ページが見つかりません|غير موجودة?|पृष्ठ नहीं मिला",
    re.IGNORECASE,
)


def leads_to_front_page(url: str, final_url: str) -> bool:
    """Say whether the address of a document led to the front page of a site."""
    return not _is_front_page(url) and _is_front_page(final_url)


def says_it_is_gone(title: str, text: str) -> bool:
    """Say whether a page is short and says in its title or its first words that it is not there."""
    return len(text) < SHORT and bool(_SAYS_SO.search(f"{title}\n{text[:HEADING]}"))


def likeness(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, from 0 to 1."""
    ours, theirs = (Counter(WORDS.findall(text.casefold())) for text in (one, other))
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


def impossible_address(url: str) -> str:
    """Return an address beside `url` at which nothing can be."""
    address = parse(url)
    folder = address.target.partition("?")[0].rpartition("/")[0]
    return f"{address.origin}{folder}/{secrets.token_hex(12)}"


def _is_front_page(url: str) -> bool:
    return parse(url).target in ("", "/")
