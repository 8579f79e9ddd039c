"""What people do at the desk, in a browser."""

from playwright.sync_api import expect

PASSWORD = "correct horse battery"


def sign_in(page, person):
    """Fill in the sign-in page, and come to the desk."""
    page.get_by_label("Username or e-mail").fill(person.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin/")


def press(page, name):
    page.get_by_role("button", name=name).first.click()


def write_verdict(page):
    """Fill in all that the gate asks for, on the page of the claim."""
    page.get_by_label("Mostly true").check()
    page.get_by_label("Finding").fill("Other companies lead, by the count of models.")
    page.get_by_label("Rationale").fill(
        "## What holds up\n\nThe companies are named in the record."
    )
    for box in page.get_by_label("and found none").all():
        box.check()
    page.get_by_label("Why one origin is enough").fill("Nobody else counts them.")
    page.get_by_label("Why the claimant was not asked").fill("The article names nobody.")


def approve(page, claim):
    """Open the second review from the queue, and publish it."""
    page.goto("/admin/")
    page.locator("#second").get_by_role("row", name=claim.text[:60]).get_by_role(
        "link", name="Review"
    ).click()
    for declared in (
        page.get_by_role("group", name="Before you approve").get_by_role("checkbox").all()
    ):
        declared.check()
    press(page, "Approve and publish now")
    expect(page.locator(".messagelist")).to_contain_text("Published")
