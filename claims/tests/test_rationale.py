"""From a reviewer's Markdown to safe HTML."""

import pytest

from claims.rationale import rationale_html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# What holds up", "<h3>What holds up</h3>\n"),
        ("## What does not", "<h3>What does not</h3>\n"),
        ("# Great\n\n### Small", "<h3>Great</h3>\n<h5>Small</h5>\n"),
        ("###### Alone", "<h3>Alone</h3>\n"),
        ("*Two* of **three**", "<p><em>Two</em> of <strong>three</strong></p>\n"),
    ],
)
def test_markdown_becomes_html_below_the_pages_own_headings(markdown, html):
    assert rationale_html(markdown) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src="https://elsewhere.example/x" onerror="alert(1)">',
        "![x](https://elsewhere.example/x.png)",
        '<a href="x" style="position:fixed">x</a>',
    ],
)
def test_nothing_hostile_survives(hostile):
    html = rationale_html(hostile)

    for sign in ("<script", "<img", 'href="javascript', '<a href="x"'):
        assert sign not in html


def test_a_link_passes_on_no_trust():
    html = rationale_html("[The paper](https://example.org/paper)")

    assert html == (
        '<p><a href="https://example.org/paper" rel="nofollow noopener">The paper</a></p>\n'
    )
