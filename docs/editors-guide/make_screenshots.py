"""Make the pictures of the editors’ guide from the real screens: `make screenshots`.

Loads the seed into a database of its own, lets two people work through the verbs, and photographs
what they see. Needs Chromium.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
WIDTH, HEIGHT = 1180, 760
PASSWORD = "correct horse battery"  # noqa: S105 (of people who live as long as this command runs)


def people() -> tuple[Any, Any]:
    """Return a reviewer and an editor."""
    from django.contrib.auth.models import Group

    from accounts.models import User

    made = []
    for name, role in (("Rosa Reviewer", "reviewer"), ("Emil Editor", "editor")):
        person = User.objects.create_user(
            role, email=f"{role}@newsroom.example", password=PASSWORD, display_name=name
        )
        person.is_staff = True
        person.save()
        person.groups.add(Group.objects.get(name=role))
        made.append(person)
    return made[0], made[1]


def work(rosa: Any, emil: Any) -> dict[str, str]:
    """Let them work, and return the address of each screen by the name of its picture."""
    from claims import workflow
    from claims.models import Claim, Rating, Review
    from claims.tests.factories import complete

    first, second, third = Claim.objects.filter(status="in_review").order_by("pk")[:3]
    rating = Rating.objects.get(slug="mostly-true")
    for claim in (first, second, third):
        workflow.assign(claim, by=emil, to=rosa)
    finding = "The companies named do lead, by the number of models they have published."
    submitted = complete(first.reviews.get(), rating=rating, finding=finding)
    workflow.submit(submitted, by=rosa)
    draft = complete(second.reviews.get(), rating=rating, finding=finding)
    returned = complete(third.reviews.get(), rating=rating, finding=finding)
    workflow.submit(returned, by=rosa)
    workflow.send_back(returned, by=emil, reason="Both sources copy one report. Find another.")
    published = Claim.objects.filter(status="published").order_by("pk").first()
    assert published is not None  # noqa: S101 (the seed has them)
    new = workflow.revise(
        published, by=rosa, kind="correction", note="We had given the wrong month."
    )
    new.finding = "The figure is right; it was first given in July, not in June."
    new.save()
    workflow.submit(new, by=rosa)
    overdue = Review.objects.published().exclude(claim=published).order_by("pk")[:1]
    Review.objects.filter(pk__in=overdue.values("pk")).update(look_again_on="2025-06-30")
    asked = Claim.objects.filter(status="in_review").order_by("pk")[3]
    Claim.objects.filter(pk=asked.pk).update(asks_blind_rating=True)
    workflow.assign(asked, by=emil, to=rosa)
    blind = complete(asked.reviews.get(), rating=rating, finding=finding)
    workflow.submit(blind, by=rosa)
    return {
        "blind": f"/admin/claims/review/{blind.pk}/blind/",
        "history": f"/admin/claims/claim/{draft.claim_id}/history/",
        "queue": "/admin/",
        "claim": f"/admin/claims/claim/{draft.claim_id}/change/",
        "passages": f"/admin/claims/claim/{draft.claim_id}/passages/"
        "?words=data efficiency&snapshot=1",
        "second-review": f"/admin/claims/review/{new.pk}/approve/",
        "preview": f"/admin/claims/review/{draft.pk}/preview/",
        "account": "/accounts/profile/",
    }


@contextmanager
def served() -> Iterator[str]:
    """Serve the site from a database that is gone afterwards, and yield its address."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/guide.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.testing"
        # Playwright runs an event loop in this thread, and Django refuses the database beside one.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        import django

        django.setup()
        from django.core.management import call_command
        from pytest_django.live_server_helper import LiveServer

        call_command("migrate", verbosity=0)
        call_command("load_seed", verbosity=0)
        server = LiveServer("localhost")
        try:
            yield server.url
        finally:
            server.stop()


def sign_in(browser: Any, site: str, username: str) -> Any:
    """Return a page of somebody who is signed in."""
    context = browser.new_context(
        base_url=site, viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
    )
    page = context.new_page()
    page.goto("/accounts/login/?next=/admin/")
    page.get_by_label("Username or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin/")
    return page


def conflict(reader: Any, writer: Any, address: str) -> None:
    """Let two people save the same form, so that `writer` meets the conflict screen."""
    for page, words in ((reader, "Asked by readers."), (writer, "Said in parliament.")):
        page.goto(address)
        page.get_by_label("Why we check it").fill(words)
    for page in (reader, writer):
        page.get_by_role("button", name="Save the draft").click()


def photograph(site: str, browser: Any) -> None:
    """Take every picture."""
    rosa, emil = people()
    screens = work(rosa, emil)
    hers, his = sign_in(browser, site, "reviewer"), sign_in(browser, site, "editor")
    take(his, "queue", screens["queue"])
    take(hers, "my-work", screens["queue"])
    take(hers, "claim", screens["claim"])
    take(hers, "verdict", screens["claim"], lambda: scroll_to(hers, "#reviews-group"))
    take(hers, "passages", screens["passages"])
    take(his, "second-review", screens["second-review"])
    take(hers, "preview", screens["preview"])
    take(hers, "account", screens["account"])
    take(his, "blind", screens["blind"])
    conflict(his, hers, screens["claim"])
    hers.screenshot(path=FOLDER / "conflict.png")
    take(hers, "history", screens["history"])


def take(page: Any, name: str, address: str, before: Callable[[], None] = lambda: None) -> None:
    """Photograph what stands at an address."""
    page.goto(address)
    before()
    page.screenshot(path=FOLDER / f"{name}.png")


def scroll_to(page: Any, place: str) -> None:
    """Bring a part of the page to its top."""
    page.locator(place).evaluate("part => part.scrollIntoView()")


def main() -> None:
    """Make all pictures."""
    from playwright.sync_api import sync_playwright

    with served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        photograph(site, browser)
        browser.close()


if __name__ == "__main__":
    main()
