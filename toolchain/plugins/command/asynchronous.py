"""Lets a handler's thread run asyncio work that Ctrl-C and custom_timeouts end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from toolchain.plugins.errors import Cancelled, TimedOut
from toolchain.plugins.provider import Context

Result = TypeVar("Result")


def run_to_end(ctx: Context, work: Callable[[], Awaitable[Result]], doing: str) -> Result:
    """Run `work` in a loop of its own; raises Cancelled, or TimedOut naming what was being done."""
    try:
        return asyncio.run(_bounded(ctx, work, doing))
    except asyncio.CancelledError:
        raise Cancelled from None


async def _bounded(ctx: Context, work: Callable[[], Awaitable[Result]], doing: str) -> Result:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work())

    def stop() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(task.cancel)

    with ctx.cancelled.calling(stop):
        done, _ = await asyncio.wait({task}, timeout=ctx.timeout_s or None)
        if not done:
            task.cancel()
            await asyncio.wait({task})
            raise TimedOut(ctx.timeout_s, doing)
        return task.result()
