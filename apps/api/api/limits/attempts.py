"""Limits on attempts: signing in, signing up, asking for mails. Counted in Redis, so that no restart forgets them."""

import hashlib
import math
import time

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.errors import LimitsUnavailable, RateLimited
from api.limits.clients import client_key
from api.metrics.numbers import LIMITED
from api.settings import Settings

log = structlog.stdlib.get_logger(__name__)


class Attempts:
    """Counts attempts by client address, by email or by account."""

    def __init__(self, settings: Settings) -> None:
        self._storage = RedisStorage(
            "async+" + settings.redis_url.get_secret_value(),
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="slipway-limits",
            socket_timeout=settings.redis_timeout_s,
            socket_connect_timeout=settings.redis_timeout_s,
            max_connections=20,
            # One retry replaces a connection that Redis closed while it was idle.
            retry=Retry(NoBackoff(), 1),  # type: ignore[arg-type]  # handed on to redis-py as it is
        )
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._login = RateLimitItemPerMinute(settings.rate_limit_login_rpm)
        self._register = RateLimitItemPerMinute(settings.rate_limit_register_rpm)
        self._mail = RateLimitItemPerMinute(settings.rate_limit_mail_per_15_min, 15)

    async def sign_in(self, ip: str | None) -> None:
        """Count an attempt to sign in; raise `RateLimited` if it is one too many."""
        await self._hit("login", self._login, client_key(ip))

    async def sign_up(self, ip: str | None, email: str) -> None:
        """Count an attempt to sign up, by client and, since it sends a mail, by address."""
        await self._hit("register", self._register, client_key(ip))
        await self._hit("register-mail", self._mail, digest(email))

    async def forgot(self, ip: str | None, email: str) -> None:
        """Count a forgotten password, by client and by address."""
        await self._hit("forgot", self._mail, client_key(ip))
        await self._hit("forgot-mail", self._mail, digest(email))

    async def token(self, ip: str | None) -> None:
        """Count an attempt to use the token of a mail."""
        await self._hit("token", self._login, client_key(ip))

    async def mail(self, account_id: object) -> None:
        """Count a mail that somebody signed in asks for."""
        await self._hit("mail", self._mail, str(account_id))

    async def password(self, account_id: object) -> None:
        """Count a check of the password of somebody signed in."""
        await self._hit("password", self._login, str(account_id))

    async def close(self) -> None:
        """Close the connections."""
        await self._storage.bridge.storage.aclose()  # type: ignore[attr-defined]  # the client of redis-py

    async def _hit(self, name: str, limit: RateLimitItem, key: str) -> None:
        try:
            if await self._limiter.hit(limit, name, key):
                return
            window = await self._limiter.get_window_stats(limit, name, key)
        except (StorageError, RedisError, OSError) as error:
            log.warning("attempts cannot be counted", error=type(error).__name__, reason=str(error))
            raise LimitsUnavailable from error
        LIMITED.labels(name).inc()
        raise RateLimited(math.ceil(window.reset_time - time.time()))


def digest(email: str) -> str:
    """Return a key for an address that does not show it."""
    return hashlib.sha256(email.encode()).hexdigest()[:32]
