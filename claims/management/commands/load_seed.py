"""Fill a new tracker with its scale, its roles and the seed article."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.seeding import PARTS, Outcome, SeedError, load


class Command(BaseCommand):
    help = (
        "Load the ratings, the roles and the seed article. Run again it changes nothing; where "
        "what is stored differs it says so, and changes it only with --update."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="part", help="ratings, groups or article")
        parser.add_argument("--update", action="store_true", help="change what differs")
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.BASE_DIR / "seeds",
            help="where the seed's files are",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["parts"]) - set(PARTS)
        if unknown:
            raise CommandError(
                f"There is no part {', '.join(sorted(unknown))}. Choose from {', '.join(PARTS)}."
            )
        parts = tuple(options["parts"]) or PARTS
        try:
            outcomes = load(options["folder"], parts, update=options["update"])
        except SeedError as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        for outcome in outcomes:
            self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        changes = outcome.changes
        for words, count in changes.created.items():
            done = "made" if outcome.is_applied else "would make"
            self.stdout.write(f"{outcome.part}: {done} {count} {words}")
        if not changes.created and not changes.differences:
            self.stdout.write(f"{outcome.part}: nothing to change")
        elif not outcome.is_new:
            done = "changed" if outcome.is_applied else "would change"
            for difference in changes.differences:
                self.stdout.write(f"{outcome.part}: {done} {difference}")
        if not outcome.is_applied and (changes.created or changes.differences):
            self.stdout.write(f"{outcome.part}: nothing was changed. To change it, add --update.")
        for note in changes.notes:
            self.stdout.write(f"{outcome.part}: {note}")
