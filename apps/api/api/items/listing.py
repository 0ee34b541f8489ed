"""Reading items."""

import re
from collections.abc import Sequence
from uuid import UUID

from starlette.responses import Response

from api.database import Connection
from api.items import queries
from api.items.errors import ItemUnknown
from api.items.etags import etag, names
from api.items.queries import Row
from api.json_answers import JsonAnswer
from api.pages import Cursor, cursor_of, like
from api.resources import Resources
from api.sessions.queries import Actor

INDEXED = re.compile(r"[^\W_]{3}")  # three letters or digits in a row are what the trigram index knows


async def page(opened: Resources, owner: Actor | None, q: str | None, cursor: str | None, limit: int) -> Response:
    """Return one page, of everybody's items or of the owner's; `q` is part of the title."""
    last, wanted = cursor_of(cursor), limit + 1  # one more than asked tells whether there is a next page
    async with opened.database.connection() as connection:
        rows = await find(connection, owner.account_id if owner else None, q, last, wanted)
    return JsonAnswer({"items": [dict(row) for row in rows[:limit]], "next_cursor": Cursor.after(rows, limit)})


async def find(connection: Connection, owner_id: UUID | None, q: str | None, last: Cursor, limit: int) -> Sequence[Row]:
    """Return the rows of a page by the statement that is made for it."""
    if owner_id and q:
        return await queries.search_of_owner(connection, last=last, limit=limit, owner_id=owner_id, like=like(q))
    if owner_id:
        return await queries.page_of_owner(connection, last=last, limit=limit, owner_id=owner_id)
    if q and not INDEXED.search(q):
        return await queries.search_recent(connection, last=last, limit=limit, like=like(q))
    if q:
        return await queries.search(connection, last=last, limit=limit, like=like(q))
    return await queries.page(connection, last=last, limit=limit)


async def one(opened: Resources, item_id: UUID, if_none_match: str | None) -> Response:
    """Return an item, or that the client's copy is current."""
    async with opened.database.connection() as connection:
        row = await queries.one(connection, item_id=item_id)
    if row is None:
        raise ItemUnknown
    headers = {"ETag": etag(row["version"])}
    if names(if_none_match, row["version"], weakly=True):
        return Response(status_code=304, headers=headers)
    return JsonAnswer(dict(row), headers=headers)
