"""What others published, and what we kept of it."""

from .confidential import PrivateDetail
from .copies import Capture, Snapshot
from .documents import Publisher, Source, SourceAddress
from .links import Link, LinkCheck
from .public_copies import PublicCopy

__all__ = [
    "Capture",
    "Link",
    "LinkCheck",
    "PrivateDetail",
    "PublicCopy",
    "Publisher",
    "Snapshot",
    "Source",
    "SourceAddress",
]
