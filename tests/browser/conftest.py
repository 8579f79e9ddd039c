"""The site with the seed loaded, and a browser that reports whatever goes wrong in it."""

import os
import shutil

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from claims.models import Appearance

from . import desk


@pytest.fixture(scope="package")
def site(django_db_setup, django_db_blocker):
    """The address of a running site that shows the seed article. Its database is shared: read."""
    # Playwright runs an event loop in this thread, and Django refuses the database beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with django_db_blocker.unblock():
        call_command("load_seed", verbosity=0)
        server = LiveServer("localhost")
        yield server.url
        server.stop()
        call_command("flush", interactive=False, verbosity=0)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def article(site):
    """The address of the seed article's page."""
    appearance = Appearance.objects.visible().select_related("snapshot").first()
    return reverse("article", args=[appearance.snapshot.source_id])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Start the system's Chromium; Playwright's own where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": args}


@pytest.fixture
def open_page(site, new_context):
    """Return a function that opens a page of the site.

    The test fails in the end when a page wrote an error to the console, which is where breaches
    of the Content-Security-Policy stand too, or asked another host for anything.
    """
    troubles = []

    def note_request(request):
        if not request.url.startswith((site, "data:")):
            troubles.append(f"asked {request.url}")

    def note_message(message):
        # A browser writes every answer that is no success to the console; a conflict is our word.
        if message.type == "error" and "409 (Conflict)" not in message.text:
            troubles.append(message.text)

    def open_one(path, *, width=1280, **options):
        page = new_context(
            base_url=site, viewport={"width": width, "height": 800}, **options
        ).new_page()
        page.on("console", note_message)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", note_request)
        response = page.goto(path)
        assert response.ok, f"{path}: {response.status}"
        return page

    yield open_one

    assert troubles == []


@pytest.fixture
def sign_in(open_page):
    """Return a function that opens the desk of somebody in a browser of their own."""

    def open_desk(person, **options):
        page = open_page("/accounts/login/?next=/admin/", **options)
        desk.sign_in(page, person)
        return page

    return open_desk
