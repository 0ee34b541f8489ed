"""People who read the site all the time, each request on a connection of its own, and what they got."""

from __future__ import annotations

import threading
from collections import Counter
from types import TracebackType
from typing import Self

from rollout.web import get_https

PATHS = ("/", "/api/health", "/api/items?limit=5", "/api/flags")
PAUSE_S = 0.05
TOO_MANY = 429


class Visitors:
    """One thread for each path; a request fails unless it is answered with 200, or refused by the limit."""

    def __init__(self, address: str, domain: str) -> None:
        self.address, self.domain = address, domain
        self.requests = 0
        self.failures: Counter[str] = Counter()
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(path,)) for path in PATHS]

    def _visit(self, path: str) -> None:
        while not self._is_over.wait(PAUSE_S):
            answer = get_https(443, self.domain, path, address=self.address)
            self.requests += 1
            # The verification asks until it is refused, from this same address.
            if answer.status not in {200, TOO_MANY}:
                self.failures[f"{path}: {answer.error.partition(':')[0] or answer.status}"] += 1

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()
