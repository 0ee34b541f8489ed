"""`GET /items`."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.errors import CursorInvalid, DatabaseUnavailable
from api.items import queries
from api.items.cursor import Cursor
from api.items.models import ItemPage
from api.problems import answers
from api.resources import ResourcesDep

DEFAULT_LIMIT = 20
MAX_LIMIT = 100

router = APIRouter(prefix="/items", tags=["items"])


@router.get("", responses=answers(CursorInvalid, DatabaseUnavailable))
async def list_items(
    opened: ResourcesDep,
    cursor: Annotated[str | None, Query(max_length=64, description="`next_cursor` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> ItemPage:
    """List items, newest first; a page costs the same at any depth and does not move when items are added."""
    wanted = limit + 1  # one more than asked tells whether there is a next page
    last = Cursor.decode(cursor) if cursor is not None else None
    async with opened.database.connection() as connection:
        found = await queries.page(connection, last, wanted)
    page = found[:limit]
    return ItemPage(items=page, next_cursor=Cursor.after(page[-1]).encode() if len(found) > limit else None)
