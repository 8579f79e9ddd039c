"""A page that is quoted, changed and removed, as the desk and a reader see it."""

import pytest
from playwright.sync_api import expect

from claims.models import Claim
from sources.models import Source
from sources.tests.documents import page
from sources.tests.hostile import answer

from ..days import a_day_passes
from .desk import approve, press, write_verdict

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
QUOTED = "The council said on Monday that taxes doubled within three years"


def paste(desk, url, on_commit):
    """Add a source at an address, and let the worker make the copy."""
    desk.goto("/admin/sources/source/add/")
    desk.get_by_label("Address:").fill(url)
    with on_commit(execute=True):
        desk.get_by_role("button", name="Save", exact=True).click()
        desk.locator("#copies").wait_for()
    desk.reload()
    expect(desk.locator("#copies")).to_contain_text("Kept")
    return Source.objects.get(url=url)


def quote(desk, source):
    """Find a sentence in the copy, and quote it in the draft that is open."""
    desk.get_by_label("Find words in a kept copy").fill(QUOTED)
    press(desk, "Find")
    desk.get_by_label("Kept copy").select_option(str(source.snapshots.get().pk))
    press(desk, "Find")
    found = desk.locator("section", has_text="Found once")
    found.get_by_text("Quote it as evidence").click()
    found.get_by_label("Supports").check()
    found.get_by_label("What it shows").fill("It says so.")
    press(found, "Add to the sources")
    expect(desk.locator(".messagelist")).to_contain_text("among the sources of the draft")


def test_reader_and_desk_see_what_becomes_of_a_page_that_is_quoted(
    sign_in, open_page, reviewer, editor, web, django_capture_on_commit_callbacks
):
    claim = Claim.objects.filter(status="in_review").order_by("pk").first()
    web.pages["/a"] = answer(page())
    rita, eddie = sign_in(reviewer), sign_in(editor)

    # Rita pastes an address, quotes what the copy says, and Eddie publishes.
    source = paste(rita, web.url("/a"), django_capture_on_commit_callbacks)
    rita.goto("/admin/")
    rita.locator(f"button[name=take][value='{claim.pk}']").click()
    quote(rita, source)
    write_verdict(rita)
    press(rita, "Send for second review")
    approve(eddie, claim)
    reader = open_page(claim.get_absolute_url())
    cited = reader.get_by_role("listitem").filter(has_text="Taxes doubled").last
    expect(cited.locator("blockquote")).to_have_text(QUOTED)
    expect(cited).not_to_contain_text("changed these words")

    # The page says something else.
    web.pages["/a"] = answer(page().replace(b"doubled within three", b"rose within two"))
    a_day_passes()
    reader.reload()
    expect(cited).to_contain_text("The page has changed these words since")
    expect(cited.locator("ins")).to_contain_text("rose within two")
    rita.goto("/admin/")
    waiting = rita.locator("#at-risk").get_by_role("row", name=claim.text[:60])
    expect(waiting.locator("ins")).to_contain_text("rose within two")

    # The page is gone.
    del web.pages["/a"]
    for _day in range(3):
        a_day_passes()
    reader.reload()
    expect(cited).to_contain_text("Link gone")
    reader.goto(source.get_absolute_url())
    notice = reader.locator(".notice", has_text="The original link stopped working")
    expect(notice.get_by_role("link").first).to_have_text("Open the kept copy")
    notice.get_by_role("link", name="Open the kept copy").click()
    expect(reader.locator("mark").first).to_have_text(QUOTED)
    rita.reload()
    expect(waiting).to_be_visible()
    expect(rita.locator("#gone").get_by_role("row", name=source.title[:40])).to_be_visible()
