"""Run tasks in the background, and what is due each minute."""

import logging
import signal
import sys
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

logger = logging.getLogger(__name__)

PAUSE = 1
TICK_EVERY = 60


class Command(BaseCommand):
    help = "Run tasks in the background until it is stopped, and `tick` once a minute."

    def handle(self, *args: Any, **options: Any) -> None:
        self.worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=PAUSE,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        self.next_tick_at = time.monotonic()
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        while self.worker.running:
            try:
                self.work()
            except Exception:  # a restarting database, say, is there again in a moment
                logger.exception("The worker goes on")
            time.sleep(PAUSE)

    def work(self) -> None:
        """Run the tasks that wait, then `tick` when its minute has come."""
        self.worker.run()
        if self.worker.running and time.monotonic() >= self.next_tick_at:
            self.next_tick_at = time.monotonic() + TICK_EVERY
            self.worker.running_task = True
            call_command("tick")
            self.worker.running_task = False

    def stop(self, *args: Any) -> None:
        """End after the task under way. Being told twice, as Ctrl+C in make does, changes nothing.

        Unlike django-tasks-db's own handler, which then ends in the middle of a task.
        """
        self.worker.running = False
        if not self.worker.running_task:
            sys.exit(0)
