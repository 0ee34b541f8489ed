"""The edge: certificates from the staging resolver, routes as the contract's table, nothing published but Traefik."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from verification.artifacts.collect import Collector, certificate
from verification.deployment import GUARDED, Deployment
from verification.dns import addresses_of
from verification.droplet import ROOT, Droplet

RESOLVER = "le-staging"
LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
ROUTERS = {"api": 200, "static": 195, "frontend": 100}
GUARDED_PRIORITY = 190
METRICS_PORT = 5002
SHORTEST_LEFT = timedelta(days=7)


@pytest.fixture(scope="module")
def static(droplet: Droplet) -> dict[str, Any]:
    """Traefik's static configuration as it lies on the droplet."""
    found: dict[str, Any] = yaml.safe_load(droplet.run(f"cat {ROOT}/edge/traefik.yml"))
    return found


@pytest.fixture(scope="module")
def dynamic(droplet: Droplet) -> dict[str, Any]:
    """Traefik's dynamic configuration as it lies on the droplet."""
    found: dict[str, Any] = yaml.safe_load(droplet.run(f"cat {ROOT}/edge/dynamic/dynamic.yml"))["http"]
    return found


def test_the_only_resolver_is_the_staging_one(static: dict[str, Any]) -> None:
    """A production directory, or none at all (which means production), must never be deployed."""
    assert list(static["certificatesResolvers"]) == [RESOLVER]
    acme = static["certificatesResolvers"][RESOLVER]["acme"]
    assert acme["caServer"] == LETS_ENCRYPT_STAGING or acme.get("caCertificates")
    assert "docker" not in static["providers"]


def test_the_certificate_is_issued_by_acme_for_the_site(deployment: Deployment) -> None:
    """Traefik's own default certificate would mean that ACME failed."""
    found = certificate(deployment)
    assert set(found["subject_alternative_names"]) == deployment.names
    assert any(word in found["issuer"] for word in ("STAGING", "Pebble")), found["issuer"]
    assert datetime.fromisoformat(found["not_after"]) - datetime.now(UTC) > SHORTEST_LEFT
    assert found["tls_version"] in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize(("router", "priority"), ROUTERS.items())
def test_routers_have_the_priorities_of_the_table(router: str, priority: int, dynamic: dict[str, Any]) -> None:
    """The order decides which of two matching routes wins."""
    assert dynamic["routers"][router]["priority"] == priority
    assert dynamic["routers"][router]["middlewares"][0] == "security-headers"


def test_only_the_enabled_guarded_hosts_are_routed(dynamic: dict[str, Any], deployment: Deployment) -> None:
    """A route that nobody asked for is a door that nobody watches."""
    assert GUARDED & dynamic["routers"].keys() == deployment.guarded_hosts
    assert (GUARDED - deployment.guarded_hosts).isdisjoint(dynamic["services"])


def test_guarded_routers_ask_for_address_and_password(dynamic: dict[str, Any], deployment: Deployment) -> None:
    """Each has both guards."""
    for name in deployment.guarded_hosts:
        router = dynamic["routers"][name]
        assert router["priority"] == GUARDED_PRIORITY, name
        kinds = {kind for middleware in router["middlewares"] for kind in dynamic["middlewares"][middleware]}
        assert {"basicAuth", "ipAllowList"} <= kinds, name


def test_no_route_leads_to_the_metrics(dynamic: dict[str, Any]) -> None:
    """They tell of every route and how often it fails; only the release's own network may ask."""
    urls = [server["url"] for service in dynamic["services"].values() for server in service["loadBalancer"]["servers"]]
    assert urls
    assert not [url for url in urls if url.endswith(f":{METRICS_PORT}")]


def test_the_api_is_stripped_limited_and_never_retried(dynamic: dict[str, Any]) -> None:
    """A retry would repeat a POST."""
    kinds = {kind for name in dynamic["routers"]["api"]["middlewares"] for kind in dynamic["middlewares"][name]}
    assert {"stripPrefix", "rateLimit"} <= kinds
    assert not any("retry" in middleware for middleware in dynamic["middlewares"].values())


def test_routes_lead_to_the_serving_release(dynamic: dict[str, Any], droplet: Droplet) -> None:
    """The dynamic file is what a switch replaces."""
    for name in ("api", "frontend", "static"):
        assert f"{name}-{droplet.release}" in dynamic["services"]


def test_only_traefik_publishes_ports(droplet: Droplet) -> None:
    """A port published by accident would bypass Traefik's limits and TLS."""
    published = {
        (container["Config"]["Labels"].get("com.docker.compose.service"), binding["HostPort"])
        for container in droplet.containers
        for bindings in container["NetworkSettings"]["Ports"].values()
        for binding in bindings or ()
    }
    assert published == {("traefik", "80"), ("traefik", "443")}


def test_only_web_and_ssh_ports_answer(port_scan: Future[list[int]], deployment: Deployment) -> None:
    """A full scan from here; SSH may answer because this machine may be an operator's."""
    answering = set(port_scan.result())
    assert {80, 443} <= answering
    assert answering <= {80, 443, deployment.ssh_port}


def test_dns_points_at_the_deployment(deployment: Deployment) -> None:
    """Visitors come by name, operators too."""
    found = {name: addresses_of(name, deployment.dns_server) for name in deployment.names}
    assert found == {name: {deployment.address} for name in deployment.names}


def test_traefik_reports_no_faulty_route(artifacts: Collector) -> None:
    """A refused configuration leaves the old one in place, silently, except in the log."""
    log = (artifacts.folder / "traefik-logs.txt").read_text()
    assert "error while adding route" not in log
    assert "Error while building configuration" not in log
