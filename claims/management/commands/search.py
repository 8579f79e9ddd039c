"""Find claims by their words, as readers find them."""

from argparse import ArgumentParser
from typing import Any

from claims import search
from claims.management.answering import AnsweringCommand
from claims.models import Claim


class Command(AnsweringCommand):
    help = (
        "Find the claims that readers find for each query, best first. Exit code 1 if a query was "
        "refused; the others are answered."
    )
    asked = "query"
    limit, most = 10, 1000

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--order", choices=search.ORDERS, default=search.RELEVANCE)

    def answer(self, text: str, **options: Any) -> dict[str, Any]:
        """Return the page of claims that readers find first."""
        query = search.parse(text)
        if query.is_empty:
            found = search.nothing(query)
        else:
            found = search.find(query, order=options["order"], size=options["limit"])
        scores = {hit.claim: hit.score for hit in found.hits}
        return {
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

    def tell(self, answer: dict[str, Any]) -> None:
        """Write how many claims were found, and a line for each of the page."""
        count = f"{'more than ' if answer['has_more'] else ''}{answer['count']}"
        self.stdout.write(f"{answer['query']}: {count} found")
        for row in answer["results"]:
            self.stdout.write(f"  {row['score']:8.3f}  #{row['claim']}  {row['text']}")
