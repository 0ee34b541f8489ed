"""Each check is shown a deployment that is right, and one that is wrong in the one way that it is there to find."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from verification.checks import (
    test_api,
    test_artifacts,
    test_data_and_jobs,
    test_guards,
    test_headers,
    test_limits,
    test_network,
    test_routes,
    test_services,
    test_site,
    test_tls,
)
from verification.errors import NoAnswer, VerificationError
from verification.suites import GOOD
from verification.tests.authority import Issued, issue
from verification.tests.world import ADDRESS, DEPLOYMENT, SECRET, World, checks_of, container

MODULES = (
    test_api,
    test_artifacts,
    test_data_and_jobs,
    test_guards,
    test_headers,
    test_limits,
    test_network,
    test_routes,
    test_services,
    test_site,
    test_tls,
)
# tests/test_failing_checks.py breaks a real deployment in several of these ways.
Patch = Callable[[str, object], None]


@dataclass(frozen=True)
class Proof:
    """A way to break the world, and the one check that has to see it."""

    module: ModuleType
    check: str
    break_it: Callable[[World, Patch], object]
    parameters: dict[str, Any] = field(default_factory=dict)


def answering(path: str, status: int = 200, text: str = "", **headers: str) -> Callable[[World, Patch], object]:
    """Let one path answer otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda world, patch: world.answers.update({path: httpx.Response(status, text=text, headers=named)})


def without_header(name: str) -> Callable[[World, Patch], object]:
    """Send a header no more."""
    return lambda world, patch: world.headers.pop(name)


def with_header(name: str, value: str) -> Callable[[World, Patch], object]:
    """Send a header otherwise."""
    return lambda world, patch: world.headers.update({name: value})


def writing(name: str, text: str) -> Callable[[World, Patch], object]:
    """Let an artifact say something else."""
    return lambda world, patch: world.artifacts.write(name, text)


def inspecting(**changed: Any) -> Callable[[World, Patch], object]:
    """Let the API's container be otherwise, in its HostConfig."""
    return lambda world, patch: _of(world, "api")["HostConfig"].update(changed)


def _of(world: World, service: str) -> dict[str, Any]:
    return world.droplet.container(service)


def _scan(world: World, _: Patch) -> None:
    world.port_scan = Future()
    world.port_scan.set_result([22, 80, 443, 5432])


def _no_dns(name: str, server: str | None) -> set[str]:
    raise NoAnswer(f"nobody knows {name} ({server})")


def _route(world: World, name: str) -> dict[str, Any]:
    found: dict[str, Any] = world.dynamic["routers"][name]
    return found


def _stray(world: World, _: Patch) -> None:
    ports = {"Ports": {"5432/tcp": [{"HostPort": "5432"}]}}
    world.containers.append(container(None, NetworkSettings=ports))


