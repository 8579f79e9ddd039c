"""What the worker does in the background: docs/operations.md."""

from django_tasks import task

from . import capturing
from .models import Capture


@task
def run_capture(capture_id: int) -> None:
    """Try to make a copy; nothing happens when it was made before or nobody wants it any more."""
    for wanted in Capture.objects.filter(pk=capture_id).select_related("source"):
        capturing.attempt(wanted)
