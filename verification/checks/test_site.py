"""What a visitor sees: the pages answer, in time, from the serving release."""

from __future__ import annotations

import httpx
import pytest

from verification.deployment import Deployment
from verification.droplet import Droplet
from verification.expect import Expect
from verification.site import Site

pytestmark = pytest.mark.to_do("See what it says: `slipway logs traefik`, `slipway logs api`, `slipway logs frontend`.")
SLOWEST_S = 5.0
SEVERAL = 5
NAMES = {"/": "home", "/api/health": "health"}


@pytest.mark.parametrize("path", ["/", "/api/health"])
def test_answers_over_https_within_five_seconds(path: str, site: Site, expect: Expect) -> None:
    """The home page and the API's health are what everything else rests on."""
    answers = [site.ask(path) for _ in range(SEVERAL)]
    seconds = sorted(answer.elapsed.total_seconds() for answer in answers)
    expect.equal("status", {answer.status_code for answer in answers}, {httpx.codes.OK.value})
    expect.at_most(f"slowest of {SEVERAL}", seconds[-1], SLOWEST_S, " s")
    expect.note(f"{NAMES[path]} in {1000 * seconds[SEVERAL // 2]:.0f} ms")


def test_api_reaches_database_and_redis(site: Site, droplet: Droplet, expect: Expect) -> None:
    """Health is the API's own word about the parts that it needs."""
    health = site.ask("/api/health").json()
    expected = {"ok": True, "service": "api", "db_ok": True, "redis_ok": True, "release": droplet.release}
    expect.equal("health", {key: health.get(key) for key in expected}, expected)


@pytest.mark.parametrize("path", ["/", "/api/health"])
def test_answers_carry_the_serving_release(path: str, site: Site, droplet: Droplet, expect: Expect) -> None:
    """A switch that reached only some routes would show here."""
    expect.equal("X-Release", site.ask(path).headers.get("X-Release"), droplet.release)


def test_www_leads_to_the_one_name_of_the_site(site: Site, deployment: Deployment, expect: Expect) -> None:
    """The certificate covers www too; the page itself lives at one name, where its API is."""
    answer = site.ask("/", name=f"www.{deployment.domain}")
    expect.equal("status", answer.status_code, httpx.codes.PERMANENT_REDIRECT.value)
    expect.equal("location", answer.headers.get("location"), f"https://{deployment.domain}/")


def test_items_come_from_the_migrated_table(site: Site, expect: Expect) -> None:
    """The whole way from Traefik through the API to a table that Django made."""
    answer = site.ask("/api/items?limit=2")
    expect.equal("status", answer.status_code, httpx.codes.OK.value)
    expect.all_of("keys of the page", list(answer.json()), ["items", "next_cursor"])


def test_deep_links_survive_a_reload(site: Site, expect: Expect) -> None:
    """The single-page application answers for its own routes."""
    answer = site.ask("/some/deep/link", headers={"Accept": "text/html"})
    expect.equal("status", answer.status_code, httpx.codes.OK.value)
    expect.that("page", "<div id=" in answer.text, answer.text[:80], "the application")


def test_api_prefix_is_stripped_once(site: Site, expect: Expect) -> None:
    """`/api/api` must not work, nor may a neighbour such as `/apix` reach the API."""
    expect.equal("status of /api/api/health", site.ask("/api/api/health").status_code, httpx.codes.NOT_FOUND.value)
    kind = site.ask("/apix", headers={"Accept": "text/html"}).headers.get("content-type", "")
    expect.equal("type of /apix", kind.partition(";")[0], "text/html")


@pytest.mark.parametrize("label", ["", "www."], ids=["domain", "www"])
def test_http_is_redirected_to_https(label: str, site: Site, deployment: Deployment, expect: Expect) -> None:
    """Nothing is served in the clear."""
    answer = site.ask("/x?y=1", name=label + deployment.domain, scheme="http")
    expect.one_of("status", answer.status_code, {301, 308})
    expect.equal("location", answer.headers.get("location"), f"https://{label}{deployment.domain}/x?y=1")