def _acme(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.static["certificatesResolvers"]["le-staging"]["acme"]
    return found


HOME, HEALTH = {"path": "/"}, {"path": "/api/health"}
ADMIN = {"label": "admin", "path": "/"}
PRODUCTION = "https://acme-v02.api.letsencrypt.org/directory"
OPENINGS: dict[str, dict[str, object]] = {
    "a writable root": {"ReadonlyRootfs": False},
    "capabilities kept": {"CapDrop": None},
    "a capability added": {"CapAdd": ["SYS_ADMIN"]},
    "a privileged container": {"Privileged": True},
    "new privileges": {"SecurityOpt": None},
    "memory without limit": {"Memory": 0},
    "processes without limit": {"PidsLimit": None},
}
PROOFS = {
    # What visitors see
    "an error page": Proof(test_site, "test_answers_over_https_within_five_seconds", answering("/", 500), HOME),
    "a slow page": Proof(
        test_site, "test_answers_over_https_within_five_seconds", lambda w, p: setattr(w, "seconds", 6.0), HOME
    ),
    "an API without Redis": Proof(
        test_site, "test_api_reaches_database_and_redis", answering("/api/health", 503, '{"ok": false}')
    ),
    "another release": Proof(
        test_site, "test_answers_carry_the_serving_release", answering("/api/health", x_release="older"), HEALTH
    ),
    "two names of one site": Proof(test_site, "test_www_leads_to_the_one_name_of_the_site", answering("/")),
    "no items": Proof(test_site, "test_items_come_from_the_migrated_table", answering("/api/items", 500, "{}")),
    "a dead deep link": Proof(test_site, "test_deep_links_survive_a_reload", answering("/some/deep/link", 404)),
    "a second prefix": Proof(test_site, "test_api_prefix_is_stripped_once", answering("/api/api/health")),
    "a neighbour of the prefix": Proof(test_site, "test_api_prefix_is_stripped_once", answering("/apix", 404)),
    "plain HTTP": Proof(test_site, "test_http_is_redirected_to_https", answering("/x"), {"label": ""}),
    # The API
    "an unnamed operation": Proof(
        test_api,
        "test_the_description_names_every_operation",
        answering("/api/openapi.json", text='{"openapi": "3.1.0", "paths": {"/items": {"get": {}}}}'),
    ),
    "documentation from a CDN": Proof(
        test_api,
        "test_the_documentation_loads_only_what_its_policy_allows",
        answering("/api/docs", text='<script src="https://cdn.example/x.js"></script>', content_type="text/html"),
    ),
    "metrics for all": Proof(
        test_api, "test_metrics_are_not_served_outside", answering("/metrics", text="# HELP x y"), {"path": "/metrics"}
    ),
    "a bare error": Proof(
        test_api, "test_an_unknown_address_is_a_problem_with_its_request_id", answering("/api/nowhere", 404, "nothing")
    ),
    "a list for strangers": Proof(
        test_api, "test_a_stranger_is_asked_to_sign_in", answering("/api/users"), {"path": "/api/users"}
    ),
    # Headers
    **{
        f"no {name}": Proof(
            test_headers, "test_security_headers_stand_on_every_public_route", without_header(name), HOME
        )
        for name in (
            "strict-transport-security",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "content-security-policy",
            "permissions-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
        )
    },
    **{
        f"{name}: {value}": Proof(
            test_headers, "test_security_headers_stand_on_every_public_route", with_header(name, value), HOME
        )
        for name, value in (
            ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
            ("strict-transport-security", "max-age=3600; includeSubDomains"),
            ("content-security-policy", "default-src 'self'; script-src 'self' 'unsafe-inline'"),
            ("referrer-policy", "unsafe-url"),
            ("server", "nginx"),
        )
    },
    "a lower grade": Proof(
        test_headers, "test_the_home_page_gets_full_marks", with_header("content-security-policy", "default-src *")
    ),
    # Guards and limits
    "an open guarded host": Proof(
        test_guards, "test_guarded_hosts_show_nothing_to_a_stranger", answering("/", text="Django" * 20), ADMIN
    ),
    "no limit": Proof(test_limits, "test_a_burst_is_limited", answering("/api/health")),
    "no time to wait": Proof(test_limits, "test_a_burst_is_limited", answering("/api/health", 429)),
    # The way in
    "a published port": Proof(test_network, "test_only_traefik_publishes_ports", _stray),
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
    # Services
    "a stopped worker": Proof(
        test_services,
        "test_every_service_runs_and_is_healthy",
        lambda w, p: w.containers.remove(_of(w, "worker")),
    ),
    "an unhealthy API": Proof(
        test_services,
        "test_every_service_runs_and_is_healthy",
        lambda w, p: _of(w, "api")["State"]["Health"].update(Status="unhealthy"),
    ),
    "a stray container": Proof(test_services, "test_nothing_else_runs", _stray),
    **{
        name: Proof(test_services, "test_containers_are_hardened", inspecting(**changed))
        for name, changed in OPENINGS.items()
    },
    "root": Proof(
        test_services, "test_containers_are_hardened", lambda w, p: _of(w, "api")["Config"].update(User="root:root")
    ),
    "the Docker socket": Proof(
        test_services,
        "test_containers_are_hardened",
        lambda w, p: _of(w, "api")["Mounts"].append({"Source": "/var/run/docker.sock"}),
    ),
    "a secret in an environment": Proof(
        test_services,
        "test_no_secret_is_an_argument_or_in_an_environment",
        lambda w, p: _of(w, "api")["Config"]["Env"].append(f"KEY={SECRET}"),
    ),
    "a secret as an argument": Proof(
        test_services,
        "test_no_secret_is_an_argument_or_in_an_environment",
        lambda w, p: _of(w, "api")["Args"].append(SECRET),
    ),
    "an API that counts nothing": Proof(
        test_services,
        "test_the_api_counts_its_requests_on_a_port_of_its_own",
        lambda w, p: w.droplet.said.update(metrics="nothing"),
    ),
    "a mail server that is not there": Proof(
        test_services,
        "test_the_worker_reaches_the_mail_server_that_it_is_told_of",
        lambda w, p: w.droplet.said.update({"SMTP_HOST": "mail.example"}),
    ),
    # Data and jobs
    "an unapplied migration": Proof(
        test_data_and_jobs,
        "test_migrations_are_applied",
        writing("django-migrate.txt", "[X]  a.0001\n[ ]  item.0003_new"),
    ),
    "no migrations at all": Proof(
        test_data_and_jobs, "test_migrations_are_applied", writing("django-migrate.txt", "(none)")
    ),
    "a statement that fits no more": Proof(
        test_data_and_jobs,
        "test_every_api_statement_fits_the_schema",
        writing("schema-compat-check.json", '{"ok": false, "statements_checked": 52, "problems": ["no column"]}'),
    ),
    "nothing asked of the schema": Proof(
        test_data_and_jobs,
        "test_every_api_statement_fits_the_schema",
        writing("schema-compat-check.json", '{"ok": true, "statements_checked": 0, "problems": []}'),
    ),
    "a warning of Django": Proof(
        test_data_and_jobs,
        "test_django_is_ready_for_deployment",
        writing("django-check-deploy.txt", "?: (security.W004) You have not set SECURE_HSTS_SECONDS"),
    ),
    "a task that fails": Proof(
        test_data_and_jobs,
        "test_celery_answers_through_the_api",
        writing("celery-result.json", '{"state": "FAILURE"}'),
    ),
    # Artifacts
    "a missing artifact": Proof(
        test_artifacts, "test_every_artifact_is_there", lambda w, p: (w.artifacts.path / "api-logs.txt").unlink()
    ),
    "a source that failed": Proof(
        test_artifacts, "test_every_artifact_is_there", lambda w, p: w.artifacts.missing.update(x="no SSH")
    ),
    "a broken document": Proof(
        test_artifacts, "test_structured_artifacts_are_well_formed", writing("api-health.json", '{"ok": tru')
    ),
    "a secret that was written down": Proof(
        test_artifacts,
        "test_no_artifact_holds_a_secret",
        lambda w, p: (w.artifacts.path / "api-logs.txt").write_text(f"key {SECRET}"),
    ),
    "a secret in a log": Proof(
        test_artifacts, "test_no_log_or_listing_tells_a_secret", writing("services/api.log", f"key {SECRET}")
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
        lambda w, p: p("test_tls.served_chain", lambda *_: _chain(ends_in_days=-1)),
    ),
    "a chain without its middle": Proof(
        test_tls,
        "test_the_chain_is_whole",
        lambda w, p: p("test_tls.served_chain", lambda *_: _chain()[:1]),
    ),
    "a certificate that nobody trusts": Proof(
        test_tls,
        "test_every_name_is_trusted",
        lambda w, p: p("test_tls.distrusted_names", lambda *_: {"slipway.test": "self-signed certificate"}),
    ),
}


def _chain(ends_in_days: float = 60) -> list[Any]:
    now = datetime.now(UTC)
    begins, ends = now - timedelta(days=30), now + timedelta(days=ends_in_days)
    intermediate: Issued = issue("Pebble Intermediate CA")
    leaf = issue("site", intermediate, names=tuple(DEPLOYMENT.names), begins=begins, ends=ends)
    return [leaf.certificate, intermediate.certificate]


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> Patch:
    """Replace a name of a module with checks; at first all that asks the network."""

    def replace(target: str, value: object) -> None:
        monkeypatch.setattr(f"verification.checks.{target}", value)

    replace("test_network.addresses_of", lambda name, server: {ADDRESS})
    replace("test_tls.offered_versions", lambda *_: ["TLS 1.2", "TLS 1.3"])
    replace("test_tls.offered_suites", lambda *_: set(GOOD.values()))
    replace("test_tls.served_chain", lambda *_: _chain())
    replace("test_tls.distrusted_names", lambda *_: {})
    return replace


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
def test_a_check_passes_on_a_right_deployment_and_fails_on_a_wrong_one(
    proof: Proof, tmp_path: Path, patch: Patch
) -> None:
    check = checks_of(proof.module)[proof.check]
    assert World(tmp_path).judge(check, **proof.parameters).unmet == []
    broken = World(tmp_path)
    proof.break_it(broken, patch)
    try:
        unmet = broken.judge(check, **proof.parameters).unmet
    except VerificationError:
        return  # it can't be told that all is well
    assert unmet


def test_every_check_is_proved() -> None:
    written = {path.stem for path in (Path(test_api.__file__).parent).glob("test_*.py")}
    assert written == {module.__name__.rpartition(".")[2] for module in MODULES}
    every = {name for module in MODULES for name in checks_of(module)}
    assert {proof.check for proof in PROOFS.values()} == every
