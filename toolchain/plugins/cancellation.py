"""The flag that Ctrl-C sets: awaited by sleeping threads, and telling whoever must end a child or a connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Cancellation(threading.Event):
    """An event that also calls back, once, whoever registered."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    def set(self) -> None:
        """Raise the flag and call everyone back."""
        with self._lock:
            super().set()
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    @contextmanager
    def calling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call `callback` (from any thread) if the flag is, or gets, raised inside the block."""
        with self._lock:
            self._callbacks.append(callback)
            is_late = self.is_set()
        if is_late:
            callback()
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)
