"""Take one step of the workflow from a terminal, as a person who may."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from claims.steps import STEPS, sentences_in


class Command(BaseCommand):
    help = (
        "Take a step with a claim or a review, with the same rules as in the admin and the API: "
        "take_step decline 7 --by anna --say reason='A private matter.'"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=list(STEPS), metavar="verb", help=", ".join(STEPS))
        parser.add_argument("key", type=int, help="the number of the claim or the review")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who takes the step")
        parser.add_argument(
            "--say",
            action="append",
            default=[],
            metavar="NAME=TEXT",
            help="what the step asks for, such as reason=… or note=…",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        step = STEPS[options["verb"]]
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"There is no active account “{options['by']}”.")
        subject = step.subject._default_manager.filter(pk=options["key"]).first()
        if subject is None:
            noun = step.subject._meta.verbose_name
            raise CommandError(
                f"There is no {noun} {options['key']}. {step.name} acts on a {noun}."
            )
        said = dict(part.partition("=")[::2] for part in options["say"])
        unknown = set(said) - set(step.asks)
        if unknown:
            known = ", ".join(step.asks) or "nothing"
            raise CommandError(f"{step.name} asks for {known}, not for {', '.join(unknown)}.")
        try:
            outcome = step.take(subject, by=by, said=said)
        except PermissionDenied as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as refusal:
            raise CommandError(" ".join(sentences_in(refusal))) from refusal
        subject.refresh_from_db()
        row = outcome or subject
        noun = row._meta.verbose_name
        self.stdout.write(f"{step.name}: {noun} {row.pk} stands at “{row.get_status_display()}”.")
