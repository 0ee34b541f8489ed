"""The door to Postgres: one sized pool, opened when first needed and healing by itself, and one error translator."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg
import structlog

from api.errors import DatabaseUnavailable
from api.settings import Settings
from api.statements import statement

ANSWER = statement("health", "answer")
CLOSE_TIMEOUT_S = 5.0
PROBE_PAUSE_S = 0.2
# What asyncpg raises while the server is away, starting, stopping or full, or does not know this role yet.
UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)

log = structlog.stdlib.get_logger(__name__)


class Connection(Protocol):
    """What queries use of a connection; asyncpg ships no types."""

    async def fetch(self, query: str, *arguments: object) -> Sequence[Mapping[str, Any]]:
        """Return every row."""

    async def fetchrow(self, query: str, *arguments: object) -> Mapping[str, Any] | None:
        """Return the first row, or None."""

    async def fetchval(self, query: str, *arguments: object) -> Any:
        """Return the first value of the first row."""

    async def execute(self, query: str, *arguments: object) -> str:
        """Run a statement and return its command tag."""


class PooledConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types
    """A connection given back as it is: no statement of ours leaves state, so a reset would waste a round trip."""

    __slots__ = ()

    def get_reset_query(self) -> str:
        """Return what is run between two borrowers."""
        return ""


class Database:
    """The pool of one process.

    Once the server is found to be away, requests are refused at once until a probe has found it again: none of them
    waits for a time limit of its own, and the pool is not filled with attempts to connect.
    """

    def __init__(self, settings: Settings) -> None:
        self._acquire_timeout_s = settings.database_connect_timeout_s + 1
        self._probe: asyncio.Task[None] | None = None
        # With no connection made in advance the API starts while Postgres is down and needs no loop to find it again.
        self._pool = asyncpg.create_pool(
            settings.database_url.get_secret_value(),
            init_size=0,
            min_size=0,
            max_size=settings.database_pool_size,
            connection_class=PooledConnection,
            timeout=settings.database_connect_timeout_s,
            command_timeout=settings.database_statement_timeout_s,
            server_settings={"application_name": f"slipway-api {settings.release}"},
        )

    async def open(self) -> None:
        """Prepare the pool and try the database once, so that the first request need not."""
        await self._pool
        try:
            await self.check()
        except DatabaseUnavailable:
            log.warning("database not reachable yet; requests will try again")

    async def close(self) -> None:
        """Give running statements a moment, then end every connection."""
        self._end_probe()
        try:
            await asyncio.wait_for(self._pool.close(), CLOSE_TIMEOUT_S)
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection for one request.

        Raises `DatabaseUnavailable` when there is none to be had or it breaks while lent.
        """
        if self._probe:
            raise DatabaseUnavailable
        try:
            async with self._lend() as connection:
                yield connection
        except DatabaseUnavailable:
            self._begin_to_probe()
            raise

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lend a connection within a transaction: all that is done with it is kept together, or none of it."""
        async with self.connection() as connection, connection.transaction():  # type: ignore[attr-defined]
            yield connection

    async def check(self) -> None:
        """Run the smallest statement; raise `DatabaseUnavailable` if that cannot be done."""
        await self._ask()
        self._end_probe()

    @property
    def size(self) -> tuple[int, int]:
        """Return how many connections are open, and how many of them idle."""
        return self._pool.get_size(), self._pool.get_idle_size()

    @asynccontextmanager
    async def _lend(self) -> AsyncIterator[Connection]:
        lent = None
        try:
            async with self._pool.acquire(timeout=self._acquire_timeout_s) as lent:
                yield lent
        except UNAVAILABLE as error:
            raise self._unavailable(error) from error
        except asyncpg.InterfaceError as error:
            # asyncpg's one class for a connection that broke under us and for calls that were wrong from the start.
            if lent is None or lent.is_closed():
                raise self._unavailable(error) from error
            raise

    def _unavailable(self, error: BaseException) -> DatabaseUnavailable:
        log.warning("database unavailable", error=type(error).__name__, reason=str(error))
        return DatabaseUnavailable()

    def _begin_to_probe(self) -> None:
        if self._probe is None:
            self._probe = asyncio.create_task(self._probe_until_found())

    def _end_probe(self) -> None:
        if self._probe:
            self._probe.cancel()
            self._probe = None

    async def _probe_until_found(self) -> None:
        while True:
            try:
                await self._ask()
            except DatabaseUnavailable:
                await asyncio.sleep(PROBE_PAUSE_S)
            else:
                self._probe = None
                return

    async def _ask(self) -> None:
        async with self._lend() as connection:
            await connection.fetchval(ANSWER)
