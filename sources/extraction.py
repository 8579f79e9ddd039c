"""What a document says: its words, and what it tells of itself.

The text is in Unicode's composed form (NFC), its lines end in "\n", and it holds no NUL, which
PostgreSQL cannot store. Passages are positions in this text, in code points, so none of that may
change once a text is kept.
"""

import io
import json
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext_noop as _

from .languages import LANGUAGE_TAG
from .partial_dates import first_day

MOST_BYTES_OF_HTML = 5_000_000
"""A page is read so far. Beyond lie embedded images and bombs: a tree takes ten times its HTML."""
SHORTEST_ARTICLE = 100
"""Characters. Where less is found, all words of a page are taken, without its paragraphs."""
MOST_CHARACTERS = 2_000_000
MOST_PAGES = 500
# Sentences are translated where they are shown: documents are read in a process without Django.
CUT_HTML = _("Only the first 5 MB of the page were read.")
CUT_PDF = _("Only its first 500 pages were read.")
CUT_PAGES = _("Pages that take too much memory to read were left out.")
ALL_WORDS = _("Its article could not be told from the rest of the page: all words were kept.")
CUT_TEXT = _("Only its first two million characters were read.")
HTML = ("text/html", "application/xhtml+xml")
PDF = "application/pdf"
_PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?=$|[T ])", re.ASCII)
_LANGUAGE = re.compile(LANGUAGE_TAG, re.ASCII)


class Unreadable(Exception):
    """The document cannot be read. Its words are a sentence for the reviewer, to be translated."""


@dataclass(frozen=True)
class Extracted:
    """What a document says. What it does not tell is empty.

    `guessed` names the fields that the document does not state in so many words, and `note` says
    what of it was not read.
    """

    text: str = ""
    title: str = ""
    publisher: str = ""
    authors: str = ""
    published_on: str = ""
    language: str = ""
    guessed: frozenset[str] = field(default_factory=frozenset)
    note: str = ""


def extract(body: bytes, content_type: str, url: str = "", charset: str | None = None) -> Extracted:
    """Return what a document says.

    Of pages and text, `charset` is what the server named, if it did. A document of another type,
    such as an image, has no text. Raises Unreadable.
    """
    readers: dict[str, Callable[[], Extracted]] = {
        **dict.fromkeys(HTML, lambda: _of_html(body, url, charset)),
        PDF: lambda: _of_pdf(body),
        "text/plain": lambda: _bounded(Extracted(text=_decoded(body, charset))),
    }
    reader = readers.get(content_type)
    return reader() if reader else Extracted()


def _bounded(found: Extracted, note: str = "") -> Extracted:
    """Return what was found, tidied, no longer than its fields, and with a note of what is cut."""
    most = 2 * MOST_CHARACTERS  # tidying makes a text shorter, and takes memory
    text = _tidy(found.text[:most])
    if len(text) > MOST_CHARACTERS or len(found.text) > most:
        text = text[:MOST_CHARACTERS]
        note = note or CUT_TEXT
    told = {
        "title": _line(found.title, 500),
        "publisher": _line(found.publisher, 200),
        "authors": _line(found.authors, 300),
        "published_on": _date(found.published_on),
        "language": found.language if _LANGUAGE.fullmatch(found.language[:36]) else "",
    }
    guessed = frozenset(name for name in found.guessed if told[name])
    return Extracted(text=text, guessed=guessed, note=note, **told)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return unicodedata.normalize("NFC", text.encode(errors="replace").decode()).strip()


def _line(words: str, length: int) -> str:
    return " ".join(_tidy(words).split())[:length]


def _date(said: str) -> str:
    """Return as much of a date as it says, or nothing when there is no such day."""
    match = _PARTIAL_DATE.match(said.strip())
    try:
        first_day(match.group() if match else "")
    except ValueError:
        return ""
    return match.group() if match else ""


