"""Shortcuts: plain requests for the busiest routes, answered without the framework's general machinery.

A shortcut takes a request only if every part of it is in the plainest form; all others go on to the route of FastAPI,
which is the definition: it describes, validates and explains. So a shortcut decides nothing but how long an answer
takes, and can be left out at any time; tests ask both ways and compare. What it saves stands in docs/performance.md.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError
from api.problems import on_api_error
from api.resources import Resources

BEARER = b"Bearer "
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UUID_LENGTH = 36


class PlainRequest:
    """A request whose headers are each there once."""

    __slots__ = ("_read", "_receive", "headers", "identity", "scope")

    def __init__(self, scope: Scope, receive: Receive, identity: str) -> None:
        self.scope = scope
        self.identity = identity
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self._receive = receive
        self._read: Message | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether no header came twice."""
        return len(self.headers) == len(self.scope["headers"])

    @property
    def opened(self) -> Resources:
        """Return what the lifespan opened."""
        opened: Resources = self.scope["state"]["resources"]
        return opened

    def header(self, name: bytes) -> str | None:
        """Return a header as the framework decodes it."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    def bearer(self) -> str | None:
        """Return the access token, if there is one and nothing else in the header."""
        value = self.headers.get(b"authorization", b"")
        return value[len(BEARER) :].decode("latin-1") if value.startswith(BEARER) and value.count(b" ") == 1 else None

    async def json(self) -> Any:
        """Return the body if it is JSON and came in one piece, else None."""
        if self.headers.get(b"content-type") != b"application/json":
            return None
        self._read = await self._receive()
        if self._read["type"] != "http.request" or self._read.get("more_body"):
            return None
        try:
            return json.loads(self._read["body"])
        except (ValueError, RecursionError):
            return None

    async def receive(self) -> Message:
        """Give the framework again what was read already."""
        read, self._read = self._read, None
        return read or await self._receive()


@dataclass(frozen=True)
class Shortcut:
    """A short way to a route: the path as the route has it, and what answers, with None for what is not plain."""

    path: str
    answer: Callable[[PlainRequest], Awaitable[Response | None]]


class Shortcuts:
    """Pure ASGI middleware inside FastAPI's net for unforeseen errors and outside of everything else.

    `ways` are found by method and path; a path that ends with a slash leads to every path that has a UUID behind it.
    """

    def __init__(self, app: ASGIApp, ways: Mapping[tuple[str, str], Shortcut]) -> None:
        self._app = app
        self._ways = ways

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or let the framework."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        way, identity = self._find(scope["method"], scope["path"])
        if way:
            request = PlainRequest(scope, receive, identity)
            response = await answer(way, request) if request.is_plain else None
            if response:
                scope["route"] = way  # metrics ask for its path
                await response(scope, receive, send)
                return
            receive = request.receive
        await self._app(scope, receive, send)

    def _find(self, method: str, path: str) -> tuple[Shortcut | None, str]:
        if UUID.fullmatch(path, max(0, len(path) - UUID_LENGTH)):
            return self._ways.get((method, path[:-UUID_LENGTH])), path[-UUID_LENGTH:]
        return None if path.endswith("/") else self._ways.get((method, path)), ""


async def answer(way: Shortcut, request: PlainRequest) -> Response | None:
    """Return the answer, a problem document for an error of ours, or None if the request is not plain."""
    try:
        return await way.answer(request)
    except ApiError as error:
        return await on_api_error(Request(request.scope), error)
