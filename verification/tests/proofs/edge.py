"""How the way in can be wrong: ports, names, routes and TLS."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509

from verification.checks import test_network, test_routes, test_tls
from verification.errors import NoAnswer
from verification.suites import GOOD
from verification.tests.authority import issue
from verification.tests.proofs.proof import Patch, Proof, add_stray, writing
from verification.tests.world import DEPLOYMENT, World

PRODUCTION = "https://acme-v02.api.letsencrypt.org/directory"


def _scan(world: World, _: Patch) -> None:
    world.port_scan = Future()
    world.port_scan.set_result([22, 80, 443, 5432])


def _no_dns(name: str, server: str | None) -> set[str]:
    raise NoAnswer(f"nobody knows {name} ({server})")


def _route(world: World, name: str) -> dict[str, Any]:
    found: dict[str, Any] = world.dynamic["routers"][name]
    return found


def _acme(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.static["certificatesResolvers"]["le-staging"]["acme"]
    return found


def chain(ends_in_days: float = 60) -> list[x509.Certificate]:
    """Return what the site would send."""
    now = datetime.now(UTC)
    begins, ends = now - timedelta(days=30), now + timedelta(days=ends_in_days)
    intermediate = issue("Pebble Intermediate CA")
    leaf = issue("site", intermediate, names=tuple(DEPLOYMENT.names), begins=begins, ends=ends)
    return [leaf.certificate, intermediate.certificate]


PROOFS = {
    # The way in
    "a published port": Proof(test_network, "test_only_traefik_publishes_ports", add_stray),
    "an open port": Proof(test_network, "test_only_web_and_ssh_ports_answer", _scan),
    "names that lead elsewhere": Proof(
        test_network,
        "test_dns_points_at_the_deployment",
        lambda w, p: p("test_network.addresses_of", lambda name, server: {"203.0.113.9"}),
    ),
    "a silent name server": Proof(
        test_network, "test_dns_points_at_the_deployment", lambda w, p: p("test_network.addresses_of", _no_dns)
    ),
    # Routes
    "the production CA": Proof(
        test_routes, "test_the_only_resolver_is_the_staging_one", lambda w, p: _acme(w).update(caServer=PRODUCTION)
    ),
    "the production CA with a CA file": Proof(
        test_routes,
        "test_the_only_resolver_is_the_staging_one",
        lambda w, p: _acme(w).update(caServer=PRODUCTION, caCertificates=["/ca.pem"]),
    ),
    "no CA, which means production": Proof(
        test_routes, "test_the_only_resolver_is_the_staging_one", lambda w, p: _acme(w).pop("caServer")
    ),
    "another resolver": Proof(
        test_routes,
        "test_the_only_resolver_is_the_staging_one",
        lambda w, p: w.static["certificatesResolvers"].update(other={}),
    ),
    "the Docker provider": Proof(
        test_routes,
        "test_the_only_resolver_is_the_staging_one",
        lambda w, p: w.static["providers"].update(docker={}),
    ),
    "another priority": Proof(
        test_routes,
        "test_routers_have_the_priorities_of_the_table",
        lambda w, p: _route(w, "static").update(priority=1),
        {"router": "static", "priority": 195},
    ),
    "a route that takes its neighbours": Proof(
        test_routes,
        "test_routers_answer_for_the_names_and_paths_of_the_table",
        lambda w, p: _route(w, "api").update(rule=_route(w, "api")["rule"].replace("/api/", "/")),
        {"router": "api"},
    ),
    "a route of another name": Proof(
        test_routes,
        "test_routers_answer_for_the_names_and_paths_of_the_table",
        lambda w, p: _route(w, "frontend").update(rule="Host(`www.slipway.test`)"),
        {"router": "frontend"},
    ),
    "a route in the clear": Proof(
        test_routes,
        "test_routers_answer_for_the_names_and_paths_of_the_table",
        lambda w, p: _route(w, "static").update(entryPoints=["web"]),
        {"router": "static"},
    ),
    "headers that come too late": Proof(
        test_routes,
        "test_routers_have_the_priorities_of_the_table",
        lambda w, p: _route(w, "api")["middlewares"].reverse(),
        {"router": "api", "priority": 200},
    ),
    "a guarded host that is off": Proof(
        test_routes,
        "test_only_the_enabled_guarded_hosts_are_routed",
        lambda w, p: w.dynamic["routers"].update(flower={}),
    ),
    "a guard without a list": Proof(
        test_routes,
        "test_guarded_routers_ask_for_address_and_password",
        lambda w, p: _route(w, "mail")["middlewares"].remove("only-operators"),
    ),
    "a guard without a password": Proof(
        test_routes,
        "test_guarded_routers_ask_for_address_and_password",
        lambda w, p: _route(w, "admin")["middlewares"].remove("login"),
    ),
    "a route to the metrics": Proof(
        test_routes,
        "test_no_route_leads_to_the_metrics",
        lambda w, p: w.dynamic["services"].update(x={"loadBalancer": {"servers": [{"url": "http://api:5002"}]}}),
    ),
    "an unlimited API": Proof(
        test_routes,
        "test_the_api_is_stripped_and_limited",
        lambda w, p: _route(w, "api")["middlewares"].remove("api-rate-limit"),
    ),
    "retries": Proof(
        test_routes, "test_nothing_is_retried", lambda w, p: w.dynamic["middlewares"].update(again={"retry": {}})
    ),
    "routes to another release": Proof(
        test_routes,
        "test_routes_lead_to_the_serving_release",
        lambda w, p: w.droplet.__dict__.update(release="20260602-000000-newer00"),
    ),
    "a refused configuration": Proof(
        test_routes,
        "test_traefik_reports_no_faulty_route",
        writing("traefik-logs.txt", '{"level":"error","message":"error while adding route"}'),
    ),
    # TLS
    "TLS 1.0": Proof(
        test_tls,
        "test_only_current_versions_are_offered",
        lambda w, p: p("test_tls.offered_versions", lambda *_: ["TLS 1.0", "TLS 1.2", "TLS 1.3"]),
    ),
    "no TLS 1.3": Proof(
        test_tls,
        "test_only_current_versions_are_offered",
        lambda w, p: p("test_tls.offered_versions", lambda *_: ["TLS 1.2"]),
    ),
    "a weak cipher": Proof(
        test_tls,
        "test_only_strong_ciphers_are_offered",
        lambda w, p: p("test_tls.offered_suites", lambda *_: {*GOOD.values(), "AES128-SHA"}),
    ),
    "Traefik's default certificate": Proof(
        test_tls,
        "test_the_certificate_is_issued_by_acme_for_the_site",
        lambda w, p: p("test_tls.served_chain", lambda *_: [issue("TRAEFIK DEFAULT CERT").certificate]),
    ),
    "an expired certificate": Proof(
        test_tls,
        "test_the_certificate_holds_for_days",
        lambda w, p: p("test_tls.served_chain", lambda *_: chain(ends_in_days=-1)),
    ),
    "a chain without its middle": Proof(
        test_tls,
        "test_the_chain_is_whole",
        lambda w, p: p("test_tls.served_chain", lambda *_: chain()[:1]),
    ),
    "a certificate that nobody trusts": Proof(
        test_tls,
        "test_every_name_is_trusted",
        lambda w, p: p("test_tls.distrusted_names", lambda *_: {"slipway.test": "self-signed certificate"}),
    ),
}