def _decoded(body: bytes, charset: str | None) -> str:
    """Return the words of a plain text: as the server said, else as UTF-8, else as Windows does."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    for name in (charset, "utf-8-sig"):
        try:
            return body.decode(name or "utf-8-sig")
        except (ValueError, LookupError):  # a name may be anything, such as one with a NUL
            continue
    return body.decode("cp1252", errors="replace")


# Pages


def _of_html(body: bytes, url: str, charset: str | None) -> Extracted:
    import trafilatura  # half a second and 40 MB, so only where a page is read
    from lxml.etree import LxmlError
    from trafilatura.settings import use_config

    page = _page(body[:MOST_BYTES_OF_HTML], charset)
    note = CUT_HTML if len(body) > MOST_BYTES_OF_HTML else ""
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(SHORTEST_ARTICLE))
    found: Any = None
    text = ""
    declared = _declared(None)
    try:
        tree = trafilatura.load_html(page)
        declared = _declared(tree)
        found = tree is not None and trafilatura.bare_extraction(
            tree, url=url or None, with_metadata=True, include_comments=False, favor_recall=True,
            config=config,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )  # fmt: skip
        text = (found and found.text) or trafilatura.html2txt(page)
    except (MemoryError, LxmlError):
        pass  # all that it took is free again, and the words alone take little
    except (RecursionError, ValueError) as error:
        raise Unreadable(_("The page is built in a way that cannot be read.")) from error
    told = _bounded(_told(text or "", found, declared), note)
    return told if told.text else _with_all_words(told, page)


def _with_all_words(told: Extracted, page: bytes | str) -> Extracted:
    """Return what was told of a page with all its words, read without a tree in memory."""
    from lxml import etree  # comes with trafilatura

    parser: Any = etree.HTMLParser(target=_Words())
    try:
        text: str = etree.fromstring(page, parser)
    except (etree.LxmlError, ValueError, MemoryError):
        return told
    lines = (" ".join(line.split()) for line in text[:MOST_CHARACTERS].split("\n"))
    words = _tidy("\n".join(filter(None, lines)))
    return replace(told, text=words, note=told.note or ALL_WORDS) if words else told


class _Words:
    """Takes a page as it is read, and keeps its words, each block in a line of its own."""

    UNSEEN = frozenset({"script", "style", "noscript", "template", "title"})
    IN_LINE = frozenset({"a", "abbr", "b", "em", "i", "q", "small", "span", "strong", "sub", "sup"})

    def __init__(self) -> None:
        self.words: list[str] = []
        self.unseen = 0

    def start(self, tag: str, _attributes: Any) -> None:
        """Note that an element begins."""
        self.unseen += tag in self.UNSEEN
        if tag not in self.IN_LINE:
            self.words.append("\n")

    def end(self, tag: str) -> None:
        """Note that it ends."""
        self.unseen -= tag in self.UNSEEN

    def data(self, words: str) -> None:
        """Keep words that readers see."""
        if not self.unseen:
            self.words.append(words)

    def close(self) -> str:
        """Return all of them."""
        return "".join(self.words)


def _page(body: bytes, charset: str | None) -> bytes | str:
    """Return the page as the server said it is written; else it is guessed from the bytes."""
    try:
        return body.decode(charset) if charset else body
    except (ValueError, LookupError):  # a name may be anything, such as one with a NUL
        return body


def _told(text: str, found: Any, declared: dict[str, list[str]]) -> Extracted:
    """Return what the page tells of itself; what it does not declare in its head is a guess."""
    told = {
        "title": (found and found.title) or next(filter(None, declared["title"]), ""),
        "publisher": (found and found.sitename) or "",
        "authors": (found and found.author) or "",
        "published_on": next(filter(_date, declared["published_on"]), ""),
        "language": next(iter(declared["language"]), ""),
    }
    guessed = {
        name
        for name in ("title", "publisher", "authors")
        if _line(told[name], 500) not in declared[name]
    }
    if not told["published_on"] and found and found.date:
        told["published_on"] = _without_made_up_days(found.date)
        guessed.add("published_on")
    return Extracted(text=text, guessed=frozenset(guessed), **told)


def _without_made_up_days(day: str) -> str:
    """Return a guessed day as far as it can be believed.

    Where a page shows a month or a year only, trafilatura answers with its first day.
    """
    return day.removesuffix("-01").removesuffix("-01") if day.endswith("-01") else day


DECLARED = {
    "title": ("og:title", "citation_title", "dc.title", "twitter:title"),
    "publisher": ("og:site_name", "citation_publisher", "dc.publisher"),
    "authors": ("author", "citation_author", "dc.creator", "article:author"),
    "published_on": (
        "article:published_time", "citation_publication_date", "date", "dc.date", "dc.date.issued",
        "dcterms.issued", "datepublished",
    ),
}  # fmt: skip
"""The names under which pages declare what they are."""


def _declared(tree: Any) -> dict[str, list[str]]:
    """Return what the page says of itself in its head, by our names: what is there is no guess."""
    said: dict[str, list[str]] = {name: [] for name in (*DECLARED, "language")}
    if tree is None:
        return said
    metas = [
        ((meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(), meta)
        for meta in islice(tree.iter("meta"), 500)
    ]
    for name, names in DECLARED.items():
        for wanted in names:
            said[name] += [_line(m.get("content") or "", 500) for key, m in metas if key == wanted]
    said["title"] += [_line(title.text or "", 500) for title in islice(tree.iter("title"), 1)]
    said["language"] += [tree.get("lang") or ""]
    for thing in _linked_data(tree):
        _add_linked_data(said, thing)
    return said


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the things that the page describes as JSON-LD."""
    for script in islice(tree.iter("script"), 500):
        if script.get("type") != "application/ld+json":
            continue
        try:
            described = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        things = described if isinstance(described, list) else [described]
        for thing in things:
            if isinstance(thing, dict):
                graph = thing.get("@graph")
                inner = graph if isinstance(graph, list) else []
                yield from (each for each in (thing, *inner) if isinstance(each, dict))


