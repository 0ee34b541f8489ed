"""The limits on every request, pure ASGI: how many, and how large."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, BodyTooLarge, RateLimited
from api.limits.clients import client_key
from api.limits.everything import WindowCounter
from api.metrics.numbers import LIMITED
from api.problems import ProblemResponse, problem_of

UNLIMITED = frozenset({"/health"})  # the health check must not find a process ill because a client is busy
BODY_MAX = 256 * 1024


class RequestLimit:
    """Refuse what one client asks beyond its share of a minute."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app = app
        self._counter = WindowCounter(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or refuse it."""
        if scope["type"] == "http" and scope["path"] not in UNLIMITED:
            client = scope.get("client")
            wait_s = self._counter.hit(client_key(client[0] if client else None))
            if wait_s:
                LIMITED.labels("everything").inc()
                await refuse(RateLimited(wait_s), scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuse bodies that are larger than any of ours can be, whether they say so or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        for name, value in scope["headers"]:
            if name == b"content-length" and (len(value) > len(str(BODY_MAX)) or int(value) > BODY_MAX):
                await refuse(BodyTooLarge(), scope, receive, send)
                return
            if name == b"transfer-encoding":
                receive = counted(receive)
        await self._app(scope, receive, send)


def counted(receive: Receive) -> Receive:
    """Return a `receive` that raises once the body is too large."""
    total = 0

    async def receive_within_limit() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > BODY_MAX:
            # The one kind of error that FastAPI lets pass while it reads a body.
            raise HTTPException(BodyTooLarge.status)
        return message

    return receive_within_limit


async def refuse(error: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem document."""
    await ProblemResponse(problem_of(error, Request(scope)), error.headers)(scope, receive, send)
