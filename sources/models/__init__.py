"""What others published, and what we kept of it."""

from .copies import Capture, Snapshot
from .documents import Publisher, Source, SourceAddress
from .links import Link, LinkCheck

__all__ = ["Capture", "Link", "LinkCheck", "Publisher", "Snapshot", "Source", "SourceAddress"]
