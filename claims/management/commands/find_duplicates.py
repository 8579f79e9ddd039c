"""Look through the whole collection for claims that were recorded twice."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.matching import Certainty, is_by_meaning, similar_claims
from claims.models import Claim

MOST_LIKE_ONE = 5
COLUMNS = ("certainty", "score", "older", "older_text", "younger", "younger_text", "why")
TOLD_EACH = 1000


class Command(BaseCommand):
    help = (
        "Compare each claim with all others and write a report of those that may be the same, a "
        "line for each pair. Nothing is merged: a person decides."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "report",
            type=Path,
            help="a file that is not there yet: .csv or .ndjson; - for csv here",
        )
        parser.add_argument(
            "--certain", action="store_true", help="only what is most likely the same"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["report"]
        wanted = (
            {Certainty.CERTAIN} if options["certain"] else {Certainty.CERTAIN, Certainty.LIKELY}
        )
        if not is_by_meaning():
            self.stderr.write("By words alone: no model of meaning is installed.")
        if str(path) == "-":
            self._write_csv(self._pairs(wanted), self.stdout)
            return
        if path.suffix not in (".csv", ".ndjson"):
            raise CommandError("Name a report that ends in .csv or .ndjson.")
        try:
            with path.open("x", encoding="utf-8", newline="") as file:
                write = self._write_csv if path.suffix == ".csv" else self._write_ndjson
                count = write(self._pairs(wanted), file)
        except FileExistsError as error:
            raise CommandError(f"{path} is there already. Name another file.") from error
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
        self.stdout.write(f"{count} pairs may be the same claim: {path}")

    def _pairs(self, wanted: set[Certainty]) -> Iterator[dict[str, Any]]:
        """Yield the pairs, each once, by the number of the younger claim."""
        told: set[tuple[int, int]] = set()
        claims = Claim.objects.exclude(status__in=[Claim.Status.MERGED, Claim.Status.DECLINED])
        for done, claim in enumerate(claims.order_by("pk").iterator(500), 1):
            for match in similar_claims(claim.text, MOST_LIKE_ONE, is_public=False, but=claim.pk):
                older, younger = sorted((claim, match.claim), key=lambda each: each.pk)
                pair = older.pk, younger.pk
                if match.certainty not in wanted or pair in told:
                    continue
                told.add(pair)
                yield {
                    "certainty": match.certainty.value,
                    "score": match.score,
                    "older": older.pk,
                    "older_text": older.text,
                    "younger": younger.pk,
                    "younger_text": younger.text,
                    "why": match.why,
                }
            if done % TOLD_EACH == 0:
                self.stderr.write(f"{done} claims compared, {len(told)} pairs")

    def _write_csv(self, pairs: Iterator[dict[str, Any]], file: Any) -> int:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        count = 0
        for pair in pairs:
            # A text that a spreadsheet would take for a formula is kept a text.
            table.writerow({name: _plain(value) for name, value in pair.items()})
            count += 1
        return count

    def _write_ndjson(self, pairs: Iterator[dict[str, Any]], file: Any) -> int:
        count = 0
        for pair in pairs:
            file.write(json.dumps(pair, ensure_ascii=False) + "\n")
            count += 1
        return count


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(tuple("=+-@\t\r")) else value
