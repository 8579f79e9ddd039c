"""Let one worker look at the links of many cited sources: does it keep up, and how fast is it?

    python -m bench.links --sources 10000 --json links.json

Exits with 1 when the queue grew, a site was asked impolitely, or a link got a wrong state.
"""

import argparse
import contextlib
import io
import json
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

from . import cpu
from .local_site import add_arguments, local_site

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Batch:
    """The looks that one tick asked for: what was due before and after."""

    day: int
    due: int
    left: int
    looks: int
    seconds: float


@dataclass(frozen=True)
class Part:
    """A part of the bench, and what it took."""

    name: str
    batches: list[Batch]
    seconds: float
    cpu: float

    @property
    def looks(self) -> int:
        """How many looks there were."""
        return sum(batch.looks for batch in self.batches)


def main() -> None:
    """Measure, print what was found, and say by the exit whether the goal is met."""
    asked = arguments()
    with local_site(asked.migrated) as web:
        from . import cited

        cited.fill(asked.sources, asked.hosts, web.port, Random(asked.seed))
        clock = _Clock()
        parts = [
            _measured("a week", lambda: a_week(clock, timedelta(minutes=asked.minutes))),
            _measured("flat out", lambda: flat_out(asked.seconds)),
        ]
        states, seen = cited.states(), web.seen()
        misses = _misses(parts[0], seen, cited.wrong(states))
    print(report(parts, seen, states, misses))
    if asked.json:
        found = {"parts": [asdict(part) for part in parts], "seen": seen, "states": states}
        asked.json.write_text(json.dumps(found | {"misses": misses}, indent=1))
    sys.exit(bool(misses))


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=2500)
    parser.add_argument("--minutes", type=float, default=30, help="of the week, to a tick")
    parser.add_argument("--seconds", type=float, default=180, help="for which it runs flat out")
    parser.add_argument("--seed", type=int, default=7)
    add_arguments(parser)
    return parser.parse_args()


class _Clock:
    """The time of day of the site, which can be put forward.

    The cache keeps the real one, so that the pauses between two visits are real seconds.
    """

    def __init__(self) -> None:
        from django.core.cache.backends import db  # noqa: F401  # has the real clock from here on
        from django.utils import timezone

        self.ahead = timedelta()
        timezone.now = self.now

    def now(self) -> datetime:
        """Stand for `django.utils.timezone.now`."""
        return datetime.now(tz=UTC) + self.ahead


def a_week(clock: _Clock, step: timedelta) -> list[Batch]:
    """Let the worker of a site go through a week in which each tick is a `step` after the last."""
    from django.core.cache import cache

    from accounts.management.commands import worker
    from sources.fetching import reading

    batches: list[Batch] = []
    begun = clock.now()

    class Worker(worker.Command):
        def work(self) -> None:
            """Put the clock forward, tick, and do what that asked for."""
            clock.ahead += step
            day = (clock.now() - begun).days + 1
            if day > WEEK.days:
                self.worker.running = False
                return
            # What is kept for an hour is not there after a step; `tick` asks who is cited now.
            cache.delete("links:watched")
            batches.append(_batch(day, self.tick_and_work))

        def tick_and_work(self) -> None:
            self.next_tick_at = time.monotonic()
            super().work()  # nothing waits yet, and a tick is due
            super().work()  # now the looks wait

    worker.PAUSE, reading.ROBOTS_KEPT_FOR = 0, 1
    logging.disable(logging.INFO)  # of each task
    with contextlib.redirect_stdout(io.StringIO()):
        Worker().handle()
    return batches


def flat_out(seconds: float) -> list[Batch]:
    """Look at all links at once, for so long, as `manage.py check_sources --all` does."""
    from django.utils import timezone

    from sources import health
    from sources.fetching import reading
    from sources.models import Link

    reading.ROBOTS_KEPT_FOR = 60 * 60
    Link.objects.exclude(next_check_at=None).update(next_check_at=timezone.now())
    batches: list[Batch] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until and not (batches and batches[-1].left == 0):
        batches.append(_batch(1, health.check_due))
    return batches


def _batch(day: int, work: Callable[[], Any]) -> Batch:
    from django.utils import timezone

    from sources.models import Link, LinkCheck

    due, looks = Link.objects.due(timezone.now()).count(), LinkCheck.objects.count()
    started = time.monotonic()
    work()
    seconds = time.monotonic() - started
    left = Link.objects.due(timezone.now()).count()
    print(f"\rday {day}: {due} due, {left} left      ", end="", file=sys.stderr, flush=True)
    return Batch(day, due, left, LinkCheck.objects.count() - looks, seconds)


def _measured(name: str, work: Callable[[], list[Batch]]) -> Part:
    begun, taken = time.monotonic(), cpu.with_children()
    batches = work()
    return Part(name, batches, time.monotonic() - begun, cpu.with_children() - taken)


def _misses(week: Part, seen: dict[str, Any], wrong: int) -> list[str]:
    """Return what keeps the worker from the goal."""
    from django.conf import settings

    from sources.health import MOST_IN_A_MINUTE

    found = []
    if max(batch.left for batch in week.batches) > MOST_IN_A_MINUTE:
        found.append("the queue grew")
    if seen["most at once at a host"] > 1:
        found.append("two requests at once")
    if (seen["shortest pause, s"] or settings.FETCH_PAUSE) < settings.FETCH_PAUSE:
        found.append("too short a pause")
    return [*found, f"{wrong} wrong states"] if wrong else found


def report(
    parts: list[Part], seen: dict[str, Any], states: dict[str, dict[str, int]], misses: list[str]
) -> str:
    """Return what was measured as Markdown."""
    lines = [
        "| part | looks | ticks | a minute | CPU ms a look | longest batch, s |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {part.name} | {part.looks} | {len(part.batches)} "
        f"| {part.looks / part.seconds * 60:.0f} | {part.cpu / max(part.looks, 1) * 1000:.1f} "
        f"| {max(batch.seconds for batch in part.batches):.1f} |"
        for part in parts
    ]
    lines += [
        "",
        "| day | looks | due at a tick | most | left, most |",
        "|---|---|---|---|---|",
    ]
    for day in sorted({batch.day for batch in parts[0].batches}):
        of_day = [batch for batch in parts[0].batches if batch.day == day]
        due = [batch.due for batch in of_day]
        lines.append(
            f"| {day} | {sum(batch.looks for batch in of_day)} | {median(due):.0f} | {max(due)} "
            f"| {max(batch.left for batch in of_day)} |"
        )
    lines += ["", *(f"- {name}: {value}" for name, value in seen.items())]
    lines += [f"- {kind} pages: {_counted(of_kind)}" for kind, of_kind in sorted(states.items())]
    return "\n".join([*lines, f"- misses: {', '.join(misses) or 'none'}"])


def _counted(states: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))


if __name__ == "__main__":
    main()
