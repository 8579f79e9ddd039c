"""The pages of the web on this machine that `bench.web_server` serves, and where they stand."""

from functools import lru_cache
from random import Random

from .articles import article

SMALL = 25_000
"""Bytes of a page, unless its address says another number: /works/7/1000000."""


@lru_cache(maxsize=32)
def page(number: int, size: int = SMALL) -> bytes:
    """Return the page of this number as it was when somebody quoted it."""
    return article(Random(number), size)


def edited(number: int) -> bytes:
    """Return the page with one more paragraph, as its author left it later."""
    note = b"<p>In an earlier version of this article the name of the town was wrong.</p>"
    return page(number).replace(b"</article>", note + b"</article>")


def host_at(number: int) -> str:
    """Return the address of one of the hosts of this web."""
    return f"127.1.{number // 250}.{number % 250 + 1}"
