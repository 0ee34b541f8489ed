"""Writing the access log: in batches, from a thread of its own.

A write of each line took a fifth of a cheap request, and stopped the event loop whenever the reader of the pipe was
behind (docs/performance.md).
"""

import atexit
import threading
from collections import deque
from typing import BinaryIO

PAUSE_S = 0.05  # for which lines are gathered; as much of the log a kill -9 takes along


class LineWriter:
    """Takes lines at once and writes them a moment later, in their order; whatever it holds is written at exit.

    Its only log method is `info`, for structlog to hand finished lines to.
    """

    def __init__(self, stream: BinaryIO, pause_s: float = PAUSE_S) -> None:
        self._stream = stream
        self._pause_s = pause_s
        self._lines: deque[bytes] = deque()
        self._has_lines = threading.Event()
        self._is_closed = threading.Event()
        self._writes = threading.Lock()
        self._thread: threading.Thread | None = None

    def info(self, line: bytes) -> None:
        """Take one line."""
        self._lines.append(line)
        if not self._has_lines.is_set():
            self._has_lines.set()
            if self._thread is None:
                self._start()

    def flush(self) -> bool:
        """Write what there is; tell whether there was anything."""
        with self._writes:
            batch = [self._lines.popleft() for _ in range(len(self._lines))]
            if batch:
                self._stream.write(b"\n".join(batch) + b"\n")
                self._stream.flush()
        return bool(batch)

    def close(self) -> None:
        """Write what there is, and end the thread; a line that comes later waits for `flush`."""
        self._is_closed.set()
        self._has_lines.set()
        if self._thread:
            self._thread.join()
        self.flush()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._write_on, name="access-log", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def _write_on(self) -> None:
        while not self._is_closed.is_set():
            self._has_lines.wait()
            self._is_closed.wait(self._pause_s)
            if not self.flush():  # only one who rests has to be woken, which costs whoever wakes
                self._has_lines.clear()
                if self._lines:  # one that came before the clearing woke nobody
                    self._has_lines.set()
