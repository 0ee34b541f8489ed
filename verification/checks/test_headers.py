"""Security headers: the contract's on every public route, and the grade of the home page."""

from __future__ import annotations

import re

import httpx
import pytest

from verification.deployment import Deployment
from verification.expect import Expect
from verification.observatory.facts import Page
from verification.observatory.grading import grade
from verification.site import Site

pytestmark = pytest.mark.to_do(
    "They are set by `security-headers` in traefik/templates/dynamic.yml, first in every router's list."
)
PUBLIC_PATHS = ("/", "/api/health", "/static/admin/css/base.css", "/deep/link/into/the/app")
MIN_HSTS_S = 31_536_000
REFERRER = {"strict-origin-when-cross-origin", "strict-origin", "same-origin", "no-referrer"}
FOREIGN = "https://elsewhere.example"
FULL_MARKS = 100


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_security_headers_stand_on_every_public_route(path: str, site: Site, expect: Expect) -> None:
    """Each is one that browsers act on."""
    headers = site.ask(path).headers
    hsts = headers.get("strict-transport-security", "")
    age = re.search(r"max-age=(\d+)", hsts)
    expect.at_least("Strict-Transport-Security", int(age[1]) if age else 0, MIN_HSTS_S, " s")
    expect.equal("other words of it", re.findall(r"includeSubDomains|preload", hsts), ["includeSubDomains"])
    expect.equal("X-Content-Type-Options", headers.get("x-content-type-options"), "nosniff")
    expect.equal("X-Frame-Options", headers.get("x-frame-options"), "SAMEORIGIN")
    expect.one_of("Referrer-Policy", headers.get("referrer-policy"), REFERRER)
    policy = headers.get("content-security-policy", "")
    expect.that(
        "Content-Security-Policy", bool(re.match(r"default-src '(self|none)';", policy)), policy, "a strict one"
    )
    expect.nothing("unsafe sources in it", re.findall(r"'unsafe-[\w-]+'", policy))
    for name in ("permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"):
        expect.that(name, bool(headers.get(name)), headers.get(name), "some value")
    expect.nothing("headers that tell of the software", {"server", "x-powered-by"} & headers.keys())


def test_the_home_page_gets_full_marks(
    site: Site, home: httpx.Response, deployment: Deployment, expect: Expect
) -> None:
    """By the rules of the MDN HTTP Observatory, which can't see a staging site itself."""
    plain = site.ask("/", scheme="http")
    foreign = site.ask("/", headers={"Origin": FOREIGN})
    page = Page(
        host=deployment.domain,
        headers=dict(home.headers),
        cookies=home.headers.get_list("set-cookie"),
        body=home.text,
        plain_http_location=plain.headers.get("location") if plain.is_redirect else None,
        foreign_origin=FOREIGN,
        foreign_headers=dict(foreign.headers),
    )
    found = grade(page)
    expect.at_least("score", found.score, FULL_MARKS)
    expect.nothing("points lost", found.penalties)
    expect.that("extra points left", True, found.left, "any")
    expect.note(f"Observatory {found.letter}, {found.score} of {found.best}")
