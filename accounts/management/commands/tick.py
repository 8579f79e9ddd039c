"""Do what is due; the worker runs it each minute."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do what each app has due, as the setting EACH_MINUTE names it, and say what was done."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        failed = []
        for name in settings.EACH_MINUTE:
            try:
                done = import_string(name)(now)
            except Exception:  # what one app has due must not wait for another’s mistake
                logger.exception("%s failed", name)
                failed.append(name)
            else:
                if done:
                    self.stdout.write(done)
        if failed:
            raise CommandError(f"Failed, see the log: {', '.join(failed)}")
