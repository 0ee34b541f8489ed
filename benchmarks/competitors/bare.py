"""The ceiling: a bare ASGI application, one statement of the API's own for each answer, JSON made by hand.

It knows no accounts, limits, logs, metrics, faults or documents: what it costs is what nobody can save.
"""

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import to_json

from api.statements import statement

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

PAGE = statement("items", "page")
ONE = statement("items", "one")
CREATE = statement("items", "create")
ME = statement("accounts", "me")
LIMIT = len("limit=")
ITEM = len("/items/")
NEWEST = datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1)
JSON = (b"content-type", b"application/json")


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types
    """A connection that is given back as it is, like the API's."""

    __slots__ = ()

    def get_reset_query(self) -> str:
        """Return what is run between two borrowers."""
        return ""


class Bare:
    """Answers four requests, as whoever the environment names."""

    def __init__(self) -> None:
        self._pool: Any = None
        self._who = UUID(os.environ["SESSION_ID"]), UUID(os.environ["ACCOUNT_ID"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or open and close the pool."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        status, body = await self._answer(scope, receive)
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [JSON, length]})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        url, size = os.environ["DATABASE_URL"], int(os.environ["DATABASE_POOL_SIZE"])
        self._pool = await asyncpg.create_pool(url, min_size=0, max_size=size, connection_class=Connection)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        path = scope["path"]
        if path == "/items":
            return await (self._create(receive) if scope["method"] == "POST" else self._page(scope))
        async with self._pool.acquire() as connection:
            if path == "/users/me":
                row = await connection.fetchrow(ME, *self._who)
            else:
                row = await connection.fetchrow(ONE, UUID(path[ITEM:]))
        return 200, to_json(dict(row))

    async def _page(self, scope: Scope) -> tuple[int, bytes]:
        limit = int(scope["query_string"][LIMIT:])
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(PAGE, *NEWEST, limit + 1)
        return 200, to_json({"items": [dict(row) for row in rows[:limit]], "next_cursor": "another page"})

    async def _create(self, receive: Receive) -> tuple[int, bytes]:
        wanted = json.loads((await receive())["body"])
        async with self._pool.acquire() as connection:
            row = await connection.fetchrow(
                CREATE, *self._who, wanted["title"], wanted["description"], "127.0.0.1", "bench", "bench"
            )
        return 201, to_json(dict(row))


app = Bare()
