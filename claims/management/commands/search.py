"""Find claims by their words, as readers find them."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims import search
from claims.management.reading import lines_of
from claims.models import Claim

MOST = 1000


class Command(BaseCommand):
    help = (
        "Find the claims that readers find for each query, best first. Exit code 1 if a query was "
        "refused; the others are answered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queries", nargs="*", metavar="query")
        parser.add_argument(
            "--from",
            dest="file",
            metavar="FILE",
            help="a query a line; - is the standard input",
        )
        parser.add_argument("--order", choices=search.ORDERS, default=search.RELEVANCE)
        parser.add_argument("--limit", type=int, default=10, help=f"1 to {MOST}, 10 by default")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["limit"] <= MOST:
            raise CommandError(f"Give a limit from 1 to {MOST}.")
        queries = list(options["queries"])
        if options["file"]:
            queries += lines_of(options["file"])
        if not queries:
            raise CommandError("Give a query, or a file of queries with --from.")
        is_refused = False
        for text in queries:
            answer = self._answer(text, order=options["order"], limit=options["limit"])
            is_refused |= "refused" in answer
            if options["json"]:
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
            else:
                self._tell(answer)
        if is_refused:
            sys.exit(1)

    def _answer(self, text: str, *, order: str, limit: int) -> dict[str, Any]:
        text = text.encode("utf-8", "replace").decode()
        try:
            query = search.parse(text)
        except ValidationError as error:
            return {"query": text[:200], "refused": " ".join(error.messages)}
        found = search.find(query, order=order, size=limit)
        scores = {hit.claim: hit.score for hit in found.hits}
        return {
            "query": text,
            "count": found.count,
            "has_more": found.has_more,
            "is_corrected": found.is_corrected,
            "results": [
                {
                    "claim": claim.pk,
                    "score": scores[claim.pk],
                    "text": claim.text,
                    "path": claim.get_absolute_url(),
                }
                for claim in found.rows(Claim.objects.visible())
            ],
        }

    def _tell(self, answer: dict[str, Any]) -> None:
        if "refused" in answer:
            self.stderr.write(f"{answer['query']}: {answer['refused']}")
            return
        count = f"{'more than ' if answer['has_more'] else ''}{answer['count']}"
        self.stdout.write(f"{answer['query']}: {count} found")
        for row in answer["results"]:
            self.stdout.write(f"  {row['score']:8.3f}  #{row['claim']}  {row['text']}")
