"""A web of many hosts on this machine: every address of 127.0.0.0/8 is one, at the same port.

    python -m bench.web_server

Prints its port, and for each line that it is sent one of JSON: what it saw since it began. How a
page answers stands in its address, /KIND/NUMBER, so whoever asks knows what is right.
"""

import asyncio
import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from .web import SMALL, edited, host_at, page

ROBOTS = b"User-agent: *\nDisallow: /closed/\n"
LEADS_ON = ("/robots.txt", "/renamed/", "/moved/")
"""What is asked there is followed at once by another request of the same visit."""
SILENCE = 45
"""Seconds: longer than any fetch waits."""
SLOW = 2


@dataclass
class Host:
    """What one host saw of its visitors."""

    open: int = 0
    most: int = 0
    left_at: float | None = None  # since when nobody reads from it
    goes_on: bool = False  # whether the last answer led on, so that a visit goes on at once


class Web:
    """The server, and what it saw."""

    def __init__(self) -> None:
        self.hosts: dict[str, Host] = defaultdict(Host)
        self.asked: Counter[str] = Counter()
        self.shortest: float | None = None

    def seen(self) -> dict[str, Any]:
        """Return how polite the visitors were."""
        return {
            "requests": self.asked.total(),
            "of robots.txt": self.asked["robots.txt"],
            "hosts": len(self.hosts),
            "most at once at a host": max((host.most for host in self.hosts.values()), default=0),
            "shortest pause, s": self.shortest and round(self.shortest, 2),
        }

    async def serve(self) -> None:
        """Answer until the input ends."""
        # All of 127.0.0.0/8 cannot be named at once; who comes from elsewhere is sent away.
        server = await asyncio.start_server(self._visit, "0.0.0.0", 0, backlog=200)  # noqa: S104
        print(server.sockets[0].getsockname()[1], flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(self.seen()), flush=True)
        server.close()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not writer.get_extra_info("peername")[0].startswith("127."):
            writer.close()
            return
        ours, port = writer.get_extra_info("sockname")
        host = self.hosts[ours]
        host.open += 1
        try:
            target = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
            self._note(host, target)
            await self._answer(target, writer, port)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            host.open -= 1
            host.left_at = time.monotonic()
            writer.close()

    def _note(self, host: Host, target: str) -> None:
        now = time.monotonic()
        if host.left_at is not None and not host.goes_on:
            pause = now - host.left_at
            self.shortest = pause if self.shortest is None else min(pause, self.shortest)
        host.most = max(host.most, host.open)
        host.goes_on = target.startswith(LEADS_ON)
        self.asked[target.split("/")[1]] += 1

    async def _answer(self, target: str, writer: asyncio.StreamWriter, port: int) -> None:
        if target == "/robots.txt":
            writer.write(_answer("200 OK", ROBOTS, "text/plain"))
            return
        kind, *numbers = target.strip("/").split("/")
        if not numbers or not all(number.isdecimal() for number in numbers):
            writer.write(_answer("404 Not Found"))
        elif kind == "silent":
            await asyncio.sleep(SILENCE)
        elif kind != "broken":
            await asyncio.sleep(SLOW if kind == "slow" else 0)
            writer.write(_of_kind(kind, port, *map(int, numbers)))


def _of_kind(kind: str, port: int, number: int, size: int = SMALL) -> bytes:
    match kind:
        case "gone":
            return _answer("404 Not Found")
        case "edited":
            return _answer("200 OK", edited(number))
        case "says-gone":
            sorry = b"<html><body><h1>Page not found</h1><p>It is not here.</p></body></html>"
            return _answer("200 OK", sorry)
        case "renamed":
            return _answer("301 Moved Permanently", more=f"Location: /works/{number}")
        case "moved":
            elsewhere = f"http://{host_at(20_000 + number)}:{port}"
            return _answer("301 Moved Permanently", more=f"Location: {elsewhere}/works/{number}")
    return _answer("200 OK", page(number, size))


def _answer(
    status: str, body: bytes = b"", content_type: str = "text/html; charset=utf-8", more: str = ""
) -> bytes:
    lines = [
        f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}",
        "Connection: close", *([more] if more else []), "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + body


if __name__ == "__main__":
    asyncio.run(Web().serve())
