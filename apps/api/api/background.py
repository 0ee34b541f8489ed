"""Work that an answer does not wait for, but the end of the process does."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from api.errors import ApiError

log = structlog.stdlib.get_logger(__name__)


class Background:
    """The tasks of one process that nobody waits for."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin work whose outcome is only logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    async def close(self) -> None:
        """Wait until everything that was begun has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, ApiError):
            log.warning("work in the background was given up", error=type(error).__name__, reason=error.detail)
        elif error:
            log.error("work in the background failed", exc_info=error)
