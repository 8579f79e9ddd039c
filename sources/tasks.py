"""What the worker does in the background: docs/operations.md."""

from datetime import datetime

from django.core.cache import cache
from django_tasks import task

from . import capturing, health
from .models import Capture, Link

ONE_HOUR = 60 * 60


@task
def run_capture(capture_id: int) -> None:
    """Try to make a copy; nothing happens when it was made before or nobody wants it any more."""
    for wanted in Capture.objects.filter(pk=capture_id).select_related("source"):
        capturing.attempt(wanted)


@task
def check_links() -> None:
    """Look at the links that are due, for as long as one batch may last."""
    health.check_due()


def ask_for_link_checks(now: datetime) -> str:
    """Have a worker look at the links that are due, if any are. Returns what it did.

    Once an hour it also looks which sources are cited now.
    """
    if cache.add("links:watched", True, timeout=ONE_HOUR):
        health.watch_cited(now)
    if not Link.objects.due(now).exists():
        return ""
    check_links.enqueue()
    return "Link checks asked for"
