"""Read once, so that word lists are loaded: imported by the process that others are copied from."""

from .extraction import extract

extract(b"<html><body><p>A page of one sentence.</p></body></html>", "text/html")
