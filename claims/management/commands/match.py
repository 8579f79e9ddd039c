"""Ask of texts whether they were checked before."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims.management.reading import lines_of
from claims.matching import is_by_meaning, similar_claims

MOST = 100


class Command(BaseCommand):
    help = (
        "Find the claims that each text may be about, best first, with how certain that is and "
        "why. Exit code 1 if a text was refused; the others are answered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("texts", nargs="*", metavar="text")
        parser.add_argument(
            "--from", dest="file", metavar="FILE", help="a text a line; - is the standard input"
        )
        parser.add_argument("--limit", type=int, default=5, help=f"1 to {MOST}, 5 by default")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["limit"] <= MOST:
            raise CommandError(f"Give a limit from 1 to {MOST}.")
        texts = list(options["texts"])
        if options["file"]:
            texts += lines_of(options["file"])
        if not texts:
            raise CommandError("Give a text, or a file of texts with --from.")
        if not is_by_meaning():
            self.stderr.write("By words alone: no model of meaning is installed.")
        is_refused = False
        for text in texts:
            answer = self._answer(text, options["limit"])
            is_refused |= "refused" in answer
            if options["json"]:
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
            else:
                self._tell(answer)
        if is_refused:
            sys.exit(1)

    def _answer(self, text: str, limit: int) -> dict[str, Any]:
        text = text.encode("utf-8", "replace").decode()
        try:
            matches = similar_claims(text, limit)
        except ValidationError as error:
            return {"text": text[:200], "refused": " ".join(error.messages)}
        return {
            "text": text,
            "by_meaning": is_by_meaning(),
            "matches": [
                {
                    "claim": match.claim.pk,
                    "score": match.score,
                    "certainty": match.certainty.value,
                    "shared_words": match.shared_words,
                    "cosine": match.cosine,
                    "text": match.claim.text,
                    "path": match.claim.get_absolute_url(),
                }
                for match in matches
            ],
        }

    def _tell(self, answer: dict[str, Any]) -> None:
        if "refused" in answer:
            self.stderr.write(f"{answer['text']}: {answer['refused']}")
            return
        self.stdout.write(answer["text"])
        for row in answer["matches"]:
            self.stdout.write(
                f"  {row['score']:7.3f}  {row['certainty']:<8} #{row['claim']}  {row['text']}"
            )
        if not answer["matches"]:
            self.stdout.write("  nothing like it")
