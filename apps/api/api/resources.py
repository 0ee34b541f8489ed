"""What one process holds open while it serves, and how a request gets at it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.database import Database
from api.queue import Queue
from api.redis_store import RedisStore
from api.settings import Settings


@dataclass(frozen=True)
class Resources:
    """Connections and settings of the process."""

    settings: Settings
    database: Database
    redis: RedisStore
    queue: Queue


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncIterator[Resources]:
    """Open everything, and close in the other order whatever was opened."""
    async with AsyncExitStack() as stack:
        database, redis, queue = Database(settings), RedisStore(settings), Queue(settings)
        stack.push_async_callback(queue.close)
        stack.push_async_callback(redis.close)
        await database.open()
        stack.push_async_callback(database.close)
        yield Resources(settings, database, redis, queue)


def resources(request: Request) -> Resources:
    """Return what the lifespan opened."""
    opened = request.state.resources
    if not isinstance(opened, Resources):
        raise TypeError("the application runs without its lifespan")
    return opened


ResourcesDep = Annotated[Resources, Depends(resources)]
