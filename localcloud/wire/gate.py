"""What every request passes before a route sees it: request id, token, rate limit."""

import hmac
import json
import logging
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localcloud.wire.answers import error_body
from localcloud.wire.limits import RateLimiter

log = logging.getLogger(__name__)


class Gate:
    """Give the request an id, check its token, count it, and put the headers on its answer."""

    def __init__(self, app: ASGIApp, token: str, limiter: RateLimiter) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        known = self._is_known(Headers(scope=scope))
        allowance = self._limiter.take() if known else self._limiter.look()
        extra = allowance.headers() | {"x-request-id": request_id}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(extra)
            await send(message)

        if not known:
            await _refuse(send_with_headers, 401, "Unauthorized", "Unable to authenticate you", request_id)
        elif allowance.retry_after_s:
            await _refuse(send_with_headers, 429, "too_many_requests", "API Rate limit exceeded.", request_id)
        else:
            await self._serve(scope, receive, send_with_headers, request_id)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            await _refuse(send, 500, "server_error", "Unexpected server-side error", request_id)

    def _is_known(self, headers: Headers) -> bool:
        return hmac.compare_digest(headers.get("authorization", "").encode(), self._expected)


async def _refuse(send: Send, status: int, error_id: str, message: str, request_id: str) -> None:
    body = json.dumps(error_body(error_id, message, request_id)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
