"""The link that opens a live page at the quoted words.

A text directive (WICG, “URL Fragment Text Directives”): `#:~:text=start` or `#:~:text=start,end`.
A browser that knows none opens the page at its top.
"""

from urllib.parse import quote

LONGEST_WHOLE = 300
"""Code points of a passage that is named whole; of a longer one its ends, as browsers advise."""
WORDS_AT_AN_END = 8

_DIRECTIVE = ":~:"


def link_to_words(url: str, words: str) -> str:
    """Return the address that opens the page at `url` where `words` stand on it.

    A fragment that the address has stays: a page may need it. Of words over several lines, and of
    long ones, only both ends are named, since `start` alone is not looked for beyond one block of a
    page. Without words the address is returned as it is.
    """
    lines = [line.split() for line in words.splitlines() if line.split()]
    if not lines:
        return url
    page, _sign, fragment = url.partition("#")
    kept, _sign, _directive = fragment.partition(_DIRECTIVE)
    return f"{page}#{kept}{_DIRECTIVE}text={_terms(lines)}"


def _terms(lines: list[list[str]]) -> str:
    first, last = lines[0], lines[-1]
    if len(lines) == 1 and len(" ".join(first)) <= LONGEST_WHOLE:
        return _term(first)
    if len(lines) == 1:
        # Ends that overlap would match nothing: the end is looked for after the start.
        middle = len(first) // 2
        first, last = first[:middle], first[middle:]
    ends = [_term(end) for end in (first[:WORDS_AT_AN_END], last[-WORDS_AT_AN_END:]) if end]
    return ",".join(ends)


def _term(words: list[str]) -> str:
    # A dash, a comma and an ampersand part the terms of a directive; `quote` leaves the dash.
    return quote(" ".join(words), safe="").replace("-", "%2D")
