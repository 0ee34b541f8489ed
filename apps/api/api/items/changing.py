"""Making, changing and deleting items."""

from uuid import UUID

from starlette.responses import Response

from api.audit.queries import record
from api.callers import Caller
from api.database import Connection
from api.errors import SignInNeeded
from api.idempotency import requests
from api.items import queries
from api.items.errors import ItemChanged, ItemOfAnother, ItemUnknown
from api.items.etags import etag, names
from api.items.models import ItemChange, NewItem
from api.items.queries import Row
from api.json_answers import JsonAnswer
from api.paths import published
from api.resources import Resources
from api.sessions.access_tokens import Claims
from api.sessions.queries import Actor
from api.sessions.queries import actor as actor_of

ROUTE = "POST /items"
CREATED = 201


async def create(opened: Resources, said: Claims, caller: Caller, wanted: NewItem, key: str | None) -> Response:
    """Make an item; with a key at most once."""
    if key:
        return await create_once(opened, said, caller, wanted, key)
    async with opened.database.connection() as connection:
        row = await add(connection, said, caller, wanted)
    return JsonAnswer(dict(row), CREATED, headers_of(row))


async def create_once(opened: Resources, said: Claims, caller: Caller, wanted: NewItem, key: str) -> Response:
    """Make an item unless this request made it before."""
    async with opened.database.transaction() as connection:
        if await actor_of(connection, session_id=said.session_id, account_id=said.account_id) is None:
            raise SignInNeeded
        request = requests.keyed(opened, str(said.account_id), key, ROUTE, wanted)
        claimed = await requests.claim(connection, request)
        if claimed.earlier:
            return claimed.earlier
        row = await add(connection, said, caller, wanted)
        await requests.keep(connection, claimed, CREATED, dict(row), headers_of(row))
    return JsonAnswer(dict(row), CREATED, headers_of(row))


async def add(connection: Connection, said: Claims, caller: Caller, wanted: NewItem) -> Row:
    """Add the item; raise `SignInNeeded` if the session is over."""
    row = await queries.create(
        connection,
        session_id=said.session_id,
        account_id=said.account_id,
        title=wanted.title,
        description=wanted.description,
        caller=caller,
    )
    if row is None:
        raise SignInNeeded
    return row


def headers_of(row: Row) -> dict[str, str]:
    """Return what goes beside a new item."""
    return {"Location": published(f"/items/{row['id']}"), "ETag": etag(row["version"])}


async def change(
    opened: Resources, actor: Actor, caller: Caller, item_id: UUID, wanted: ItemChange, if_match: str | None
) -> Response:
    """Change what is given."""
    fields = wanted.model_dump(exclude_unset=True)
    async with opened.database.transaction() as connection:
        await take(connection, actor, item_id, if_match)
        row = await queries.change(
            connection, item_id=item_id, title=fields.get("title"), description=fields.get("description")
        )
        await record(
            connection,
            action="item_changed",
            caller=caller,
            account_id=actor.account_id,
            item=str(item_id),
            fields=sorted(fields),
        )
    if row is None:
        raise ItemUnknown
    return JsonAnswer(dict(row), headers={"ETag": etag(row["version"])})


async def delete(opened: Resources, actor: Actor, caller: Caller, item_id: UUID, if_match: str | None) -> None:
    """Delete an item."""
    async with opened.database.transaction() as connection:
        await take(connection, actor, item_id, if_match)
        await queries.delete(connection, item_id=item_id)
        await record(connection, action="item_deleted", caller=caller, account_id=actor.account_id, item=str(item_id))


async def take(connection: Connection, actor: Actor, item_id: UUID, if_match: str | None) -> None:
    """Lock an item that may be changed.

    Raises `ItemUnknown`, `ItemOfAnother` or `ItemChanged`.
    """
    standing = await queries.lock(connection, item_id=item_id)
    if standing is None:
        raise ItemUnknown
    if not actor.is_staff and standing.owner_id != actor.account_id:
        raise ItemOfAnother
    if if_match is not None and not names(if_match, standing.version, weakly=False):
        raise ItemChanged
