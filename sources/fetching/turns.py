"""One request at a time to each host, with a pause after it, for all processes together."""

import time
import uuid
from hashlib import sha256
from types import TracebackType

from django.core.cache import cache

from .refusals import Refused

LOOK_EVERY = 0.2


class Turns:
    """The hosts that one fetch holds, from its first request to each until it ends.

    `pause` are the seconds that a host is left alone afterwards; `expires` those after which the
    turn of a process that was killed is free again; `patience` those that a fetch waits for others.
    """

    def __init__(self, *, pause: float, expires: float, patience: float) -> None:
        self.pause = pause
        self.expires = expires
        self.patience = patience
        self.token = uuid.uuid4().hex
        self.held: dict[str, float] = {}

    def __enter__(self) -> "Turns":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give every host back, each after its pause."""
        for host, pause in self.held.items():
            if cache.get(_key(host)) == self.token:
                if pause > 0:
                    cache.set(_key(host), "pause", timeout=pause)
                else:
                    cache.delete(_key(host))

    def take(self, host: str) -> None:
        """Wait until nobody else reads from `host`, and hold it.

        Raises Refused("busy") when that takes longer than our patience.
        """
        until = time.monotonic() + self.patience
        while host not in self.held:
            if self._is_taken(host):
                self.held[host] = self.pause
            elif time.monotonic() >= until:
                raise Refused("busy", retry_after=max(1, round(self.pause)))
            else:
                time.sleep(LOOK_EVERY)

    def lengthen(self, host: str, pause: float) -> None:
        """Leave the host alone for at least `pause` seconds afterwards, as it asks."""
        self.held[host] = max(self.held[host], pause)

    def _is_taken(self, host: str) -> bool:
        # On PostgreSQL two processes may both renew one expired row; the later one has it.
        key = _key(host)
        return cache.add(key, self.token, timeout=self.expires) and cache.get(key) == self.token


def _key(host: str) -> str:
    return f"turn:{sha256(host.encode()).hexdigest()}"
