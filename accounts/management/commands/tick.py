"""Do what is due; the worker runs it each minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import delivery, tasks


class Command(BaseCommand):
    help = "Send the mail that is due, also that of a killed worker, and forget old tasks."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        tasks.forget_old(now)
        if sent := delivery.send_due(now):
            self.stdout.write(f"Mails sent: {sent}")
