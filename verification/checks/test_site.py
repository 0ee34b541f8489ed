"""What a visitor sees: the pages answer, in time, with the headers that the contract asks for."""

from __future__ import annotations

import re

import httpx
import pytest

from verification.deployment import GUARDED, Deployment, get
from verification.droplet import Droplet

SLOWEST_S = 5.0
PUBLIC_PATHS = ("/", "/api/health", "/static/admin/css/base.css", "/deep/link/into/the/app")
MIN_HSTS_S = 31_536_000
WRONG_PASSWORD = {"Authorization": "Basic YWRtaW46YWRtaW4="}  # admin:admin
LONGEST_REFUSAL = 64  # Traefik's own are a few words


@pytest.mark.parametrize("path", ["/", "/api/health"])
def test_answers_over_https_within_five_seconds(path: str, client: httpx.Client, deployment: Deployment) -> None:
    """The home page and the API's health are what everything else rests on."""
    answer = get(client, deployment, path)
    assert answer.status_code == httpx.codes.OK, answer.text[:500]
    assert answer.elapsed.total_seconds() <= SLOWEST_S


def test_api_reaches_database_and_redis(client: httpx.Client, deployment: Deployment, droplet: Droplet) -> None:
    """Health is the API's own word about the parts that it needs."""
    health = get(client, deployment, "/api/health").json()
    expected = {"ok": True, "service": "api", "db_ok": True, "redis_ok": True, "release": droplet.release}
    assert {key: health.get(key) for key in expected} == expected


@pytest.mark.parametrize("path", ["/", "/api/health"])
def test_answers_carry_the_serving_release(
    path: str, client: httpx.Client, deployment: Deployment, droplet: Droplet
) -> None:
    """A switch that reached only some routes would show here."""
    assert get(client, deployment, path).headers.get("X-Release") == droplet.release


def test_www_leads_to_the_one_name_of_the_site(client: httpx.Client, deployment: Deployment) -> None:
    """The certificate covers www too; the page itself lives at one name, where its API is."""
    answer = get(client, deployment, "/", name=f"www.{deployment.domain}")
    assert answer.status_code == httpx.codes.PERMANENT_REDIRECT
    assert answer.headers["location"] == f"https://{deployment.domain}/"


def test_items_come_from_the_migrated_table(client: httpx.Client, deployment: Deployment) -> None:
    """The whole way from Traefik through the API to a table that Django made."""
    page = get(client, deployment, "/api/items?limit=2").json()
    assert isinstance(page["items"], list)
    assert "next_cursor" in page


def test_deep_links_survive_a_reload(client: httpx.Client, deployment: Deployment) -> None:
    """The single-page application answers for its own routes."""
    answer = get(client, deployment, "/some/deep/link", headers={"Accept": "text/html"})
    assert answer.status_code == httpx.codes.OK
    assert "<div id=" in answer.text


def test_api_prefix_is_stripped_once(client: httpx.Client, deployment: Deployment) -> None:
    """`/api/api` must not work, nor may a neighbour such as `/apix` reach the API."""
    assert get(client, deployment, "/api/api/health").status_code == httpx.codes.NOT_FOUND
    assert "text/html" in get(client, deployment, "/apix", headers={"Accept": "text/html"}).headers["content-type"]


@pytest.mark.parametrize("name", ["", "www."])
def test_http_is_redirected_to_https(name: str, client: httpx.Client, deployment: Deployment) -> None:
    """Nothing is served in the clear."""
    answer = get(client, deployment, "/x?y=1", name=name + deployment.domain, scheme="http")
    assert answer.status_code in {301, 308}
    assert answer.headers["location"] == f"https://{name}{deployment.domain}/x?y=1"


@pytest.mark.parametrize("path", PUBLIC_PATHS)
def test_security_headers_stand_on_every_public_route(path: str, client: httpx.Client, deployment: Deployment) -> None:
    """Headers as in the contract; each is one that browsers act on."""
    headers = get(client, deployment, path).headers
    hsts = headers["strict-transport-security"]
    age = re.search(r"max-age=(\d+)", hsts)
    assert age is not None
    assert int(age[1]) >= MIN_HSTS_S
    assert "includeSubDomains" in hsts
    assert "preload" not in hsts
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] in {
        "strict-origin-when-cross-origin",
        "strict-origin",
        "same-origin",
        "no-referrer",
    }
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-" not in policy
    for name in ("permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"):
        assert headers[name]
    assert "server" not in headers
    assert "x-powered-by" not in headers


@pytest.mark.parametrize("path", ["/", "/api/health", "/admin/login/"])
@pytest.mark.parametrize("label", sorted(GUARDED))
def test_guarded_hosts_show_nothing_to_a_stranger(
    label: str, path: str, stranger: httpx.Client, deployment: Deployment
) -> None:
    """Switched off they don't exist; switched on they ask for a password or refuse the address."""
    answer = get(stranger, deployment, path, name=f"{label}.{deployment.domain}", headers=WRONG_PASSWORD)
    allowed = {401, 403} if label in deployment.guarded_hosts else {404}
    assert answer.status_code in allowed, answer.text[:200]
    assert len(answer.text) < LONGEST_REFUSAL, "more than a refusal"


@pytest.mark.last
def test_a_burst_is_limited(client: httpx.Client, deployment: Deployment) -> None:
    """More than the burst at once gets 429 with the time to wait."""
    burst = max(1, deployment.rate_limit_api_rpm // 6)
    answers = [get(client, deployment, "/api/health") for _ in range(2 * burst + 20)]
    limited = [answer for answer in answers if answer.status_code == httpx.codes.TOO_MANY_REQUESTS]
    assert limited, f"{len(answers)} requests at once and none refused"
    assert int(limited[0].headers["retry-after"]) >= 1
    assert limited[0].headers["x-content-type-options"] == "nosniff"
