"""The API as programs and their authors meet it: its description, its documentation, its errors, and what it hides."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from verification.deployment import Deployment, get

DOCUMENTED = {
    "/auth/register",
    "/auth/login",
    "/auth/refresh",
    "/auth/sessions",
    "/users/me",
    "/items",
    "/items/{item_id}",
    "/jobs/{job_id}",
    "/flags",
    "/health",
}
METHODS = {"get", "post", "put", "patch", "delete"}
# What the Content-Security-Policy refuses to run.
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=")


class _Assets(HTMLParser):
    """Collects what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of each script, style sheet and icon."""
        wanted = {"script": "src", "link": "href", "img": "src"}.get(tag)
        self.found += [value for name, value in attrs if name == wanted and value]


def test_the_description_names_every_operation(client: httpx.Client, deployment: Deployment) -> None:
    """Clients are generated from it, so each operation has a name, and no two the same."""
    document = get(client, deployment, "/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["paths"].keys() >= DOCUMENTED
    operations = [each for path in document["paths"].values() for method, each in path.items() if method in METHODS]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)


def test_the_documentation_loads_only_what_its_policy_allows(client: httpx.Client, deployment: Deployment) -> None:
    """Its usual form comes from a public CDN with an inline script, and would show an empty page here."""
    answer = get(client, deployment, "/api/docs", headers={"Accept": "text/html"})
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["content-type"].startswith("text/html")
    assert not INLINE.search(answer.text)
    page = _Assets()
    page.feed(answer.text)
    assert page.found
    for asset in page.found:
        address = urlsplit(urljoin(f"https://{deployment.domain}/api/docs", asset))
        assert address.netloc == deployment.domain, asset
        assert get(client, deployment, address.path).status_code == httpx.codes.OK, asset


@pytest.mark.parametrize("path", ["/metrics", "/api/metrics", "/api/metrics/"])
def test_metrics_are_not_served_outside(path: str, client: httpx.Client, deployment: Deployment) -> None:
    """They are for Prometheus on the inner network."""
    answer = get(client, deployment, path)
    assert "# HELP " not in answer.text
    assert answer.status_code == httpx.codes.NOT_FOUND or "text/html" in answer.headers["content-type"]


def test_an_unknown_address_is_a_problem_with_its_request_id(client: httpx.Client, deployment: Deployment) -> None:
    """One shape for every error, so that a person can name the request that failed."""
    answer = get(client, deployment, "/api/nowhere", headers={"X-Request-Id": "verification-0001"})
    assert answer.status_code == httpx.codes.NOT_FOUND
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "verification-0001"


@pytest.mark.parametrize("path", ["/api/users/me", "/api/users", "/api/auth/sessions", "/api/items?owner=me"])
def test_a_stranger_is_asked_to_sign_in(path: str, client: httpx.Client, deployment: Deployment) -> None:
    """What belongs to somebody is not shown to nobody."""
    answer = get(client, deployment, path)
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert "bearer" in answer.headers["www-authenticate"].lower()
