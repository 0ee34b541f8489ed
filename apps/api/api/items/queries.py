"""The statements on items, one typed function each."""

from api.database import Connection
from api.items.cursor import Cursor
from api.items.models import Item
from api.statements import statement

PAGE_FIRST = statement("items", "page_first")
PAGE_AFTER = statement("items", "page_after")


async def page(connection: Connection, last: Cursor | None, limit: int) -> list[Item]:
    """Return the items after `last`, or the newest."""
    return await (page_after(connection, last, limit) if last else page_first(connection, limit))


async def page_first(connection: Connection, limit: int) -> list[Item]:
    """Return the newest items."""
    return [Item(**row) for row in await connection.fetch(PAGE_FIRST, limit)]


async def page_after(connection: Connection, last: Cursor, limit: int) -> list[Item]:
    """Return the items that come after `last`, newest first."""
    return [Item(**row) for row in await connection.fetch(PAGE_AFTER, last.created_at, last.id, limit)]
