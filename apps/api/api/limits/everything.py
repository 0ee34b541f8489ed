"""The limit on everything: requests of one client per minute, counted in this process's memory.

In Redis a count costs half of what a whole cheap request does (docs/decisions/0009). The edge has a limit of its own
for all processes together; this one keeps a client that passes it from filling one.
"""

import time
from collections.abc import Callable
from math import ceil

WINDOW_S = 60.0
CLIENTS_MAX = 50_000


class WindowCounter:
    """Counts requests by client over the last minute: the current minute's, and the part of the one before that counts.

    Two dictionaries are all its memory; they are swapped, never searched.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._started = clock()
        self._current: dict[str, int] = {}
        self._previous: dict[str, int] = {}

    def hit(self, client: str) -> int:
        """Count a request; return 0 if it may pass, else the seconds to wait."""
        now = self._clock()
        elapsed = now - self._started
        if elapsed >= WINDOW_S:
            elapsed = self._turn(now, elapsed)
        count, before = self._current.get(client, 0), self._previous.get(client, 0)
        if count + before * (1 - elapsed / WINDOW_S) >= self._limit:
            return max(1, ceil(self._wait_s(count, before, elapsed)))
        if count or len(self._current) < CLIENTS_MAX:
            self._current[client] = count + 1
        return 0

    def _wait_s(self, count: int, before: int, elapsed: float) -> float:
        if count < self._limit:  # until enough of the minute before has passed out of sight
            return WINDOW_S * (1 - (self._limit - count) / before) - elapsed
        return WINDOW_S - elapsed + WINDOW_S * (1 - self._limit / count)

    def _turn(self, now: float, elapsed: float) -> float:
        self._previous = self._current if elapsed < 2 * WINDOW_S else {}
        self._current = {}
        self._started = now - elapsed % WINDOW_S
        return now - self._started
