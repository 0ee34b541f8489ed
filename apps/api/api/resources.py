"""What one process holds open while it serves, and how a request gets at it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.auth.passwords import Passwords
from api.background import Background
from api.database import Database
from api.google.provider import Provider
from api.limits.attempts import Attempts
from api.metrics.numbers import DATABASE_CONNECTIONS
from api.queue import Queue
from api.redis_store import RedisStore
from api.sessions.access_tokens import AccessTokens
from api.settings import Settings


@dataclass(frozen=True)
class Resources:
    """Connections and settings of the process."""

    settings: Settings
    database: Database
    redis: RedisStore
    queue: Queue
    attempts: Attempts
    passwords: Passwords
    access_tokens: AccessTokens
    background: Background
    google: Provider | None


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncIterator[Resources]:
    """Open everything, and close in the other order whatever was opened."""
    async with AsyncExitStack() as stack:
        background = Background()
        database, redis, queue = Database(settings), RedisStore(settings), Queue(settings, background)
        attempts, passwords = Attempts(settings), Passwords()
        stack.push_async_callback(attempts.close)
        stack.push_async_callback(passwords.close)
        stack.push_async_callback(queue.close)
        stack.push_async_callback(redis.close)
        await database.open()
        stack.push_async_callback(database.close)
        stack.push_async_callback(background.close)
        google = Provider(settings) if settings.google_client_id else None
        if google:
            stack.push_async_callback(google.close)
        DATABASE_CONNECTIONS.labels("open").set_function(lambda: database.size[0])
        DATABASE_CONNECTIONS.labels("idle").set_function(lambda: database.size[1])
        tokens = AccessTokens(settings.jwt_signing_key.get_secret_value(), settings.domain)
        yield Resources(settings, database, redis, queue, attempts, passwords, tokens, background, google)


async def resources(request: Request) -> Resources:
    """Return what the lifespan opened; async, as all dependencies, for FastAPI sends others to a thread."""
    opened = request.state.resources
    if not isinstance(opened, Resources):
        raise TypeError("the application runs without its lifespan")
    return opened


ResourcesDep = Annotated[Resources, Depends(resources)]
