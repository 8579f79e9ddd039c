"""Which kind of document an upload is, by what is in it: names and browsers say anything."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_BYTES = 20_000_000
IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_HTML = re.compile(
    rb"(?:\s|<!--.*?-->)*<(?:!doctype\s+html|html|head|body|title|meta|article|div|p|h1)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_XHTML = re.compile(rb"\s*<\?xml[^>]*\?>\s*(?:<!doctype\s+html|<html)[\s>]", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def content_type_of(body: bytes) -> str:
    """Return the type of a document that is kept: HTML, PDF, plain text, PNG, JPEG, GIF or WebP.

    Raises ValidationError for anything else, and for what is empty or larger than 20 MB.
    """
    if not body:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(body) > MOST_BYTES:
        raise ValidationError(_("The file is larger than 20 MB."), code="too_large")
    found = _image_type(body) or _document_type(body)
    if not found:
        raise ValidationError(
            _(
                "The file is neither HTML, PDF, plain text nor an image (PNG, JPEG, GIF or WebP), "
                "whatever its name says. Save it as one of these."
            ),
            code="content_type",
        )
    return found


def _image_type(body: bytes) -> str:
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in IMAGES.items() if body.startswith(start)), "")


def _document_type(body: bytes) -> str:
    if b"%PDF-" in body[:1024]:
        return "application/pdf"
    beginning = body[:4096].removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(beginning) or _XHTML.match(beginning):
        return "text/html"
    return "text/plain" if _is_plain_text(body) else ""


def _is_plain_text(body: bytes) -> bool:
    """Say whether it is text that a person could read."""
    is_utf16 = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = body.decode("utf-16" if is_utf16 else "utf-8")
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(text)
