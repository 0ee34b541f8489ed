"""The statements on what users tell of themselves, and on the list of users, one typed function each."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.database import Connection
from api.pages import Cursor
from api.statements import statement

CHANGE_NAME = statement("accounts", "change_name")
CHANGE_PROFILE = statement("accounts", "change_profile")
PAGE = statement("users", "page")
SEARCH = statement("users", "search")


async def change_name(connection: Connection, *, account_id: UUID, display_name: str) -> None:
    """Set the name that others see."""
    await connection.execute(CHANGE_NAME, account_id, display_name)


async def change_profile(connection: Connection, *, account_id: UUID, fields: Mapping[str, str | None]) -> None:
    """Set `bio` and `avatar_url`, as far as `fields` has them."""
    await connection.execute(
        CHANGE_PROFILE,
        account_id,
        "bio" in fields,
        fields.get("bio"),
        "avatar_url" in fields,
        fields.get("avatar_url"),
    )


async def page(connection: Connection, *, last: Cursor, limit: int) -> Sequence[Mapping[str, Any]]:
    """Return the accounts that come after `last`, newest first."""
    return await connection.fetch(PAGE, last.created_at, last.id, limit)


async def search(connection: Connection, *, last: Cursor, limit: int, like: str) -> Sequence[Mapping[str, Any]]:
    """Return those of them whose email or name is like a pattern."""
    return await connection.fetch(SEARCH, last.created_at, last.id, limit, like)
