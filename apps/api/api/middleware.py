"""The one middleware, pure ASGI: request id, release header, access log and the last net for errors."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
QUIET_PATHS = frozenset({"/health"})  # asked every few seconds by the health check

log = structlog.stdlib.get_logger("api.access")


class RequestScope:
    """Wrap the whole application, its error handlers included, so that no answer goes out unmarked or unlogged."""

    def __init__(self, app: ASGIApp, release: str) -> None:
        self._app = app
        self._release = release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = accept_request_id(Headers(scope=scope).get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        answer = Answer(send, {"X-Request-Id": request_id, "X-Release": self._release})
        started = time.perf_counter()
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            log.exception("request failed", method=scope["method"], path=scope["path"])
            if not answer.is_complete:
                raise  # the server must cut the connection, or the client would take half an answer for a whole one
        finally:
            record(scope, answer, time.perf_counter() - started)


class Answer:
    """What was sent for one request."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send: Callable[[Message], Awaitable[None]] = send
        self._headers = headers
        self.status: int | None = None
        self.body_bytes = 0
        self.is_complete = False

    async def send(self, message: Message) -> None:
        """Pass one message on, marking the head of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message).update(self._headers)
        elif message["type"] == "http.response.body":
            self.body_bytes += len(message.get("body", b""))
            self.is_complete = not message.get("more_body", False)
        await self._send(message)


def accept_request_id(offered: str | None) -> str:
    """Keep a client's request id if it is safe to log and echo, else make one."""
    return offered if offered and REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex


def record(scope: Scope, answer: Answer, seconds: float) -> None:
    """Write the access log's line; the query string stays out, for it may hold what a log must not."""
    is_quiet = scope["path"] in QUIET_PATHS and answer.status == HTTPStatus.OK
    (log.debug if is_quiet else log.info)(
        "request",
        method=scope["method"],
        path=scope["path"],
        status=answer.status,
        duration_ms=round(seconds * 1000, 2),
        bytes=answer.body_bytes,
        client=scope["client"][0] if scope.get("client") else None,
    )
