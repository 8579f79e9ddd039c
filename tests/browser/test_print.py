"""Pages on paper, and words that run from right to left."""

import pytest

from claims.models import Claim

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def on_paper(open_page, path):
    page = open_page(path, width=680)
    page.emulate_media(media="print")
    return page


def is_shown(page, selector):
    return any(found.is_visible() for found in page.locator(selector).all())


@pytest.fixture
def verdict(site):
    """The address of a claim with a verdict that rests on something that has an address."""
    claims = Claim.objects.published().exclude(reviews__evidence__source__url="")
    return claims.filter(reviews__evidence__isnull=False).first().get_absolute_url()


def test_a_claim_on_paper_begins_with_its_verdict_and_names_the_addresses(open_page, verdict):
    page = on_paper(open_page, verdict)

    assert page.locator(".verdict").bounding_box()["y"] < 400
    assert page.locator(".verdict details p").is_visible()
    printed = page.locator(".src a[href^=http]").first
    content = printed.evaluate("each => getComputedStyle(each, '::after').content")
    assert printed.get_attribute("href") in content
    assert page.locator(".paper").inner_text() == page.url
    for selector in (".nav", ".crumbs", "search", ".foot a", "#frame", "#related", ".btn"):
        assert not is_shown(page, selector), selector


def test_an_article_on_paper_has_its_notes_below_each_paragraph(open_page, article):
    page = on_paper(open_page, article)

    paragraph = page.locator(".para:has(.note)").first
    text, note = paragraph.locator("p").first, paragraph.locator(".note").first
    assert note.bounding_box()["y"] >= text.bounding_box()["y"] + text.bounding_box()["height"]
    # A number ties the mark to its note.
    number = paragraph.locator("a.ref").first.inner_text()
    assert note.locator("b").inner_text() == f"Claim {number}"
    for selector in ("button.ref", ".note a", ".shut", ".nav", ".crumbs"):
        assert not is_shown(page, selector), selector


EDGES = """element => {
    const text = element.firstChild, range = document.createRange();
    const left = at => {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        return range.getBoundingClientRect().left;
    };
    return [left(0), left(6)];
}"""


@pytest.mark.parametrize("of_page", ["ltr", "rtl"])
def test_words_run_as_their_script_does_whatever_the_page(open_page, article, of_page):
    page = open_page(article)
    page.evaluate("dir => document.documentElement.dir = dir", of_page)
    first, second = page.locator(".art .para > p").all()[:2]
    first.evaluate("each => each.textContent = 'تضاعفت الضرائب.'")
    second.evaluate("each => each.textContent = 'Taxes rose.'")

    arabic, english = first.evaluate(EDGES), second.evaluate(EDGES)

    assert arabic[0] > arabic[1]
    assert english[0] < english[1]
    # Each begins at the edge where its script begins.
    box = first.bounding_box()
    assert arabic[0] > box["x"] + box["width"] - 30
    assert english[0] < second.bounding_box()["x"] + 30
