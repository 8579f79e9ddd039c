"""What is known of the address of a source, and who is told when that changes."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from .models import Link, Snapshot, Source


def seen(source: Source, snapshot: Snapshot, at: datetime) -> None:
    """Note that the address of a source answered at `at` what this snapshot holds."""
    link, _is_new = Link.objects.get_or_create(source=source)
    changes: dict[str, object] = {"current": snapshot}
    if link.current_id is not None and link.current_id != snapshot.pk:
        changes["changed_at"] = at
    Link.objects.filter(pk=link.pk).update(**changes)
    if link.current_id != snapshot.pk:
        announce(source)


def start_over(source: Source) -> None:
    """Forget how the address of a source answered, since it has another one now, or none."""
    now = timezone.now()
    Link.objects.filter(source=source).update(
        state=Link.State.UNTESTED,
        since=now,
        failures=0,
        failed_at=None,
        final_url="",
        next_check_at=now if source.url else None,
    )


def announce(source: Source) -> None:
    """Tell whoever quotes a source that something about it changed, in the same transaction.

    This app knows nobody above it: the setting SOURCE_CHANGED names what is called.
    """
    import_string(settings.SOURCE_CHANGED)(source)
