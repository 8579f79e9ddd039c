"""Two people at two browsers take a claim through the desk, and a reader sees each step."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from claims.models import Claim, Review
from claims.tests import factories

from .desk import approve, press, write_verdict

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NO_COPIES = {"preload": False}
"""Axe copies style sheets into the page to read them, which our policy refuses."""
WIDTHS = pytest.mark.parametrize("width", [1280, 360])


def test_two_people_publish_correct_and_withdraw_a_verdict_and_one_meets_the_other(
    sign_in, open_page, reviewer, editor
):
    claim = Claim.objects.filter(status="in_review").order_by("pk").first()
    rita, eddie = sign_in(reviewer), sign_in(editor)
    reader = open_page(claim.get_absolute_url())
    expect(reader.locator("main")).to_contain_text("In review")

    # Rita takes the claim that nobody has, and both open it.
    rita.locator(f"button[name=take][value='{claim.pk}']").click()
    eddie.goto(rita.url)
    expect(rita.get_by_label("Progress").locator("[aria-current]")).to_have_text("Draft")

    # Eddie saves first; Rita loses nothing, chooses his reason, and sends hers on.
    eddie.get_by_label("Why we check it").fill("Asked by many readers.")
    press(eddie, "Save the draft")
    rita.get_by_label("Why we check it").fill("It is often said.")
    write_verdict(rita)
    press(rita, "Send for second review")
    expect(rita.get_by_role("alert")).to_contain_text("Eddie Editor saved it at")
    rita.get_by_role("row", name="Why we check it").get_by_label("Asked by many readers.").check()
    press(rita, "Save my choices")
    expect(rita.locator(".messagelist")).to_contain_text("Waiting for a second person")
    reader.reload()
    expect(reader.locator("main")).not_to_contain_text("Mostly true")

    # Eddie publishes, as the author cannot.
    rita.get_by_role("link", name="Open the second review").click()
    expect(rita.locator("main")).to_contain_text("You may not approve this one")
    approve(eddie, claim)
    reader.reload()
    expect(reader.locator("main")).to_contain_text("Other companies lead, by the count of models.")
    expect(reader.locator("main")).to_contain_text("Asked by many readers.")

    # Rita corrects it, in the open.
    rita.goto(eddie.url)
    rita.locator("summary", has_text="Begin a new version").click()
    rita.locator("#step_revise_note").fill("We had counted one model twice.")
    press(rita, "Begin a new version")
    rita.get_by_label("Finding").fill("Other companies lead, counted once.")
    press(rita, "Send for second review")
    reader.reload()
    expect(reader.locator("main")).not_to_contain_text("counted once")
    approve(eddie, claim)
    reader.reload()
    expect(reader.locator("main")).to_contain_text("We had counted one model twice.")
    expect(reader.locator("main")).to_contain_text("Other companies lead, counted once.")
    reader.goto("/corrections/")
    expect(reader.locator("main")).to_contain_text("We had counted one model twice.")

    # Eddie withdraws it; its page stays, and says so.
    eddie.locator("summary", has_text="Withdraw the verdict").click()
    eddie.locator("#step_retract_note").fill("The record was forged.")
    eddie.locator("form[action$='/retract/']").get_by_role("button").click()
    expect(eddie.locator(".messagelist")).to_contain_text("Withdrawn")
    reader.goto(claim.get_absolute_url())
    expect(reader.locator("main")).to_contain_text("The record was forged.")
    assert Review.objects.get(claim=claim, number=2).status == "retracted"


@WIDTHS
def test_the_desk_is_accessible_and_fits(sign_in, ratings, reviewer, editor, width):
    claim = Claim.objects.filter(status="in_review").order_by("pk").first()
    Review.objects.filter(claim=claim).update(author=reviewer)
    review = factories.complete(claim.reviews.get())
    desk = sign_in(editor, width=width)
    pages = ["/admin/", f"/admin/claims/claim/{claim.pk}/change/"]
    pages.append(f"/admin/claims/claim/{claim.pk}/passages/?words=the")
    found = {}
    for page in pages:
        found[page] = look(desk, page)
    Review.objects.filter(pk=review.pk).update(status="submitted", revision=1)
    approve_page = f"/admin/claims/review/{review.pk}/approve/"
    found[approve_page] = look(desk, approve_page)

    assert found == {page: [] for page in found}


def look(desk, page):
    """Return what axe finds on a page of ours, and whether it scrolls sideways."""
    desk.goto(page)
    # The admin’s own autocompletes (select2) are not ours to mend.
    context = {"include": [["#content"]], "exclude": [[".select2-container"]]}
    results = Axe().run(desk, context=context, options=NO_COPIES)
    troubles = [
        f"{each['id']}: {node['html'][:120]}"
        for each in results.response["violations"]
        for node in each["nodes"]
    ]
    width = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*troubles, *(["scrolls sideways"] if width > 0 else [])]


def test_the_conflict_screen_is_accessible(sign_in, reviewer, editor):
    claim = Claim.objects.filter(status="in_review").order_by("pk").first()
    rita, eddie = sign_in(reviewer, width=360), sign_in(editor)
    for page in (rita, eddie):
        page.goto(f"/admin/claims/claim/{claim.pk}/change/")
        page.get_by_label("Why we check it").fill(f"Typed by {page.viewport_size}.")
    press(eddie, "Save the draft")
    press(rita, "Save the draft")

    rita.get_by_role("alert").wait_for()
    results = Axe().run(rita, context="#content", options=NO_COPIES)

    assert [each["id"] for each in results.response["violations"]] == []
