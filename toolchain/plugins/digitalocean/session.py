"""The API for the length of one call of the engine: paths, objects, waits and actions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from toolchain.plugins.digitalocean.client import Client, Json
from toolchain.plugins.digitalocean.errors import ApiError, Unsure
from toolchain.plugins.errors import ProviderError, TimedOut
from toolchain.plugins.provider import Context

Found = TypeVar("Found")
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 10.0
ACTION_LIMIT_S = 3600.0
LOOKS_FOR_LOST = 2
CLOCK_SLACK_S = 2.0


class Session:
    """What resources call; it ends their waits on Ctrl-C and on customTimeouts."""

    def __init__(self, client: Client, ctx: Context) -> None:
        self._client = client
        self.ctx = ctx

    def get(self, path: str, key: str) -> Json:
        """Return the object under `key`."""
        return self._unwrap("GET", path, None, key)

    def find(self, path: str, key: str) -> Json | None:
        """Return the object under `key`, None when it does not exist."""
        try:
            return self.get(path, key)
        except ApiError as failure:
            if failure.is_missing:
                return None
            raise

    def list(self, path: str, key: str, query: Mapping[str, str] | None = None) -> list[Json]:
        """Return all objects of a list."""
        return self._client.pages(self.ctx, path, key, query)

    def post(self, path: str, body: Json, key: str | None = None) -> Json:
        """Post, and return the object under `key`."""
        return self._unwrap("POST", path, body, key)

    def repeat_post(self, path: str, body: Json, key: str | None = None) -> Json:
        """Post something that may safely be done twice."""
        for attempt in range(self._client.settings.retry_max + 1):
            try:
                return self.post(path, body, key)
            except Unsure:
                if attempt == self._client.settings.retry_max:
                    raise
                self.ctx.wait(min(2.0**attempt, self._client.settings.retry_wait_max_s))
        raise AssertionError("unreachable")

    def put(self, path: str, body: Json) -> None:
        """Put."""
        self._client.call(self.ctx, "PUT", path, body)

    def patch(self, path: str, body: Json) -> None:
        """Patch."""
        self._client.call(self.ctx, "PATCH", path, body)

    def delete(self, path: str, body: Json | None = None) -> None:
        """Delete; what is gone already counts as deleted."""
        try:
            self._client.call(self.ctx, "DELETE", path, body)
        except ApiError as failure:
            if not failure.is_missing:
                raise

    def poll(self, look: Callable[[], Found | None], limit_s: float, what: str) -> Found:
        """Look until there is something, ever more slowly; `limit_s` holds unless customTimeouts say otherwise."""
        wait_s = FIRST_WAIT_S
        while True:
            found = look()
            if found is not None:
                return found
            left_s = self.ctx.remaining_s(limit_s)
            if left_s <= 0:
                raise TimedOut(self.ctx.timeout_s or limit_s, f"waiting for {what}")
            self.ctx.wait(min(wait_s, max(left_s, 0.01)))
            wait_s = min(wait_s * 1.6, LONGEST_WAIT_S)

    def retry_while(self, refused: Callable[[ApiError], bool], do: Callable[[], Found], limit_s: float) -> Found:
        """Do something again and again while the API refuses it for a reason that passes."""
        last: list[ApiError] = []

        def attempt() -> tuple[Found] | None:
            try:
                return (do(),)
            except ApiError as failure:
                if not refused(failure):
                    raise
                last[:] = [failure]
                return None

        try:
            return self.poll(attempt, limit_s, "the API to accept it")[0]
        except TimedOut:
            raise last[0] from None

    def finish_action(self, action: Json) -> None:
        """Wait until an action is done."""
        number = action.get("id")

        def look() -> bool | None:
            state = self.get(f"/v2/actions/{number}", "action")
            if state.get("status") == "errored":
                raise ProviderError(f"action {number} ({state.get('type')}) ended with the status errored")
            return True if state.get("completed_at") and state.get("status") != "in-progress" else None

        self.poll(look, ACTION_LIMIT_S, f"action {number}")

    def make(self, collection: str, body: Json, key: str, same: Callable[[Json], bool] | None = None) -> Json:
        """Create an object; after a failure that leaves it open, look for it by `same` before trying again.

        `same` tells an object made of this very body; only one that is younger than the request is taken. Without it
        (objects that carry no date) the failure is shown, because a second one could be made.
        """
        for attempt in range(self._client.settings.retry_max + 1):
            started = time.monotonic()
            try:
                made = self.post(collection, body, key)
            except Unsure as failure:
                if same is None:
                    raise ApiError(
                        f"{failure}; look whether it was made before trying again", failure.status
                    ) from failure
                lost = self._find_lost(collection, body, same, started)
                if lost is not None:
                    return lost
                if attempt == self._client.settings.retry_max:
                    raise
            else:
                self._client.claim(collection, str(made.get("id")))
                return made
        raise AssertionError("unreachable")

    def _find_lost(self, collection: str, body: Json, same: Callable[[Json], bool], started: float) -> Json | None:
        key = collection.rsplit("/", 1)[-1]
        for look in range(LOOKS_FOR_LOST):
            self.ctx.wait(1.0 + look)
            candidates = self.list(collection, key)
            now_s = self._client.call(self.ctx, "GET", "/v2/account").server_time_s
            if now_s is None:
                raise ApiError(f"POST {collection} failed and the API tells no time, so it is open whether it was done")
            since_s = now_s - (time.monotonic() - started) - CLOCK_SLACK_S
            for found in candidates:
                is_ours = found.get("name") == body.get("name") and same(found) and _created_s(found) >= since_s
                if is_ours and self._client.claim(collection, str(found["id"])):
                    return found
        return None

    def _unwrap(self, method: str, path: str, body: Json | None, key: str | None) -> Json:
        data = self._client.call(self.ctx, method, path, body).data
        if key is None:
            return data
        found: Any = data.get(key)
        if not isinstance(found, dict):
            raise ApiError(f"{method} {self._client.settings.endpoint.rstrip('/')}{path}: the answer lacks {key!r}")
        return found


def _created_s(found: Json) -> float:
    text = str(found.get("created_at") or "")
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else 0.0
