"""Delete what readers sent and what is no longer needed of it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tips import telling


class Command(BaseCommand):
    help = (
        "Delete mail addresses that nobody confirmed within three days, and what readers sent that "
        "was settled more than READERS_KEPT_DAYS days ago. `tick` does it once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in telling.forget_readers(timezone.now()).items():
            self.stdout.write(f"{name}: {count}")
