"""The statements on items, one typed function each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.callers import Caller
from api.database import Connection
from api.pages import Cursor
from api.statements import statement

PAGE = statement("items", "page")
SEARCH = statement("items", "search")
SEARCH_RECENT = statement("items", "search_recent")
PAGE_OF_OWNER = statement("items", "page_of_owner")
SEARCH_OF_OWNER = statement("items", "search_of_owner")
ONE = statement("items", "one")
LOCK = statement("items", "lock")
CREATE = statement("items", "create")
CHANGE = statement("items", "change")
DELETE = statement("items", "delete")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """Whose an item is and in which version."""

    owner_id: UUID | None
    version: int


async def page(connection: Connection, *, last: Cursor, limit: int) -> Sequence[Row]:
    """Return the items that come after `last`, newest first."""
    return await connection.fetch(PAGE, last.created_at, last.id, limit)


async def search(connection: Connection, *, last: Cursor, limit: int, like: str) -> Sequence[Row]:
    """Return those of them whose title is like a pattern."""
    return await connection.fetch(SEARCH, last.created_at, last.id, limit, like)


async def search_recent(connection: Connection, *, last: Cursor, limit: int, like: str) -> Sequence[Row]:
    """Return those of the next 20,000 items whose title is like a pattern."""
    return await connection.fetch(SEARCH_RECENT, last.created_at, last.id, limit, like)


async def page_of_owner(connection: Connection, *, last: Cursor, limit: int, owner_id: UUID) -> Sequence[Row]:
    """Return those of them that belong to one account."""
    return await connection.fetch(PAGE_OF_OWNER, last.created_at, last.id, limit, owner_id)


async def search_of_owner(
    connection: Connection, *, last: Cursor, limit: int, owner_id: UUID, like: str
) -> Sequence[Row]:
    """Return those of them that belong to one account and whose title is like a pattern."""
    return await connection.fetch(SEARCH_OF_OWNER, last.created_at, last.id, limit, owner_id, like)


async def one(connection: Connection, *, item_id: UUID) -> Row | None:
    """Return an item."""
    return await connection.fetchrow(ONE, item_id)


async def lock(connection: Connection, *, item_id: UUID) -> Standing | None:
    """Return whose an item is and lock it until the transaction ends."""
    row = await connection.fetchrow(LOCK, item_id)
    return Standing(**row) if row else None


async def create(
    connection: Connection, *, session_id: UUID, account_id: UUID, title: str, description: str, caller: Caller
) -> Row | None:
    """Make an item and record it; None if the session is over."""
    return await connection.fetchrow(
        CREATE, session_id, account_id, title, description, caller.ip, caller.user_agent, caller.request_id
    )


async def change(connection: Connection, *, item_id: UUID, title: str | None, description: str | None) -> Row | None:
    """Set what is not None and count the version up."""
    return await connection.fetchrow(CHANGE, item_id, title, description)


async def delete(connection: Connection, *, item_id: UUID) -> None:
    """Delete an item."""
    await connection.execute(DELETE, item_id)
