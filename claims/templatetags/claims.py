"""What templates of claims need: dates, rationale, JSON-LD, names of languages."""

import html
import json
import re
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext

from sources.partial_dates import spell_out

from ..gate import LINES
from ..models import Correction, Evidence, Label
from ..organization import breadcrumbs
from ..rationale import BELOW_A_SECTION, rationale_html
from ..steps import STEPS
from ..text_fragment import link_to_words

register = template.Library()

_AS_TYPED = re.compile(r"(<(?:pre|textarea)\b.*?</(?:pre|textarea)>)", re.S)
_BETWEEN_ELEMENTS = re.compile(r">\s*\n\s*<")

_TAG, _HREF = re.compile(r"<[^>]*>"), re.compile(r'href="([^"]*)"')

# A data block ends at "</script>" whatever stands in it, and U+2028 and U+2029 end lines in old
# JavaScript: as escapes they mean the same to a JSON parser.
_JSON_ESCAPES = {
    ord(character): f"\\u{ord(character):04x}" for character in ("<", ">", "&", "\u2028", "\u2029")
}


@register.filter
def partial_date(value: str) -> str:
    """Return a day, month or year in words. Empty stays empty."""
    return spell_out(value) if value else ""


@register.filter
def language(tag: str) -> str:
    """Return the name of a language, or its tag when it has no name we know."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


@register.filter
def at_words(url: str, words: str) -> str:
    """Return the address that opens a page at the words on it, or as it is without words."""
    return link_to_words(url, words)


@register.filter
def verb_name(verb: str) -> str:
    """Return a verb of the workflow in words, as on its button."""
    return str(STEPS[verb].word) if verb in STEPS else verb


@register.filter
def gate_line(name: str) -> str:
    """Return a line of the gate in words."""
    return str(LINES.get(name, name))


@register.filter
def stance_name(stance: str) -> str:
    """Return a stance in words."""
    return str(Evidence.Stance(stance).label)


@register.filter
def label_name(label: str) -> str:
    """Return a label of a verdict in words."""
    return str(Label(label).label)


@register.filter
def correction_kind(kind: str) -> str:
    """Return the kind of a correction in words."""
    return str(Correction.Kind(kind).label)


@register.filter
def as_datetime(moment: date | None) -> str:
    """Return a day, or a moment to the second, as HTML has it; nothing for none."""
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""


class _Grouped(int):
    """A number that is written with its digits in groups, as the reader's language has it."""

    def __str__(self) -> str:
        return str(number_format(int(self), force_grouping=True))


@register.filter
def grouped(number: int) -> _Grouped:
    """Return a count for readers: 1,328 in English, 1 328 in French.

    It is still a number, as `blocktranslate count` wants one. Numbers of claims are no counts.
    """
    return _Grouped(number)


@register.filter
def markdown(text: str, highest: int = BELOW_A_SECTION) -> SafeString:
    """Return a reviewer's Markdown as safe HTML, its headings from the level `highest` on."""
    return mark_safe(rationale_html(text, highest))  # noqa: S308 (cleaned by nh3)


@register.simple_block_tag
def page_title(content: str, site_name: str) -> SafeString:
    """Return the title of a page, for browsers and for those who show a link to it."""
    text = _text(content)
    return format_html(
        '<title>{} – {}</title>\n<meta property="og:title" content="{}">\n'
        '<meta property="og:image:alt" content="{}">',
        text, site_name, text, text,
    )  # fmt: skip


@register.simple_block_tag
def page_description(content: str) -> SafeString:
    """Return what a page says in a sentence, for the same; nothing for a page that names none."""
    text = _text(content)
    if not text:
        return SafeString("")
    return format_html(
        '<meta name="description" content="{}">\n<meta property="og:description" content="{}">',
        text, text,
    )  # fmt: skip


def _text(rendered: str) -> str:
    """Return the words of what a template rendered: whatever was escaped there is so no more."""
    return " ".join(html.unescape(rendered).split())


@register.simple_block_tag
def page_icons(content: str) -> SafeString:
    """Return the content after those icons that it uses; each page would carry all of them else."""
    used = set(re.findall(r'href="#(i-[\w-]+)"', content))
    symbols = "\n".join(symbol for name, symbol in _icons() if name in used)
    return mark_safe(  # noqa: S308 (both were rendered by templates)
        f'<svg class="sprite" aria-hidden="true">\n{symbols}\n</svg>\n{_closed_up(content)}'
    )


def _closed_up(content: str) -> str:
    """Return HTML without the white space that templates leave between elements.

    What stands in a `pre` or a `textarea` is as it was typed.
    """
    parts = _AS_TYPED.split(content)
    parts[::2] = [_BETWEEN_ELEMENTS.sub(">\n<", part) for part in parts[::2]]
    return "".join(parts)


@cache
def _icons() -> list[tuple[str, str]]:
    sprite = get_template("_icons.html").render()
    return [
        (found[1], found[0])
        for found in re.finditer(r'<symbol id="(i-[\w-]+)".*?</symbol>', sprite, re.S)
    ]


@register.simple_block_tag(takes_context=True)
def crumbs(context: dict[str, Any], content: str) -> SafeString:
    """Return where a page stands, for readers and as JSON-LD.

    The content has an `li` for each page above this one, with a link, and one for this page.
    """
    steps = [(_text(_TAG.sub("", step)), _HREF.search(step)) for step in content.split("</li>")]
    document = breadcrumbs(
        [(word, html.unescape(link[1])) for word, link in steps if link],
        next(word for word, link in reversed(steps) if word and not link),
        origin=context["origin"],
    )
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol role="list">{}</ol></nav>\n{}',
        gettext("You are here"),
        mark_safe(content.strip()),  # noqa: S308 (rendered by a template)
        json_ld(document),
    )  # fmt: skip


@register.simple_tag
def json_ld(document: dict[str, Any]) -> SafeString:
    """Return a script element that holds the document as JSON-LD, whatever its strings contain."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text.translate(_JSON_ESCAPES)),  # noqa: S308 (cannot end the element)
    )
