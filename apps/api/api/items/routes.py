"""Items: listing, making, reading, changing, deleting."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from api.callers import CallerDep
from api.errors import CursorInvalid, DatabaseUnavailable, SignInNeeded
from api.idempotency.errors import KeyReused
from api.idempotency.keys import KeyHeader
from api.items import changing, listing
from api.items.errors import ItemChanged, ItemOfAnother, ItemUnknown
from api.items.etags import TAG_MAX
from api.items.models import Item, ItemChange, ItemPage, NewItem
from api.openapi import links
from api.pages import DEFAULT_LIMIT, CursorText, Limit
from api.problems import answers
from api.resources import ResourcesDep
from api.sessions.actor import Bearer, ClaimsDep, SignedIn, signed_in_as
from api.texts import Search

router = APIRouter(prefix="/items", tags=["items"], responses=answers(DatabaseUnavailable))

ETAG: dict[str, Any] = {
    "ETag": {"description": "The version in quotes", "schema": {"type": "string"}, "example": '"1"'}
}
LOCATION: dict[str, Any] = {
    "Location": {"description": "Path of the item", "schema": {"type": "string", "format": "uri-reference"}}
}
ITEM_LINKS = links("item_id", "readItem", "changeItem", "deleteItem")
IfMatch = Annotated[
    str | None, Header(max_length=TAG_MAX, description="Change only this version, as the ETag has it", examples=['"1"'])
]
IfNoneMatch = Annotated[
    str | None, Header(max_length=TAG_MAX, description="ETag of the copy at hand", examples=['"1"'])
]


@router.get(
    "",
    response_model=ItemPage,
    responses=answers(CursorInvalid, SignInNeeded),
    openapi_extra={"security": [{}]},  # an access token is not always needed
)
async def list_items(
    opened: ResourcesDep,
    credentials: Bearer,
    q: Annotated[
        Search | None,
        Query(
            description="Part of the title, in any case; only the newest items are searched for less than three letters"
        ),
    ] = None,
    owner: Annotated[Literal["me"] | None, Query(description="Only one's own; needs an access token")] = None,
    cursor: CursorText = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """List items, newest first; a page costs the same at any depth and does not move when items are added."""
    actor = await signed_in_as(opened, credentials) if owner else None
    return await listing.page(opened, actor, q, cursor, limit)


@router.post(
    "",
    status_code=201,
    response_model=Item,
    responses={201: {"headers": {**ETAG, **LOCATION}, "links": ITEM_LINKS}, **answers(SignInNeeded, KeyReused)},
)
async def create_item(
    wanted: NewItem, opened: ResourcesDep, said: ClaimsDep, caller: CallerDep, key: KeyHeader = None
) -> Response:
    """Make an item of one's own."""
    return await changing.create(opened, said, caller, wanted, key)


@router.get(
    "/{item_id}",
    response_model=Item,
    responses={
        200: {"headers": ETAG},
        304: {"description": "The copy at hand is current", "headers": ETAG},
        **answers(ItemUnknown),
    },
)
async def read_item(item_id: UUID, opened: ResourcesDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return one item."""
    return await listing.one(opened, item_id, if_none_match)


@router.patch(
    "/{item_id}",
    response_model=Item,
    responses={200: {"headers": ETAG}, **answers(SignInNeeded, ItemOfAnother, ItemUnknown, ItemChanged)},
)
async def change_item(
    item_id: UUID,
    change: ItemChange,
    opened: ResourcesDep,
    actor: SignedIn,
    caller: CallerDep,
    if_match: IfMatch = None,
) -> Response:
    """Change an item; with If-Match only if it is in the version that the client knows."""
    return await changing.change(opened, actor, caller, item_id, change, if_match)


@router.delete("/{item_id}", status_code=204, responses=answers(SignInNeeded, ItemOfAnother, ItemUnknown, ItemChanged))
async def delete_item(
    item_id: UUID, opened: ResourcesDep, actor: SignedIn, caller: CallerDep, if_match: IfMatch = None
) -> None:
    """Delete an item; with If-Match only if it is in the version that the client knows."""
    await changing.delete(opened, actor, caller, item_id, if_match)
