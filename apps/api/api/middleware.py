"""The outermost middleware, pure ASGI: request id, release header, access log, metrics and the last net for errors."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import make_access_log
from api.metrics.numbers import IN_FLIGHT
from api.metrics.requests import observe

REQUEST_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
QUIET_PATHS = frozenset({"/health"})  # asked every few seconds by the health check

log = structlog.stdlib.get_logger(__name__)


class RequestScope:
    """Wrap the whole application, its error handlers included, so that no answer goes out unmarked or unlogged."""

    def __init__(self, app: ASGIApp, release: str) -> None:
        self._app = app
        self._release = (b"x-release", release.encode())
        self._access_log = make_access_log(release)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = accept_request_id(offered(scope))
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        answer = Answer(send, [(b"x-request-id", request_id.encode()), self._release])
        started = time.perf_counter()
        IN_FLIGHT.inc()
        try:
            await self._app(scope, receive, answer.send)
        except Exception:
            log.exception("request failed", method=scope["method"], path=scope["path"])
            if not answer.is_complete:
                raise  # the server must cut the connection, or the client would take half an answer for a whole one
        finally:
            IN_FLIGHT.dec()
            seconds = time.perf_counter() - started
            observe(scope, answer.status, seconds)
            self._record(scope, answer, request_id, seconds)

    def _record(self, scope: Scope, answer: "Answer", request_id: str, seconds: float) -> None:
        """Write the access log's line; the query string stays out, for it may hold what a log must not."""
        if scope["path"] in QUIET_PATHS and answer.status == HTTPStatus.OK:
            return
        self._access_log.info(
            "request",
            request_id=request_id,
            method=scope["method"],
            path=scope["path"],
            status=answer.status,
            duration_ms=round(seconds * 1000, 2),
            bytes=answer.body_bytes,
            client=scope["client"][0] if scope.get("client") else None,
        )


class Answer:
    """What was sent for one request."""

    __slots__ = ("_headers", "_send", "body_bytes", "is_complete", "status")

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self._send: Callable[[Message], Awaitable[None]] = send
        self._headers = headers
        self.status: int | None = None
        self.body_bytes = 0
        self.is_complete = False

    async def send(self, message: Message) -> None:
        """Pass one message on, marking the head of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), *self._headers]
        elif message["type"] == "http.response.body":
            self.body_bytes += len(message.get("body", b""))
            self.is_complete = not message.get("more_body", False)
        await self._send(message)


def offered(scope: Scope) -> bytes | None:
    """Return the request id that the client sent."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return bytes(value)
    return None


def accept_request_id(offered: bytes | None) -> str:
    """Keep a client's request id if it is safe to log and echo, else make one."""
    return offered.decode() if offered and REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex
