"""The task queue: tasks are sent by name through Celery's client, which blocks, so on threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from api.background import Background
from api.errors import QueueUnavailable
from api.settings import Settings

Answer = TypeVar("Answer")
SENDERS = 4
UNAVAILABLE = (OperationalError, RedisError, OSError, TimeoutError)

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class TaskState:
    """What the result store knows of a task; an unknown id is PENDING, as Celery has it."""

    task_id: str
    state: str
    result: Any
    error: str | None


class Queue:
    """Sends tasks and reads their results."""

    def __init__(self, settings: Settings, background: Background) -> None:
        self._background = background
        url, timeout_s = settings.redis_url.get_secret_value(), settings.redis_timeout_s
        transport = {"socket_timeout": timeout_s, "socket_connect_timeout": timeout_s, "max_retries": 0}
        # The sender has no result backend: with one, Celery's client subscribes to every task that it sends, for ever.
        self._sender = Celery("api", broker=url, set_as_current=False)
        self._sender.conf.update(
            task_serializer="json", enable_utc=True, broker_transport_options=transport, task_publish_retry=False
        )
        self._results = Celery("api-results", backend=url, set_as_current=False)
        self._results.conf.update(
            result_accept_content=["json"],
            redis_socket_timeout=timeout_s,
            redis_socket_connect_timeout=timeout_s,
            redis_retry_on_timeout=False,
        )
        self._threads = ThreadPoolExecutor(SENDERS, thread_name_prefix="queue")
        self._limit_s = 3 * timeout_s

    async def send(self, task: str, *arguments: object) -> str:
        """Send the task named `task` and return its id; raise `QueueUnavailable` if the broker does not take it."""
        return await self._off_the_loop(lambda: str(self._sender.send_task(task, args=list(arguments), retry=False).id))

    def send_soon(self, task: str, *arguments: object) -> None:
        """Send a task after the answer; if the broker does not take it, a sweep of the tables finds the work later."""
        self._background.start(self._send_or_log(task, *arguments))

    async def _send_or_log(self, task: str, *arguments: object) -> None:
        await self.send(task, *arguments)

    async def state(self, task_id: str) -> TaskState:
        """Return what is known of a task; raise `QueueUnavailable` if the result store does not answer."""
        meta = await self._off_the_loop(lambda: self._results.backend.get_task_meta(task_id))
        failure = meta["result"] if isinstance(meta["result"], BaseException) else None
        error = type(failure).__name__ if failure else None
        return TaskState(task_id, str(meta["status"]), None if failure else meta["result"], error)

    async def close(self) -> None:
        """Let a send that has begun end, then close the connections."""
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        self._sender.close()
        self._results.close()

    async def _off_the_loop(self, call: Callable[[], Answer]) -> Answer:
        try:
            async with asyncio.timeout(self._limit_s):
                return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except UNAVAILABLE as error:
            log.warning("task queue unavailable", error=type(error).__name__, reason=str(error))
            raise QueueUnavailable from error
