"""Make the search index anew, or say how far it is from what it should be."""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.search import index

MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Make the search index anew, in one transaction: readers find with the old one until it "
        "ends. --check changes nothing and says how many claims and sources differ, and whether "
        "counts are right."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say how many differ")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        claims, sources = index.rebuild(tell=self._tell if options["verbosity"] > 1 else None)
        self.stdout.write(f"{claims} claims and {sources} sources are in the search index.")

    def _tell(self, done: int) -> None:
        self.stdout.write(f"{done} claims indexed")

    def _check(self) -> None:
        differ = [
            *self._named("claims", index.differing()),
            *self._named("sources", index.differing_sources()),
        ]
        if miscounted := index.miscounted():
            differ.append(f"{len(miscounted)} counts differ: {', '.join(miscounted[:MOST_NAMED])}.")
        if differ:
            raise CommandError(f"{' '.join(differ)} Run manage.py rebuild_search.")
        self.stdout.write("0 claims and 0 sources differ from the search index.")

    def _named(self, words: str, differing: Iterator[int]) -> Iterator[str]:
        """Yield how many differ, and the first of them by number."""
        named = list(islice(differing, MOST_NAMED))
        count = len(named) + sum(1 for _key in differing)
        if count:
            numbers = ", ".join(f"#{key}" for key in named)
            more = "" if count <= MOST_NAMED else f" and {count - MOST_NAMED} more"
            yield f"{count} {words} differ from the search index: {numbers}{more}."
