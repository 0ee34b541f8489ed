"""Asking what the API needs whether it is there, within a time limit."""

import asyncio
from collections.abc import Callable, Coroutine

from api.errors import DependencyUnavailable


async def is_available(check: Callable[[], Coroutine[None, None, None]], limit_s: float) -> bool:
    """Tell whether `check` ends well in time.

    A check that does not is cancelled and not waited for: ending a hanging connection may itself take seconds.
    """
    task = asyncio.create_task(check())
    done, _ = await asyncio.wait({task}, timeout=limit_s)
    if not done:
        task.cancel()
        task.add_done_callback(forget)
        return False
    try:
        task.result()
    except DependencyUnavailable:
        return False
    return True


def forget(task: asyncio.Task[None]) -> None:
    """Take the outcome of a check that came too late, so that asyncio does not report it as lost."""
    if not task.cancelled():
        task.exception()
