"""A moment by which all must be done."""

import time

from .refusals import Refused


class Deadline:
    """So many seconds from now. Every wait of a fetch is shortened to what is left."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left. Raises Refused("timeout") when none are."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise Refused("timeout")
        return left

    def within(self, seconds: float) -> "Deadline":
        """Return the deadline of a step that has its own time, and never more than is left."""
        return Deadline(min(seconds, self.left()))
