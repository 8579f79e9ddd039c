"""Bring what sources are compared by up to date."""

from typing import Any

from django.core.management.base import BaseCommand

from sources.filling import fill_keys
from sources.models import Source


class Command(BaseCommand):
    help = (
        "Fill the canonical address and the title to compare by of every source, as after a bulk "
        "load, and name the sources that are one document. Run again it changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for second, first in fill_keys(Source):
            count += 1
            self.stdout.write(f"Source {second} is the same document as source {first}.")
        self.stdout.write(f"All sources can be compared; {count} stand there twice.")
