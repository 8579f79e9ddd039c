"""From the Markdown that reviewers write to HTML that is safe to show."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
    "h3", "h4", "h5", "h6", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_LOWEST_HEADING = 3
"""The page's own headings are h1 and h2; what a reviewer writes stands below them."""


def rationale_html(markdown: str) -> str:
    """Return safe HTML of a text in Markdown (CommonMark with tables).

    Raw HTML is shown as text, headings begin at h3, links lead away without passing on trust.
    """
    tokens = _MARKDOWN.parse(markdown)
    for token in tokens:
        _lower_heading(token)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )


def _lower_heading(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        level = max(_LOWEST_HEADING, min(6, int(token.tag[1]) + 1))
        token.tag = f"h{level}"
