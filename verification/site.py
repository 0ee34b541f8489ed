"""The site as visitors reach it: by its own address, under any of its names, without the system's DNS."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from verification.deployment import Deployment, get
from verification.errors import SiteUnreachable

CONNECT_TIMEOUT_S = 5.0
SOON_S = 2.0


@dataclass
class Site:
    """Asks; an address that swallows connections is waited for once, not by every check again."""

    deployment: Deployment
    client: httpx.Client
    stranger: httpx.Client  # takes any certificate
    swallowed: str | None = None

    def ask(
        self,
        path: str,
        *,
        name: str | None = None,
        scheme: str = "https",
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        any_certificate: bool = False,
    ) -> httpx.Response:
        """Return the answer, whatever its status; raises SiteUnreachable when none came."""
        if self.swallowed:
            raise SiteUnreachable(self.swallowed)
        client = self.stranger if any_certificate else self.client
        try:
            return get(client, self.deployment, path, name=name, scheme=scheme, method=method, headers=headers)
        except httpx.TransportError as error:
            port = 443 if scheme == "https" else 80
            message = f"no answer from {self.deployment.address}:{port}: {_reason(error)}"
            if isinstance(error, httpx.ConnectTimeout):
                self.swallowed = message
            raise SiteUnreachable(message) from error

    def ask_until_ready(
        self, path: str, *, method: str, headers: Mapping[str, str], timeout_s: float
    ) -> httpx.Response:
        """Ask again while the answer is 503: it says so at once when Redis is slow, and when to come back."""
        deadline = time.monotonic() + timeout_s
        while True:
            answer = self.ask(path, method=method, headers=headers)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                return answer
            time.sleep(min(float(answer.headers.get("retry-after", 1)), SOON_S))


def _reason(error: httpx.TransportError) -> str:
    """Return the error's words; a time-out has none."""
    return str(error) or type(error).__name__


@contextmanager
def open_site(deployment: Deployment) -> Iterator[Site]:
    """Return the site with its connections, which are closed at the end."""
    with deployment.client() as client, deployment.client(check_certificate=False) as stranger:
        for each in (client, stranger):
            each.timeout = httpx.Timeout(each.timeout.read, connect=CONNECT_TIMEOUT_S)
        yield Site(deployment, client, stranger)
