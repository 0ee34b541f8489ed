"""The API as programs and their authors meet it: its description, its documentation, its errors, and what it hides."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from verification.deployment import Deployment
from verification.expect import Expect
from verification.site import Site

pytestmark = pytest.mark.to_do(
    "See what it says: `slipway logs api`; `slipway rollback` goes back to the release before."
)

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
REQUEST_ID = "verification-0001"
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


def test_the_description_names_every_operation(site: Site, expect: Expect) -> None:
    """Clients are generated from it, so each operation has a name, and no two the same."""
    document = site.ask("/api/openapi.json").json()
    expect.that("version of OpenAPI", document["openapi"].startswith("3.1"), document["openapi"], "3.1")
    expect.all_of("paths", document["paths"].keys(), sorted(DOCUMENTED))
    operations = [each for path in document["paths"].values() for method, each in path.items() if method in METHODS]
    names = [operation.get("operationId") for operation in operations]
    expect.nothing("names given twice or not at all", {name for name in names if not name or names.count(name) > 1})
    expect.note(f"{len(names)} operations")


def test_the_documentation_loads_only_what_its_policy_allows(
    site: Site, deployment: Deployment, expect: Expect
) -> None:
    """Its usual form comes from a public CDN with an inline script, and would show an empty page here."""
    answer = site.ask("/api/docs", headers={"Accept": "text/html"})
    expect.equal("status", answer.status_code, httpx.codes.OK.value)
    expect.equal("type", answer.headers.get("content-type", "").partition(";")[0], "text/html")
    expect.nothing("inline scripts and styles", INLINE.findall(answer.text))
    page = _Assets()
    page.feed(answer.text)
    expect.at_least("files it loads", len(page.found), 1)
    for asset in page.found:
        address = urlsplit(urljoin(f"https://{deployment.domain}/api/docs", asset))
        expect.equal(f"host of {asset}", address.netloc, deployment.domain)
        expect.equal(f"status of {asset}", site.ask(address.path).status_code, httpx.codes.OK.value)


@pytest.mark.parametrize("path", ["/metrics", "/api/metrics", "/api/metrics/"])
def test_metrics_are_not_served_outside(path: str, site: Site, expect: Expect) -> None:
    """They are for Prometheus on the inner network."""
    answer = site.ask(path)
    is_page = "text/html" in answer.headers.get("content-type", "")
    expect.that("answer", answer.status_code == httpx.codes.NOT_FOUND or is_page, answer.status_code, "404, or a page")
    expect.nothing("metrics in it", re.findall(r"# HELP \w+", answer.text))


def test_an_unknown_address_is_a_problem_with_its_request_id(site: Site, expect: Expect) -> None:
    """One shape for every error, so that a person can name the request that failed."""
    answer = site.ask("/api/nowhere", headers={"X-Request-Id": REQUEST_ID})
    expect.equal("status", answer.status_code, httpx.codes.NOT_FOUND.value)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    expect.equal("type", kind, "application/problem+json")
    expect.equal("X-Request-Id", answer.headers.get("x-request-id"), REQUEST_ID)
    expect.that("request_id of the body", f'"{REQUEST_ID}"' in answer.text, answer.text[:200], REQUEST_ID)


@pytest.mark.parametrize("path", ["/api/users/me", "/api/users", "/api/auth/sessions", "/api/items?owner=me"])
def test_a_stranger_is_asked_to_sign_in(path: str, site: Site, expect: Expect) -> None:
    """What belongs to somebody is not shown to nobody."""
    answer = site.ask(path)
    expect.equal("status", answer.status_code, httpx.codes.UNAUTHORIZED.value)
    scheme = answer.headers.get("www-authenticate", "").split(" ")[0].lower()
    expect.equal("WWW-Authenticate", scheme, "bearer")
