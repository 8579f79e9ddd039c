"""Look whether the addresses of sources still answer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sources import health
from sources.finding import source_at
from sources.models import Link, LinkCheck, Source


class Command(BaseCommand):
    help = (
        "Look at the links that are due, or at those named, and say what each answered. The site "
        "is asked at most once at a time; a text that changed is kept as a new copy."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sources", nargs="*", metavar="URL", help="address or number of a source"
        )
        parser.add_argument("--all", action="store_true", help="every watched source, due or not")
        parser.add_argument(
            "--most", type=int, default=100_000, help="end after so many looks (default: 100000)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        named = [_source(said) for said in options["sources"]]
        if named:
            count = self._look_at(named)
        else:
            health.watch_cited(now)
            if options["all"]:
                Link.objects.exclude(next_check_at=None).update(next_check_at=now)
            count = self._look_at_due(options["most"])
        waiting = Link.objects.due(timezone.now()).count()
        self.stdout.write(f"Looked at: {count}. Still due: {waiting}.")

    def _look_at(self, named: list[Source]) -> int:
        count = 0
        for source in named:
            link, _is_new = Link.objects.update_or_create(
                source=source, defaults={"next_check_at": timezone.now()}
            )
            if found := health.check(link):
                self._say(found)
                count += 1
        return count

    def _look_at_due(self, most: int) -> int:
        count = 0
        while count < most:
            looks = health.check_due(most=min(health.MOST_IN_A_MINUTE, most - count))
            for found in looks:
                self._say(found)
            count += len(looks)
            if not looks:
                return count
        return count

    def _say(self, found: LinkCheck) -> None:
        kept = f", kept as snapshot {found.kept_id}" if found.kept_id else ""
        self.stdout.write(
            f"{found.get_result_display()}: {found.source.url}: {found.answer}{kept}; link: "
            f"{Link.objects.get(pk=found.source_id).get_state_display()}"
        )


def _source(said: str) -> Source:
    is_number = said.isascii() and said.isdecimal() and len(said) < 19
    source = Source.objects.filter(pk=said).first() if is_number else source_at(said)
    if source is None or not source.url:
        raise CommandError(f"There is no source with an address at {said}.")
    return source
