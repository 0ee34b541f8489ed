"""The DigitalOcean API as calls: authentication, retries, pages, and errors in the official provider's words."""

from __future__ import annotations

import email.utils
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from toolchain.plugins.digitalocean.errors import TOKEN_ADVICE, ApiError, Dropped, NotSent, Unsure
from toolchain.plugins.digitalocean.transport import Answer, Transport
from toolchain.plugins.provider import Context

DEFAULT_ENDPOINT = "https://api.digitalocean.com"
RETRIED = frozenset({429, 500, 502, 503, 504})
PAGE_SIZE = 200
Json = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """How to reach the API; the fields are the official provider's configuration keys."""

    token: str = ""
    endpoint: str = DEFAULT_ENDPOINT
    retry_max: int = 4
    retry_wait_min_s: float = 1.0
    retry_wait_max_s: float = 30.0
    requests_per_second: float = 0.0


@dataclass(frozen=True)
class Reply:
    """A good answer: its JSON object (empty for 204), and the server's clock in seconds if it told the time."""

    data: Json
    server_time_s: float | None


class Client:
    """One configured way to the API, shared by all threads of the provider."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._transport = Transport(settings.endpoint)
        self._lock = threading.Lock()
        self._next_slot_s = 0.0
        self._claimed: set[tuple[str, str]] = set()

    def close(self) -> None:
        """Close idle connections; only tests outlive a client."""
        self._transport.close()

    def claim(self, collection: str, id: str) -> bool:  # noqa: A002 - DigitalOcean's word
        """Take an object for one resource of this run; False when another resource has it already."""
        with self._lock:
            fresh = (collection, id) not in self._claimed
            self._claimed.add((collection, id))
        return fresh

    def call(self, ctx: Context, method: str, path: str, body: Json | None = None) -> Reply:
        """Make a call, repeating it where that is safe; raises ApiError, or Unsure for a POST that may be done."""
        if not self.settings.token:
            raise ApiError(f"{method} {self._url(path)}: no DigitalOcean API token is known; {TOKEN_ADVICE}", 401)
        wait_s = self.settings.retry_wait_min_s
        for attempt in range(1, self.settings.retry_max + 2):
            is_last = attempt > self.settings.retry_max
            try:
                answer = self._send(ctx, method, path, body)
            except (NotSent, Dropped) as failure:
                error = self._lost(method, path, failure)
                pause_s = None
            else:
                if answer.status < 300:
                    return self._understand(method, path, answer)
                error = self._refused(method, path, answer)
                if answer.status not in RETRIED:
                    raise error
                pause_s = _retry_after_s(answer)
            if isinstance(error, Unsure):
                raise error
            if is_last:
                break
            ctx.wait(min(wait_s, self.settings.retry_wait_max_s) if pause_s is None else pause_s)
            wait_s *= 2
        tries = f"; giving up after {attempt} attempt(s)" if attempt > 1 else ""
        raise ApiError(f"{error}{tries}", error.status, error.message)

    def pages(self, ctx: Context, path: str, key: str, query: Mapping[str, str] | None = None) -> list[Json]:
        """Return every object of a list."""
        found: list[Json] = []
        page = 1
        while True:
            asked = urlencode({**(query or {}), "page": page, "per_page": PAGE_SIZE})
            data = self.call(ctx, "GET", f"{path}?{asked}").data
            found.extend(data.get(key) or [])
            links = data.get("links") or {}
            if not (links.get("pages") or {}).get("next"):
                return found
            page += 1

    def _send(self, ctx: Context, method: str, path: str, body: Json | None) -> Answer:
        self._take_turn(ctx)
        headers = {
            "Authorization": f"Bearer {self.settings.token}",
            "Accept": "application/json",
            "User-Agent": "pulumi-resource-digitalocean (Python)",
        }
        if method != "GET":
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        return self._transport.send(method, path, headers, content)

    def _take_turn(self, ctx: Context) -> None:
        if self.settings.requests_per_second <= 0:
            return
        with self._lock:
            now = time.monotonic()
            slot = max(self._next_slot_s, now)
            self._next_slot_s = slot + 1 / self.settings.requests_per_second
        if slot > now:
            ctx.wait(slot - now)

    def _url(self, path: str) -> str:
        return self.settings.endpoint.rstrip("/") + path

    def _lost(self, method: str, path: str, failure: NotSent | Dropped) -> ApiError:
        text = f'{method} "{self._url(path)}": {failure}'
        if method == "POST" and isinstance(failure, Dropped):
            return Unsure(f"{text}; it may have been done all the same")
        return ApiError(text)

    def _refused(self, method: str, path: str, answer: Answer) -> ApiError:
        message, request_id = _message_of(answer)
        request = f' (request "{request_id}")' if request_id else ""
        text = f"{method} {self._url(path)}: {answer.status}{request} {message}"
        if answer.status == 401:
            text = f"{text}; {TOKEN_ADVICE}"
        is_unsure = method == "POST" and answer.status in RETRIED and answer.status != 429
        kind = Unsure if is_unsure else ApiError
        return kind(text, answer.status, message)

    def _understand(self, method: str, path: str, answer: Answer) -> Reply:
        date = email.utils.parsedate_tz(answer.headers.get("date"))
        server_time_s = email.utils.mktime_tz(date) if date else None
        if answer.status == 204 or (method == "DELETE" and not answer.body):
            return Reply({}, server_time_s)
        try:
            data = json.loads(answer.body)
        except ValueError as failure:
            text = f"{method} {self._url(path)}: {answer.status}, but the answer is not JSON: {failure}"
            raise ApiError(text, answer.status) from failure
        if not isinstance(data, dict):
            raise ApiError(
                f"{method} {self._url(path)}: {answer.status}, but the answer is no JSON object", answer.status
            )
        return Reply(data, server_time_s)


def _message_of(answer: Answer) -> tuple[str, str]:
    """Return what the API says went wrong, and the request's id."""
    request_id = answer.headers.get("x-request-id", "")
    try:
        data = json.loads(answer.body)
    except ValueError:
        return answer.body.decode(errors="replace").strip()[:2000], request_id
    if not isinstance(data, dict):
        return str(data), request_id
    return str(data.get("message") or data.get("id") or ""), str(data.get("request_id") or request_id)


def _retry_after_s(answer: Answer) -> float | None:
    text = answer.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    return None
