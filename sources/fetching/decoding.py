"""Unpacking the body of an answer piece by piece, so that a small one cannot grow without end."""

import zlib
from collections.abc import Iterator

from .refusals import Refused

OFFERED = "gzip, deflate"
"""What we say in Accept-Encoding; Brotli and Zstandard are not in Python's library."""
PIECE = 64 * 1024
_PLAIN = {"", "identity"}
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_GZIP_BEGINS = b"\x1f\x8b"


def decoded(pieces: Iterator[bytes], encoding: str, max_bytes: int, *, cut: bool = False) -> bytes:
    """Return the content of a body that arrives in `pieces`.

    Takes the value of Content-Encoding. Where more than `max_bytes` come out, reading stops: the
    rest is `cut` off, or Refused("too-large") raised. Raises Refused("encoding") for one that we
    did not offer, one inside another among them, and Refused("broken") for what is damaged or ends
    too early.
    """
    content = bytearray()
    for piece in _unpacked(pieces, encoding.strip().lower()):
        content += piece
        if len(content) > max_bytes:
            if cut:
                break
            raise Refused("too-large")
    del content[max_bytes:]
    return bytes(content)


def _unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in _PLAIN:
        return pieces
    if encoding not in _WINDOWS:
        raise Refused("encoding")
    return _inflated(pieces, _WINDOWS[encoding])


def _inflated(pieces: Iterator[bytes], window: int) -> Iterator[bytes]:
    """Yield what zlib makes of a body, never more than PIECE bytes at once."""
    inflater = None
    for piece in pieces:
        rest = piece
        inflater = inflater or zlib.decompressobj(_window(window, piece))
        while rest and not inflater.eof:
            try:
                yield inflater.decompress(rest, PIECE)
            except zlib.error as error:
                raise Refused("broken") from error
            rest = inflater.unconsumed_tail
            # A gzip may have parts. What else follows the end is left out, as browsers do.
            if inflater.eof and inflater.unused_data.startswith(_GZIP_BEGINS):
                rest, inflater = inflater.unused_data, zlib.decompressobj(window)
    if inflater is None or not inflater.eof:
        raise Refused("broken")


def _window(window: int, first: bytes) -> int:
    # Some servers send deflate without the header that RFC 9110 (8.4.1.2) asks for.
    is_bare = window == zlib.MAX_WBITS and first[0] & 0x0F != 8
    return -window if is_bare else window
