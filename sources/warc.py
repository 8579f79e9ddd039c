"""What was received, as a WARC file (ISO 28500), and what such a file holds.

A file depends on nothing but what goes into it: the same response, received at the same moment,
is the same file, byte for byte.
"""

import hashlib
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from .fetching import Fetched

CONTENT_TYPE = "application/warc"
VERSION = "WARC/1.1"
NO_LONGER_TRUE = {"content-encoding", "content-length", "transfer-encoding"}
"""Headers of the body as it travelled. Ours is unpacked, so they are kept under another name."""


class NotReadable(Exception):
    """The file is not, or no longer, a WARC file with a document in it."""


@dataclass(frozen=True)
class Document:
    """A document out of a WARC file."""

    body: bytes
    content_type: str
    received_at: datetime


def of_response(fetched: Fetched) -> bytes:
    """Return the file of what a web server answered, with its status line and headers."""
    headers = [
        *((_kept_name(name), _kept_value(value)) for name, value in fetched.headers),
        ("Content-Length", str(len(fetched.body))),
    ]
    return _written(
        "response",
        fetched.final_url,
        fetched.body,
        fetched.fetched_at,
        http_headers=StatusAndHeaders(
            f"{fetched.status} {fetched.reason}", headers, protocol="HTTP/1.1"
        ),
        extra={"WARC-IP-Address": fetched.ip_address} if fetched.ip_address else {},
        way=[f"{hop.status} {hop.url}" for hop in fetched.hops],
    )


def of_upload(body: bytes, content_type: str, received_at: datetime) -> bytes:
    """Return the file of a document that somebody uploaded: no address answered for it."""
    address = f"urn:sha256:{hashlib.sha256(body).hexdigest()}"
    return _written("resource", address, body, received_at, content_type=content_type)


def document_in(file: bytes) -> Document:
    """Return the document that a file holds. Raises NotReadable."""
    try:
        for record in ArchiveIterator(io.BytesIO(file)):
            if record.rec_type in ("response", "resource"):
                return Document(
                    record.content_stream().read(),
                    _content_type(record),
                    datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
                )
    except Exception as error:  # warcio has an exception for each kind of damage
        raise NotReadable(str(error)) from error
    raise NotReadable("no document in the file")


def _content_type(record: ArcWarcRecord) -> str:
    headers = record.http_headers or record.rec_headers
    return (headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()


def _kept_name(name: str) -> str:
    return f"X-Archive-Orig-{name}" if name.lower() in NO_LONGER_TRUE else name


def _kept_value(value: str) -> str:
    """Return a header, which was read as Latin-1, so that warcio writes the bytes that came."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _written(
    kind: str,
    address: str,
    body: bytes,
    at: datetime,
    *,
    content_type: str = "",
    http_headers: StatusAndHeaders | None = None,
    extra: dict[str, str] | None = None,
    way: Iterable[str] = (),
) -> bytes:
    """Return a file of the document, and of the addresses that led to it."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True, warc_version=VERSION)
    named = f"{kind} {address} {at.isoformat()} {hashlib.sha256(body).hexdigest()}"
    writer.write_record(
        writer.create_warc_record(
            address,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            http_headers=http_headers,
            warc_headers_dict=_heading(named, at) | (extra or {}),
        )
    )
    if lines := "".join(f"via: {step}\r\n" for step in way):
        heading = _heading(f"way of {named}", at) | {"WARC-Concurrent-To": _number(named)}
        writer.write_record(
            writer.create_warc_record(
                address,
                "metadata",
                payload=io.BytesIO(lines.encode()),
                length=len(lines.encode()),
                warc_headers_dict=heading,
            )
        )
    return file.getvalue()


def _heading(named: str, at: datetime) -> dict[str, str]:
    """Return the headers that warcio would otherwise fill with chance and with the clock."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"WARC-Record-ID": _number(named), "WARC-Date": moment}


def _number(named: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}>"
