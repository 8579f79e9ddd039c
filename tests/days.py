"""Days that pass while the tracker watches the web."""

from datetime import timedelta

from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from sources.models import Link


def a_day_passes():
    """Let every link be due, and every failure be a day old."""
    cache.clear()
    now = timezone.now()
    call_command("tick")
    for link in Link.objects.exclude(next_check_at=None):
        failed_at = link.failed_at and link.failed_at - timedelta(days=1)
        Link.objects.filter(pk=link.pk).update(next_check_at=now, failed_at=failed_at)
    call_command("tick")
