"""What holds of every page that readers open."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from claims import visibility
from claims.models import AboutPage, Claim, Speaker, Topic
from tips import sending
from tips.models import Receipt, SuggestionReceipt

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGES = [
    "home", "articles", "article", "claims", "verdict", "in review", "speakers", "speaker",
    "sources", "source", "method", "correction", "receipt", "suggest", "suggestion receipt",
    "our work", "embed", "about", "page about us", "accessibility", "data", "topic",
]  # fmt: skip
# The phone is an Arab reader's: what runs from right to left is looked at too.
LOOKS = [
    pytest.param({"width": 1280, "color_scheme": "light"}, id="desktop-light"),
    pytest.param({"width": 360, "color_scheme": "dark"}, id="phone-dark"),
]


@pytest.fixture(scope="package")
def address(article):
    """The address of each kind of page, by its name."""
    claims = Claim.objects.visible().order_by("pk")
    version = sending.versions_of(claims.published().first()).first()
    token = sending.send(version, wrong="The year is wrong.", shows="https://facts.example/4")
    suggestion = sending.suggest(said="Trams run at night.", where="https://facts.example/5")
    told = AboutPage.objects.create(
        slug="funding", title="Who pays", text="## Readers\n\n- do.", is_public=True
    )
    return {
        "about": "/about/",
        "page about us": told.get_absolute_url(),
        "accessibility": "/accessibility/",
        "data": "/data/",
        "topic": Topic.objects.visible().first().get_absolute_url(),
        "home": "/",
        "articles": "/articles/",
        "article": article,
        "claims": "/claims/",
        "verdict": claims.published().first().get_absolute_url(),
        "in review": claims.filter(status=Claim.Status.IN_REVIEW).first().get_absolute_url(),
        "speakers": "/speakers/",
        "speaker": Speaker.objects.visible().first().get_absolute_url(),
        "sources": "/sources/",
        "source": visibility.visible_sources().order_by("-pk").first().get_absolute_url(),
        "method": "/how-we-check/",
        "our work": "/our-work/",
        "embed": f"{claims.published().first().get_absolute_url()}embed/",
        "correction": f"/claims/{version.claim_id}/correction/",
        "receipt": Receipt.address_of(token),
        "suggest": "/suggest/",
        "suggestion receipt": SuggestionReceipt.address_of(suggestion),
    }


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_page_bars_nobody_from_using_it(open_page, address, name, look):
    prefix = "/ar" if look["width"] == 360 else ""
    page = open_page(prefix + address[name], **look)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("look", LOOKS)
def test_a_form_with_errors_bars_nobody_and_begins_with_them(open_page, address, look):
    page = open_page(address["correction"], **look)
    page.get_by_role("button", name="Send request").click()
    summary = page.get_by_role("alert")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
    assert page.title().startswith("Error: ")
    assert summary.evaluate("element => element === document.activeElement")
    summary.get_by_role("link", name="Tell us what is wrong.").click()
    assert page.get_by_label("What is wrong?").evaluate("e => e === document.activeElement")


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_a_screen_of_320_pixels(open_page, address, name):
    page = open_page(address[name], width=320)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


HEARD = "DeepSeek did not plan to raise outside funding, rare among AI companies in China"


def test_who_writes_what_was_checked_is_led_to_it_while_writing(open_page, address):
    page = open_page("/suggest/")
    box = page.get_by_label("What was said?")
    found = page.get_by_text("Is it this? We have it already")

    box.fill(HEARD)
    found.wait_for(state="visible")
    link = page.locator("[data-match-found] a")
    text, path = link.first.inner_text(), link.first.get_attribute("href")
    box.fill("Trams are blue.")
    found.wait_for(state="hidden")

    assert "raise outside funding" in text
    assert "/claims/" in path


def test_without_script_it_is_shown_when_it_is_sent(open_page, address):
    page = open_page("/suggest/", java_script_enabled=False)
    page.get_by_label("What was said?").fill(HEARD)
    page.get_by_label("Where can we see or hear it?").fill("On the radio")
    page.wait_for_timeout(3100)  # nobody writes faster, and the form says so
    page.get_by_role("button", name="Send suggestion").click()

    notice = page.get_by_role("alert")
    assert "raise outside funding" in notice.inner_text()
    assert page.get_by_label("Where can we see or hear it?").input_value() == "On the radio"
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="It is something else: send it").click()
    assert page.get_by_role("heading", level=1).inner_text() == (
        "Thank you. We have your suggestion."
    )


def test_api_page_works_under_the_strict_policy(open_page):
    page = open_page("/api/v1/docs/")

    page.get_by_text("/api/v1/claims/", exact=True).first.wait_for()

    assert page.locator(".opblock").count() >= 14
