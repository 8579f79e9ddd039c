"""Hold the files of kept copies against the rows that name them."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sources.sweeping import sweep


class Command(BaseCommand):
    help = (
        "Remove files that no snapshot came to, and report snapshots whose file is missing or "
        "altered. Ends with 1 when there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--minutes",
            type=int,
            default=60,
            help="Keep files that are younger than this; a capture under way may need them.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep(young=timedelta(minutes=options["minutes"]))
        for name in swept.removed:
            self.stdout.write(f"Removed, no snapshot names it: {name}")
        for what, snapshots in (("is missing", swept.missing), ("was altered", swept.altered)):
            for snapshot in snapshots:
                self.stderr.write(f"Snapshot {snapshot.pk}: its file {what}: {snapshot.file}")
        self.stdout.write(
            f"Whole: {swept.whole}. Removed: {len(swept.removed)}. Too young to tell: "
            f"{len(swept.young)}. Missing: {len(swept.missing)}. Altered: {len(swept.altered)}."
        )
        if swept.missing or swept.altered:
            raise CommandError("Bring these files back from a backup.")
