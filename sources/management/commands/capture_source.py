"""Keep a copy of what stands at an address, now."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sources import archiving
from sources.fetching import SENTENCES
from sources.finding import source_at
from sources.models import Capture, Source


class Command(BaseCommand):
    help = "Keep a copy of each address now, and say which, or why not. Ends with 1 if one was not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("urls", nargs="*", metavar="URL")
        parser.add_argument("--from", dest="file", type=Path, help="a file, an address a line")
        parser.add_argument("--json", action="store_true", help="a JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        urls = [*options["urls"], *_lines(options["file"])]
        if not urls:
            raise CommandError("Name an address, or a file of addresses with --from.")
        refused = 0
        for url in urls:
            said = keep_now(url)
            refused += not said["captured"]
            self.stdout.write(
                json.dumps(said, ensure_ascii=False) if options["json"] else _words(said)
            )
        if refused:
            raise CommandError(f"Not kept: {refused} of {len(urls)}.")


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"Cannot read {file}: {error}") from error
    return [line.strip() for line in lines if line.strip()]


def keep_now(url: str) -> dict[str, Any]:
    """Keep a copy of an address and return what there is to say of it.

    An address that is refused leaves no source behind, unless there was one before.
    """
    source = source_at(url)
    is_new = source is None
    try:
        source = source or _new_source(url)
        done = archiving.capture_now(source)
    except ValidationError as refusal:
        return {"url": url, "captured": False, "reason": " ".join(refusal.messages)}
    if done.state == Capture.State.CAPTURED:
        return _kept(url, done)
    if is_new:
        source.delete()
    reason = done.reason or "Another worker is making this copy."
    return {"url": url, "captured": False, "reason": reason}


def _new_source(url: str) -> Source:
    """Return a new source at this address. Raises ValidationError."""
    source = Source(url=url, title=Source.title_from(url), kind=Source.Kind.WEB_PAGE)
    try:
        source.full_clean()
    except ValidationError as refusal:
        if any(error.code == "invalid" for error in refusal.error_dict.get("url", [])):
            raise ValidationError(SENTENCES["address"]) from refusal
        raise
    source.save()
    return source


def _kept(url: str, done: Capture) -> dict[str, Any]:
    snapshot = done.snapshot
    assert snapshot is not None  # noqa: S101  a constraint of the database
    return {
        "url": url,
        "captured": True,
        "source": done.source_id,
        "snapshot": snapshot.pk,
        "final_url": snapshot.final_url,
        "status": snapshot.status,
        "sha256": snapshot.sha256,
        "payload_sha256": snapshot.payload_sha256,
        "title": done.found.get("title", ""),
        "characters": len(snapshot.text),
        "note": done.note,
    }


def _words(said: dict[str, Any]) -> str:
    if not said["captured"]:
        return f"Not kept: {said['url']}: {said['reason']}"
    return f"Kept: {said['url']}: snapshot {said['snapshot']}, {said['characters']} characters"
