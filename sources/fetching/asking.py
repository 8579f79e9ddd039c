"""One request to one address, and its answer, within limits."""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from ..web_addresses import WebAddress
from .deadlines import Deadline
from .decoding import OFFERED, PIECE, decoded
from .lookup import checked_addresses
from .public_ips import IpAddress
from .refusals import Refused

AGENT = "ClaimsTracker"
"""Our name, in User-Agent and in robots.txt."""
MAX_HEADER_BYTES = 64 * 1024
MAX_RETRY_AFTER = 24 * 60 * 60


@dataclass(frozen=True)
class Limits:
    """How long and how much: seconds to connect and in all, bytes after decompression."""

    connect: float = 10
    total: float = 30
    max_bytes: int = 20 * 1024 * 1024
    cuts: bool = False  # whether a body beyond that is cut off rather than refused


@dataclass
class Answer:
    """What a server answered to one request; the body only where it was wanted."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    ip_address: str
    at: datetime
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the first header of this name, empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def content_type(self) -> str:
        return self.header("Content-Type").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        header = Message()
        header["Content-Type"] = self.header("Content-Type")
        charset = header.get_param("charset")
        return charset.strip().lower() or None if isinstance(charset, str) else None

    @property
    def retry_after(self) -> int | None:
        """Return for how many seconds the server asks to be left alone (RFC 9110, 10.2.3)."""
        value = self.header("Retry-After").strip()
        try:
            if value.isascii() and value.isdecimal():
                seconds = int(value[:9])
            else:
                seconds = int((parsedate_to_datetime(value) - timezone.now()).total_seconds())
        except (ValueError, TypeError):
            return None
        return min(max(seconds, 0), MAX_RETRY_AFTER)


def ask(
    address: WebAddress, deadline: Deadline, limits: Limits, wanted: Callable[[Answer], bool]
) -> Answer:
    """Send one GET request and return the answer.

    `wanted` says of an answer whose headers came whether its body is to be read; what it raises
    goes through. Raises Refused.
    """
    if address.port not in settings.FETCH_PORTS:
        raise Refused("port")
    ip_addresses = checked_addresses(address.host, deadline)
    try:
        with closing(_connect(address, ip_addresses, deadline.within(limits.connect))) as wire:
            wire.settimeout(deadline.left())
            wire.sendall(_request(address))
            return receive(wire, deadline, limits, wanted)
    except TimeoutError as error:
        raise Refused("timeout") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refused("broken") from error


def receive(
    wire: socket.socket, deadline: Deadline, limits: Limits, wanted: Callable[[Answer], bool]
) -> Answer:
    """Return the answer to what was sent on a connection, its body where it is `wanted`.

    Raises Refused, OSError, http.client.HTTPException and ValueError.
    """
    stream = _Stream(wire, deadline)
    with closing(http.client.HTTPResponse(stream, method="GET")) as response:  # type: ignore[arg-type]
        response.begin()
        answer = _head(response, wire)
        if wanted(answer):
            stream.go_on_to_body(limits.max_bytes)
            answer.body = _body(response, limits)
        return answer


def user_agent() -> str:
    """Return how we name ourselves to sites, in ASCII."""
    return f"{AGENT} (+{settings.FETCH_CONTACT})".encode("ascii", "ignore").decode()


def _request(address: WebAddress) -> bytes:
    lines = [
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.host_and_port}",
        f"User-Agent: {user_agent()}",
        "Accept: text/html, application/xhtml+xml, application/pdf, text/plain, */*;q=0.1",
        f"Accept-Encoding: {OFFERED}",
        "Connection: close",
    ]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("ascii", "ignore")


def _head(response: http.client.HTTPResponse, wire: socket.socket) -> Answer:
    return Answer(
        status=response.status,
        reason=response.reason,
        # A header may go on in the next line (RFC 9112, 5.2); nobody after us should see that.
        headers=[(name, " ".join(value.split())) for name, value in response.headers.items()],
        ip_address=wire.getpeername()[0],
        at=timezone.now(),
    )


def _body(response: http.client.HTTPResponse, limits: Limits) -> bytes:
    transfer = response.headers.get_all("Transfer-Encoding", [])
    if len(transfer) > 1 or (transfer and not response.chunked):
        raise Refused("encoding")
    if not limits.cuts and (response.length or 0) > limits.max_bytes:
        raise Refused("too-large")
    encoding = ", ".join(response.headers.get_all("Content-Encoding", []))
    return decoded(_pieces(response), encoding, limits.max_bytes, cut=limits.cuts)


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield the body as it comes. Raises Refused when it ends before the length it was to have."""
    while piece := response.read(PIECE):
        yield piece
    if response.length:
        raise Refused("broken")


def _connect(
    address: WebAddress, ip_addresses: list[IpAddress], deadline: Deadline
) -> socket.socket:
    """Return a connection to one of the addresses that were checked, encrypted for https."""
    plain = _first_that_answers(ip_addresses, address.port, deadline)
    if address.scheme == "http":
        return plain
    try:
        plain.settimeout(deadline.left())
        # The certificate must be of the name that was asked for.
        return ssl.create_default_context().wrap_socket(plain, server_hostname=address.host)
    except TimeoutError:
        plain.close()
        raise
    except (OSError, ValueError) as error:
        plain.close()
        raise Refused("tls") from error


def _first_that_answers(
    ip_addresses: list[IpAddress], port: int, deadline: Deadline
) -> socket.socket:
    """Try one address after another, each with its share of the time."""
    tried = ip_addresses[:4]
    is_late = False
    for place, ip_address in enumerate(tried):
        family = socket.AF_INET if ip_address.version == 4 else socket.AF_INET6
        wire = socket.socket(family, socket.SOCK_STREAM)
        try:
            wire.settimeout(deadline.left() / (len(tried) - place))
            wire.connect((str(ip_address), port))
        except OSError as error:
            wire.close()
            is_late = isinstance(error, TimeoutError)
        except BaseException:
            wire.close()
            raise
        else:
            return wire
    raise Refused("timeout" if is_late else "unreachable")


class _Stream(io.RawIOBase):
    """What `http.client` takes for a socket: each read has the time and the bytes that are left.

    A socket's own timeout begins anew with every byte, so that a server could drip for days.
    """

    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self.wire = wire
        self.deadline = deadline
        self.bytes_left = MAX_HEADER_BYTES
        self.code = "broken"

    def go_on_to_body(self, max_bytes: int) -> None:
        """Let a body come in. What chunks take beside their content has a limit as well."""
        self.bytes_left = 2 * max_bytes
        self.code = "too-large"

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Receive some bytes. Raises Refused when time or bytes are used up."""
        if self.bytes_left <= 0:
            raise Refused(self.code)
        self.wire.settimeout(self.deadline.left())
        count = self.wire.recv_into(buffer)
        self.bytes_left -= count
        return count
