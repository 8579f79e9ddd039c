"""Compare what a copy of a page costs with what trafilatura and warcio alone take for it.

    python -m bench.captures --rounds 15 --json captures.json

Exits with 1 when the median ratio misses the goal.
"""

import argparse
import gc
import io
import json
import statistics
import sys
from collections.abc import Callable
from typing import Any

from . import cpu, web
from .local_site import add_arguments, local_site

MOST_RATIO = 1.5


def main() -> None:
    """Measure, print a table, and say by the exit whether the goal is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of a page")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--most-ratio", type=float, default=MOST_RATIO, help="0: do not compare")
    add_arguments(parser)
    asked = parser.parse_args()
    with local_site(asked.migrated) as served:
        rounds = measure(served.port, asked.size, asked.rounds)
    print(table(rounds))
    ratio = statistics.median(each["ratio"] for each in rounds)
    print(f"\nMedian of the ratios of {len(rounds)} rounds: {ratio:.2f}")
    if asked.json:
        asked.json.write_text(json.dumps({"ratio": ratio, "rounds": rounds}, indent=1))
    sys.exit(bool(asked.most_ratio) and ratio > asked.most_ratio)


def measure(port: int, size: int, rounds: int) -> list[dict[str, Any]]:
    """Take each page both ways, in turns. The first page warms both and does not count."""
    found = []
    for number in range(rounds + 1):
        body, url = web.page(number, size), f"http://{web.host_at(number)}:{port}"
        address = f"{url}/works/{number}/{size}"
        both: list[tuple[str, Callable[[], Any]]] = [
            ("copy", prepared(address)),
            ("alone", lambda body=body, address=address: alone(body, address)),  # type: ignore[misc]
        ]
        taken = {name: _timed(work) for name, work in (both if number % 2 else both[::-1])}
        found.append({"bytes": len(body), **taken, "ratio": taken["copy"] / taken["alone"]})
    return found[1:]


def prepared(address: str) -> Callable[[], None]:
    """Return what makes a copy of an address as the worker does: all of it, from row to row."""
    from sources import capturing
    from sources.models import Capture, Source

    source = Source.objects.create(title=address, url=address)
    wanted = Capture.objects.create(source=source)

    def copy() -> None:
        if not capturing.attempt(wanted):
            sys.exit(f"{address}: {wanted.reason}")

    return copy


def alone(body: bytes, address: str) -> None:
    """Read the page with trafilatura as we ask it to, and write it with warcio: nothing else."""
    import trafilatura
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    trafilatura.bare_extraction(
        body, url=address, with_metadata=True, include_comments=False, favor_recall=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )  # fmt: skip
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer = WARCWriter(io.BytesIO(), gzip=True)
    writer.write_record(
        writer.create_warc_record(
            address, "response", payload=io.BytesIO(body), http_headers=headers
        )
    )


def _timed(work: Callable[[], Any]) -> float:
    gc.collect()
    begun = cpu.with_children()
    work()
    return cpu.with_children() - begun


def table(rounds: list[dict[str, Any]]) -> str:
    """Return the rounds as a Markdown table."""
    lines = ["| bytes | copy, CPU ms | alone, CPU ms | ratio |", "|---|---|---|---|"]
    lines += [
        f"| {each['bytes']} | {each['copy'] * 1000:.0f} | {each['alone'] * 1000:.0f} "
        f"| {each['ratio']:.2f} |"
        for each in rounds
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
