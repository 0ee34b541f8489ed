"""The server: uvicorn, which on SIGTERM first says on `/health` that it is going, and then stops taking requests."""

import signal
import time
from types import FrameType

import structlog
import uvicorn

from api.readiness import READINESS

log = structlog.stdlib.get_logger(__name__)


class DrainingServer(uvicorn.Server):
    """Keeps serving for `notice_s` after the first signal; a second one ends that."""

    def __init__(self, config: uvicorn.Config, notice_s: float) -> None:
        super().__init__(config)
        self._notice_s = notice_s
        self._stop_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain, or stop."""
        if READINESS.is_draining or sig != signal.SIGTERM:
            super().handle_exit(sig, frame)
            return
        READINESS.is_draining = True
        self._stop_at = time.monotonic() + self._notice_s

    async def on_tick(self, counter: int) -> bool:
        """Stop when the notice is over; uvicorn asks ten times a second."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)
