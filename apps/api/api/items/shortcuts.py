"""The short ways to items."""

import re
from uuid import UUID

from fastapi import Response
from pydantic import ValidationError

from api.callers import caller_of
from api.items import changing, listing
from api.items.models import NewItem
from api.items.routes import IF_NONE_MATCH_MAX
from api.pages import DEFAULT_LIMIT
from api.shortcuts import PlainRequest, Shortcut

LIMIT = re.compile(rb"limit=([1-9][0-9]?|100)")


async def list_items(request: PlainRequest) -> Response | None:
    """Return the first page of all items."""
    query = request.scope["query_string"]
    limit = LIMIT.fullmatch(query)
    if b"authorization" in request.headers or (query and not limit):
        return None
    return await listing.page(request.opened, None, None, False, None, int(limit[1]) if limit else DEFAULT_LIMIT)


async def read_item(request: PlainRequest) -> Response | None:
    """Return one item."""
    if_none_match = request.header(b"if-none-match")
    if request.scope["query_string"] or (if_none_match and len(if_none_match) > IF_NONE_MATCH_MAX):
        return None
    return await listing.one(request.opened, UUID(request.identity), if_none_match)


async def create_item(request: PlainRequest) -> Response | None:
    """Make an item, unless it is to be made once only."""
    token = request.bearer()
    if token is None or request.scope["query_string"] or b"idempotency-key" in request.headers:
        return None
    try:
        wanted = NewItem.model_validate(await request.json())
    except ValidationError:
        return None
    caller = caller_of(request.scope, request.header(b"user-agent"))
    said = request.opened.access_tokens.read(token)
    return await changing.create(request.opened, said, caller, wanted, None)


WAYS = {
    ("GET", "/items"): Shortcut("/items", list_items),
    ("POST", "/items"): Shortcut("/items", create_item),
    ("GET", "/items/"): Shortcut("/items/{item_id}", read_item),
}
