"""Traefik's configuration: the staging resolver, and the routes of the contract's table with their guards."""

from __future__ import annotations

import re
from typing import Any

import pytest

from verification.artifacts.folder import Folder
from verification.deployment import GUARDED, Deployment
from verification.droplet import Droplet
from verification.expect import Expect

pytestmark = pytest.mark.to_do(
    "Routes are written in traefik/templates/ alone: deploy again, and if it stays so, run `slipway logs traefik`."
)
RESOLVER = "le-staging"
LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
ROUTERS = {"api": 200, "static": 195, "frontend": 100}
# The labels before the domain and the paths that each answers for; www leads to the domain.
ANSWERS_FOR: dict[str, tuple[set[str], set[str]]] = {
    "api": ({""}, {"/api", "/api/"}),
    "static": ({""}, {"/static/"}),
    "frontend": ({"", "www."}, set()),
}
GUARDED_PRIORITY = 190
METRICS_PORT = 5002
# What Traefik logs of a configuration that it refuses; the old one stays in place, silently.
REFUSALS = ("error while adding route", "Error while building configuration")


def test_the_only_resolver_is_the_staging_one(static: dict[str, Any], expect: Expect) -> None:
    """A production directory, or none at all (which means production), must never be deployed."""
    resolvers = static.get("certificatesResolvers", {})
    expect.equal("resolvers", list(resolvers), [RESOLVER])
    acme = resolvers.get(RESOLVER, {}).get("acme", {})
    server, is_local = acme.get("caServer"), bool(acme.get("caCertificates"))
    expect.that("CA", server == LETS_ENCRYPT_STAGING or is_local, server, LETS_ENCRYPT_STAGING)
    expect.nothing("production directories", [server] if "acme-v02.api.letsencrypt.org" in str(server) else [])
    expect.equal("providers", {name for name in static["providers"] if name in {"docker", "file"}}, {"file"})
    expect.note(f"{RESOLVER}{' of the local cloud' if is_local else ''}")


@pytest.mark.parametrize(("router", "priority"), ROUTERS.items())
def test_routers_have_the_priorities_of_the_table(
    router: str, priority: int, dynamic: dict[str, Any], expect: Expect
) -> None:
    """The order decides which of two matching routes wins; headers come first to stand on refusals too."""
    found = dynamic["routers"].get(router, {})
    expect.equal("priority", found.get("priority"), priority)
    expect.equal("first middleware", next(iter(found.get("middlewares", [])), None), "security-headers")


@pytest.mark.parametrize("router", ANSWERS_FOR)
def test_routers_answer_for_the_names_and_paths_of_the_table(
    router: str, dynamic: dict[str, Any], deployment: Deployment, expect: Expect
) -> None:
    """Whole path segments: a bare prefix would take /apix too. All of it over TLS."""
    labels, paths = ANSWERS_FOR[router]
    found = dynamic["routers"].get(router, {})
    rule = found.get("rule", "")
    expect.equal("names", set(re.findall(r"Host\(`([^`]+)`\)", rule)), {label + deployment.domain for label in labels})
    expect.equal("paths", set(re.findall(r"Path(?:Prefix)?\(`([^`]+)`\)", rule)), paths)
    expect.equal("entry points", found.get("entryPoints"), ["websecure"])


def test_only_the_enabled_guarded_hosts_are_routed(
    dynamic: dict[str, Any], deployment: Deployment, expect: Expect
) -> None:
    """A route that nobody asked for is a door that nobody watches."""
    expect.equal("guarded routers", set(GUARDED & dynamic["routers"].keys()), set(deployment.guarded_hosts))
    unwanted = (GUARDED - deployment.guarded_hosts) & dynamic["services"].keys()
    expect.nothing("services of hosts that are off", unwanted)


def test_guarded_routers_ask_for_address_and_password(
    dynamic: dict[str, Any], deployment: Deployment, expect: Expect
) -> None:
    """Each has both guards, the allow-list first: an address outside learns nothing of user names."""
    for name in sorted(deployment.guarded_hosts):
        router = dynamic["routers"].get(name, {})
        expect.equal(f"priority of {name}", router.get("priority"), GUARDED_PRIORITY)
        kinds = [kind for each in router.get("middlewares", []) for kind in dynamic["middlewares"][each]]
        guards = [kind for kind in kinds if kind in {"ipAllowList", "basicAuth"}]
        expect.equal(f"guards of {name}", guards, ["ipAllowList", "basicAuth"])
    expect.that("number of guarded hosts", True, len(deployment.guarded_hosts), "any")


def test_no_route_leads_to_the_metrics(dynamic: dict[str, Any], expect: Expect) -> None:
    """They tell of every route and how often it fails; only the release's own network may ask."""
    urls = [server["url"] for service in dynamic["services"].values() for server in service["loadBalancer"]["servers"]]
    expect.at_least("routed addresses", len(urls), 1)
    expect.nothing("routes to the metrics' port", [url for url in urls if url.endswith(f":{METRICS_PORT}")])


def test_the_api_is_stripped_and_limited(dynamic: dict[str, Any], expect: Expect) -> None:
    """FastAPI gets the path without /api, and no client takes it all."""
    names = dynamic["routers"].get("api", {}).get("middlewares", [])
    kinds = {kind for name in names for kind in dynamic["middlewares"][name]}
    expect.all_of("middlewares of the API", kinds, ["stripPrefix", "rateLimit"])


def test_nothing_is_retried(dynamic: dict[str, Any], expect: Expect) -> None:
    """A retry would repeat a POST."""
    retrying = [name for name, middleware in dynamic["middlewares"].items() if "retry" in middleware]
    expect.nothing("middlewares that retry", retrying)


def test_routes_lead_to_the_serving_release(dynamic: dict[str, Any], droplet: Droplet, expect: Expect) -> None:
    """The dynamic file is what a switch replaces."""
    wanted = [f"{name}-{droplet.release}" for name in ("api", "frontend", "static")]
    expect.all_of("services", dynamic["services"].keys(), wanted)


def test_traefik_reports_no_faulty_route(artifacts: Folder, expect: Expect) -> None:
    """A refused configuration leaves the old one in place, silently, except in the log."""
    log = artifacts.read("traefik-logs.txt")
    expect.nothing("refusals in Traefik's log", [line for line in log.splitlines() if any(r in line for r in REFUSALS)])
