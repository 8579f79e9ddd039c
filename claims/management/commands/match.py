"""Ask of texts whether they were checked before."""

from typing import Any

from claims.management.answering import AnsweringCommand
from claims.matching import is_by_meaning, similar_claims


class Command(AnsweringCommand):
    help = (
        "Find the claims that each text may be about, best first, with how certain that is and "
        "why. Exit code 1 if a text was refused; the others are answered."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_by_meaning():
            self.stderr.write("By words alone: no model of meaning is installed.")
        super().handle(*args, **options)

    def answer(self, text: str, **options: Any) -> dict[str, Any]:
        """Return the claims that a text may be about."""
        matches = similar_claims(text, options["limit"])
        return {
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

    def tell(self, answer: dict[str, Any]) -> None:
        """Write the text, and a line for each claim."""
        self.stdout.write(answer["text"])
        for row in answer["matches"]:
            self.stdout.write(
                f"  {row['score']:7.3f}  {row['certainty']:<8} #{row['claim']}  {row['text']}"
            )
        if not answer["matches"]:
            self.stdout.write("  nothing like it")
