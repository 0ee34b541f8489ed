"""HTTP over kept-alive connections by the standard library: importing a client library would double the start time."""

from __future__ import annotations

import base64
import http.client
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from toolchain.plugins.digitalocean.errors import Dropped, NotSent

TIMEOUT_S = 60.0
IDLE_LIMIT_S = 1.0
"""An older idle connection may just be closing at the far end; a request lost in it could not be told from one done."""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Connections to one host, used by many threads at once."""

    def __init__(self, endpoint: str) -> None:
        self._target = urlsplit(endpoint)
        if self._target.scheme not in ("http", "https") or not self._target.hostname:
            raise ValueError(f"{endpoint!r} is not an http:// or https:// address")
        self._tls = ssl.create_default_context() if self._target.scheme == "https" else None
        self._proxy = _proxy_for(self._target)
        self._idle: list[tuple[http.client.HTTPConnection, float]] = []
        self._lock = threading.Lock()

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Send one request and read its answer; raises NotSent or Dropped."""
        connection = self._take()
        try:
            connection.request(method, self._request_target(path), body=body, headers=dict(headers))
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as failure:
            connection.close()
            raise Dropped(str(failure) or type(failure).__name__) from failure
        answered = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            connection.close()
        else:
            with self._lock:
                self._idle.append((connection, time.monotonic()))
        return Answer(response.status, answered, content)

    def _take(self) -> http.client.HTTPConnection:
        with self._lock:
            while self._idle:
                connection, since = self._idle.pop()
                if time.monotonic() - since < IDLE_LIMIT_S:
                    return connection
                connection.close()
        connection = self._new()
        try:
            connection.connect()
        except OSError as failure:
            raise NotSent(str(failure)) from failure
        return connection

    def _new(self) -> http.client.HTTPConnection:
        host, port = self._target.hostname or "", self._target.port
        via = self._proxy
        if self._tls is None:
            near = via or self._target
            return http.client.HTTPConnection(near.hostname or "", near.port, timeout=TIMEOUT_S)
        if via is None:
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=self._tls)
        tunnel = http.client.HTTPSConnection(via.hostname or "", via.port, timeout=TIMEOUT_S, context=self._tls)
        tunnel.set_tunnel(host, port or 443, _proxy_headers(via))
        return tunnel

    def _request_target(self, path: str) -> str:
        return f"{self._target.scheme}://{self._target.netloc}{path}" if self._proxy and self._tls is None else path


def _proxy_for(target: SplitResult) -> SplitResult | None:
    address = getproxies().get(target.scheme)
    if not address or proxy_bypass(target.hostname or ""):
        return None
    return urlsplit(address if "//" in address else f"http://{address}")


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(user.encode()).decode()}
