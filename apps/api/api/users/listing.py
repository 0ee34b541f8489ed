"""The list of users."""

from api.pages import Cursor, cursor_of, like
from api.resources import Resources
from api.users import queries
from api.users.models import User, UserPage


async def page(opened: Resources, q: str | None, cursor: str | None, limit: int) -> UserPage:
    """Return one page; `q` is part of the email or the name."""
    last, wanted = cursor_of(cursor), limit + 1  # one more than asked tells whether there is a next page
    async with opened.database.connection() as connection:
        if q:
            rows = await queries.search(connection, last=last, limit=wanted, like=like(q))
        else:
            rows = await queries.page(connection, last=last, limit=wanted)
    users = [User(**row) for row in rows[:limit]]
    return UserPage(users=users, next_cursor=Cursor.after(rows, limit))
