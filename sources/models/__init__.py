"""What others published, and what we kept of it."""

from .copies import Capture, Snapshot
from .documents import Publisher, Source, SourceAddress

__all__ = ["Capture", "Publisher", "Snapshot", "Source", "SourceAddress"]
