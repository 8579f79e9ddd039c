"""From the Markdown that reviewers write to HTML that is safe to show."""

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
    "h2", "h3", "h4", "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
BELOW_A_SECTION = 3
"""Most pages have headings h1 and h2 of their own; what a reviewer writes stands below them."""


def rationale_html(markdown: str, highest: int = BELOW_A_SECTION) -> str:
    """Return safe HTML of a text in Markdown (CommonMark with tables).

    Raw HTML is shown as text, the highest headings are of the level `highest`, links lead away
    without passing on trust.
    """
    tokens = _MARKDOWN.parse(markdown)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    top = min((int(token.tag[1]) for token in headings), default=0)
    for token in headings:
        token.tag = f"h{min(6, highest + int(token.tag[1]) - top)}"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