def _add_linked_data(said: dict[str, list[str]], thing: dict[str, Any]) -> None:
    for name, key in (("title", "headline"), ("published_on", "datePublished")):
        if isinstance(thing.get(key), str):
            said[name].append(_line(thing[key], 500))
    for name, key in (("publisher", "publisher"), ("authors", "author")):
        who = thing.get(key)
        people = who if isinstance(who, list) else [who]
        names = [one.get("name") for one in people if isinstance(one, dict)]
        said[name].append(_line("; ".join(one for one in names if isinstance(one, str)), 500))


# PDF


def _of_pdf(body: bytes) -> Extracted:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # Of a broken file it would write ten thousand lines to our log.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    too_large: list[int] = []
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(_("The PDF is locked with a password."))
        count = len(reader.pages)
        text = "\n\n".join(_pages(reader, too_large))
        told = _told_by_pdf(reader)
    except Unreadable:
        raise
    except (PyPdfError, RecursionError, ValueError, KeyError, TypeError, AttributeError) as error:
        # pypdf meets what is broken with whatever Python says of it
        raise Unreadable(_("The PDF is damaged and cannot be read.")) from error
    note = CUT_PDF if count > MOST_PAGES else CUT_PAGES if too_large else ""
    return _bounded(Extracted(text=text, guessed=frozenset(told), **told), note)


def _pages(reader: Any, too_large: list[int]) -> Iterator[str]:
    """Yield the text of each page until there is enough of it; name those that are too large."""
    length = 0
    for number, page in enumerate(islice(reader.pages, MOST_PAGES), start=1):
        text = ""
        try:
            text = page.extract_text()
        except MemoryError:
            too_large.append(number)
        length += len(text)
        yield text
        if length > MOST_CHARACTERS:
            return


def _told_by_pdf(reader: Any) -> dict[str, str]:
    """Return what the file tells of itself. Often nobody filled that in by hand: all is a guess."""
    told = reader.metadata
    if told is None:
        return {}
    made = told.creation_date
    return {
        "title": str(told.title or ""),
        "authors": str(told.author or ""),
        "published_on": made.date().isoformat() if made else "",
    }
