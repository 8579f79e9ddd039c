"""What `search` and `match` share: texts from the command line or a file, an answer for each."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError


class AnsweringCommand(BaseCommand):
    """A command that answers each text, as JSON or in words, and goes on past one it refuses.

    The exit code is 1 if a text was refused.
    """

    asked = "text"
    """What a text is called in the help and in the answer."""
    limit, most = 5, 100

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("texts", nargs="*", metavar=self.asked)
        parser.add_argument(
            "--from",
            dest="file",
            metavar="FILE",
            help=f"a {self.asked} a line; - is the standard input",
        )
        parser.add_argument(
            "--limit",
            type=int,
            default=self.limit,
            help=f"1 to {self.most}, {self.limit} by default",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["limit"] <= self.most:
            raise CommandError(f"Give a limit from 1 to {self.most}.")
        texts = list(options["texts"])
        if options["file"]:
            texts += lines_of(options["file"])
        if not texts:
            raise CommandError(f"Give a {self.asked}, or a file of them with --from.")
        is_refused = False
        for text in texts:
            text = text.encode("utf-8", "replace").decode()
            try:
                answer = {self.asked: text, **self.answer(text, **options)}
            except ValidationError as error:
                is_refused = True
                answer = {self.asked: text[:200], "refused": " ".join(error.messages)}
            if options["json"]:
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
            elif "refused" in answer:
                self.stderr.write(f"{text[:200]}: {answer['refused']}")
            else:
                self.tell(answer)
        if is_refused:
            sys.exit(1)

    def answer(self, text: str, **options: Any) -> dict[str, Any]:
        """Return what is found for a text, ready for JSON. Raises ValidationError to refuse it."""
        raise NotImplementedError

    def tell(self, answer: dict[str, Any]) -> None:
        """Write an answer in words."""
        raise NotImplementedError


def lines_of(file: str) -> list[str]:
    """Return the lines of a file, or of the standard input for "-". Raises CommandError."""
    if file == "-":
        return [line.rstrip("\r\n") for line in sys.stdin]
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
