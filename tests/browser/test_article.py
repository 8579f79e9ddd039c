"""The seed article as its readers use it."""

import json
import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SEED = Path(__file__).parent.parent.parent / "seeds" / "article" / "claims.json"
READERS = [
    pytest.param(
        {"java_script_enabled": script, "width": width, "color_scheme": scheme},
        id=f"{width}-{scheme}-{'with' if script else 'without'}-scripts",
    )
    for script in (True, False)
    for width in (1280, 360)
    for scheme in ("light", "dark")
]


def tab_to(page, selector, *, most=300):
    """Press Tab until what `selector` names has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.locator(f":is({selector}):focus").count():
            return
    raise AssertionError(f"Tab never reaches {selector} on {page.url}.")


def seed_quotes():
    claims = json.loads(SEED.read_text())
    return [claim["quote"] for claim in sorted(claims, key=lambda claim: claim["start"])]


def test_article_shows_each_quote_of_the_seed_character_for_character(open_page, article):
    page = open_page(article)

    highlights = page.locator("mark.hl").all_text_contents()

    assert len(highlights) == 18
    assert highlights == seed_quotes()


@pytest.mark.parametrize("reader", READERS)
def test_reader_goes_from_a_highlight_to_its_claim_and_back_with_the_keyboard(
    open_page, article, reader
):
    page = open_page(article, **reader)
    number = page.locator("mark.hl").nth(1).get_attribute("id").removeprefix("m")
    quote = page.locator(f"#m{number}").text_content()

    tab_to(page, f".ref[href='#n{number}'], .ref[popovertarget='n{number}']")
    page.keyboard.press("Enter")
    tab_to(page, f"#n{number} a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/claims/{number}/"))
    assert quote in page.locator("main").text_content()

    tab_to(page, f"main a[href$='{article}#m{number}']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{article}#m{number}$"))

    assert page.locator("mark.hl:target").text_content() == quote
    assert page.locator("mark.hl:target").is_visible()
