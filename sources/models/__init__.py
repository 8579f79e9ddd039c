"""What others published, and what we kept of it."""

from .confidential import PrivateDetail
from .copies import Capture, Snapshot
from .documents import Publisher, Source, SourceAddress

__all__ = ["Capture", "PrivateDetail", "Publisher", "Snapshot", "Source", "SourceAddress"]
