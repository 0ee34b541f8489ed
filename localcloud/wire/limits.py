"""DigitalOcean's rate limit: so many requests in an hour, and so many in a minute."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

HOUR_S = 3600
MINUTE_S = 60


@dataclass(frozen=True)
class Allowance:
    """What is left for the client, as its answer's headers say it."""

    limit: int
    remaining: int
    reset: int
    """Unix time at which the oldest counted request expires."""
    retry_after_s: int
    """0 when the request may go on."""

    def headers(self) -> dict[str, str]:
        """Return the headers of an answer."""
        told = {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(self.reset),
        }
        return told | ({"retry-after": str(self.retry_after_s)} if self.retry_after_s else {})


class RateLimiter:
    """Count requests in two sliding windows; a refused request is not counted."""

    def __init__(self, per_hour: int, per_minute: int, now: Callable[[], float]) -> None:
        self._per_hour = per_hour
        self._per_minute = per_minute
        self._now = now
        self._seen: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self) -> Allowance:
        """Count one request and tell what is left, or by when to come again."""
        with self._lock:
            now = self._now()
            while self._seen and self._seen[0] <= now - HOUR_S:
                self._seen.popleft()
            wait = self._wait(now)
            if not wait:
                self._seen.append(now)
            return self._allowance(now, wait)

    def look(self) -> Allowance:
        """Tell what is left without counting."""
        with self._lock:
            return self._allowance(self._now(), 0)

    def _wait(self, now: float) -> float:
        waits = [0.0]
        if len(self._seen) >= self._per_hour:
            waits.append(self._seen[-self._per_hour] + HOUR_S - now)
        if len(self._seen) >= self._per_minute:
            waits.append(self._seen[-self._per_minute] + MINUTE_S - now)
        return max(waits)

    def _allowance(self, now: float, wait: float) -> Allowance:
        oldest = self._seen[0] if self._seen else now
        remaining = max(0, self._per_hour - len(self._seen))
        return Allowance(self._per_hour, remaining, int(oldest + HOUR_S), -int(-wait // 1) if wait > 0 else 0)
