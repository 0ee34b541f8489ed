"""The door to Redis for what the API does on its event loop; the task queue has its own (`api.queue`)."""

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.errors import QueueUnavailable
from api.settings import Settings

log = structlog.stdlib.get_logger(__name__)


class RedisStore:
    """The Redis connections of one process; none is made before it is needed."""

    def __init__(self, settings: Settings) -> None:
        # One retry replaces a connection that Redis closed while it was idle.
        self._client = Redis.from_url(
            settings.redis_url.get_secret_value(),
            socket_timeout=settings.redis_timeout_s,
            socket_connect_timeout=settings.redis_timeout_s,
            max_connections=20,
            retry=Retry(NoBackoff(), 1),
        )

    async def check(self) -> None:
        """Ping Redis; raise `QueueUnavailable` if it does not answer."""
        try:
            await self._client.ping()
        except (RedisError, OSError) as error:
            log.warning("redis unavailable", error=type(error).__name__, reason=str(error))
            raise QueueUnavailable from error

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
