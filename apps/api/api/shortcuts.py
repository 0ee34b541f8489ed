"""The four requests that come most, answered before FastAPI sees them.

FastAPI's routing and dependencies cost such a request more than all the rest of it (docs/decisions/0009). Whatever is
not of the plainest form goes on to FastAPI, which has these routes whole; OpenAPI is made from there, and a test asks
both for the same and compares. No rule stands here: reading a request is all that is done another way.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.callers import caller_of
from api.errors import ApiError
from api.items import changing, listing
from api.items.etags import TAG_MAX
from api.items.models import NewItem
from api.limits.middleware import refuse
from api.pages import DEFAULT_LIMIT, MAX_LIMIT
from api.resources import Resources
from api.users import own

PLAIN_QUERY = re.compile(rb"(?:limit=([1-9][0-9]{0,2}))?(?:(?:^|&)cursor=([A-Za-z0-9_-]{32}))?")
PLAIN_ITEM = re.compile(r"/items/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
BEARER = b"Bearer "


@dataclass(frozen=True)
class Route:
    """What the metrics need to know of a route."""

    path: str


LIST, ONE, ME = Route("/items"), Route("/items/{item_id}"), Route("/users/me")


class Shortcuts:
    """Answers what is plain and hands on the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        shortcut = find(scope) if scope["type"] == "http" else None
        if shortcut is None:
            await self._app(scope, receive, send)
            return
        replay = Replay(receive)
        try:
            response = await shortcut(scope, scope["state"]["resources"], replay)
        except ApiError as error:
            await refuse(error, scope, receive, send)
            return
        if response is None:
            scope.pop("route", None)
            await self._app(scope, replay.receive, send)
        else:
            await response(scope, receive, send)


class Replay:
    """Reads a body that somebody else may have to read again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []

    async def body(self) -> bytes:
        """Return the whole body."""
        while not self._messages or self._messages[-1].get("more_body", False):
            self._messages.append(await self._receive())
        return b"".join(message.get("body", b"") for message in self._messages)

    async def receive(self) -> Message:
        """Return what was read before, and then what comes."""
        return self._messages.pop(0) if self._messages else await self._receive()


Shortcut = Callable[[Scope, Resources, Replay], Awaitable[Response | None]]


def find(scope: Scope) -> Shortcut | None:
    """Return the shortcut of a request, if it has one."""
    method, path = scope["method"], scope["path"]
    if path == LIST.path:
        return {"GET": list_items, "POST": create_item}.get(method)
    if method != "GET":
        return None
    if path == ME.path:
        return read_me
    return read_item if path.startswith("/items/") else None


async def list_items(scope: Scope, opened: Resources, _: Replay) -> Response | None:
    """Answer a page without search or owner."""
    query = PLAIN_QUERY.fullmatch(scope["query_string"])
    limit = int(query[1] or DEFAULT_LIMIT) if query else MAX_LIMIT + 1
    if query is None or limit > MAX_LIMIT:
        return None
    scope["route"] = LIST
    return await listing.page(opened, None, None, query[2].decode() if query[2] else None, limit)


async def read_item(scope: Scope, opened: Resources, _: Replay) -> Response | None:
    """Answer one item."""
    path = PLAIN_ITEM.fullmatch(scope["path"])
    if path is None:
        return None
    scope["route"] = ONE
    tag = header(scope, b"if-none-match")
    if tag is not None and len(tag) > TAG_MAX:
        return None
    return await listing.one(opened, UUID(path[1]), tag.decode("latin-1") if tag is not None else None)


async def read_me(scope: Scope, opened: Resources, _: Replay) -> Response | None:
    """Answer one's own account."""
    token = bearer(scope)
    if token is None:
        return None
    scope["route"] = ME
    return await own.read(opened, opened.access_tokens.read(token))


async def create_item(scope: Scope, opened: Resources, replay: Replay) -> Response | None:
    """Make an item, if nothing depends on a key."""
    token = bearer(scope)
    has_length = header(scope, b"content-length") is not None  # what comes in pieces is counted, and refused elsewhere
    is_json = header(scope, b"content-type") == b"application/json"
    if token is None or not has_length or not is_json or header(scope, b"idempotency-key") is not None:
        return None
    try:
        wanted = NewItem.model_validate_json(await replay.body())
    except ValidationError:
        return None
    scope["route"] = LIST
    return await changing.create(opened, opened.access_tokens.read(token), caller_of(scope), wanted, None)


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return a header of a request."""
    return next((value for found, value in scope["headers"] if found == name), None)


def bearer(scope: Scope) -> str | None:
    """Return the access token of a request, if it is sent in the plain way."""
    value = header(scope, b"authorization")
    return value[len(BEARER) :].decode("latin-1") if value and value.startswith(BEARER) else None
