"""A deployment that is broken in many ways at once: exactly the checks that are there for it fail, and say so well.

Breaks that show in plain values alone are in verification/tests/test_checks_can_fail.py.
"""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
import yaml

from slipway.errors import UNVERIFIED
from tests.checkout import Checkout
from verification.artifacts.sources import NAMES

pytestmark = pytest.mark.deployed

EDGE = "/srv/slipway/edge"
STRAY_PORT, PUBLISHED_PORT = 8098, 8099
PRODUCTION = "https://acme-v02.api.letsencrypt.org/directory"
LATEST = "(select max(id) from django_migrations)"
FAIL_OF_BREAKS = {
    "a header removed": {
        "test_headers.py::test_security_headers_stand_on_every_public_route[/]",
        "test_headers.py::test_security_headers_stand_on_every_public_route[/api/health]",
        "test_headers.py::test_security_headers_stand_on_every_public_route[/static/admin/css/base.css]",
        "test_headers.py::test_security_headers_stand_on_every_public_route[/deep/link/into/the/app]",
        "test_headers.py::test_the_home_page_gets_full_marks",
    },
    "a limit lifted": {"test_limits.py::test_a_burst_is_limited"},
    "a guard off": {
        "test_guards.py::test_guarded_hosts_show_nothing_to_a_stranger[admin-/]",
        "test_guards.py::test_guarded_hosts_show_nothing_to_a_stranger[admin-/admin/login/]",
        "test_guards.py::test_guarded_hosts_show_nothing_to_a_stranger[admin-/api/health]",
        "test_routes.py::test_guarded_routers_ask_for_address_and_password",
    },
    "another priority": {"test_routes.py::test_routers_have_the_priorities_of_the_table[static-195]"},
    "a retry": {"test_routes.py::test_nothing_is_retried"},
    "a route to the metrics": {"test_routes.py::test_no_route_leads_to_the_metrics"},
    "old TLS": {
        "test_tls.py::test_only_current_versions_are_offered",
        "test_tls.py::test_only_strong_ciphers_are_offered",
    },
    "the production CA": {"test_routes.py::test_the_only_resolver_is_the_staging_one"},
    "a published port": {
        "test_network.py::test_only_traefik_publishes_ports",
        "test_services.py::test_nothing_else_runs",
    },
    "an open port": {"test_network.py::test_only_web_and_ssh_ports_answer"},
    "a name that leads elsewhere": {"test_network.py::test_dns_points_at_the_deployment"},
    "a migration undone": {
        "test_data_and_jobs.py::test_migrations_are_applied",
        "test_data_and_jobs.py::test_every_api_statement_fits_the_schema",
    },
    "a secret in a log": {"test_artifacts.py::test_no_log_or_listing_tells_a_secret"},
    "a stopped worker": {
        "test_services.py::test_every_service_runs_and_is_healthy",
        "test_services.py::test_the_worker_reaches_the_mail_server_that_it_is_told_of",
        "test_data_and_jobs.py::test_celery_answers_through_the_api",
        "test_artifacts.py::test_every_artifact_is_there",
    },
}


def test_without_ssh_and_traefik_the_rest_is_done_and_what_is_missing_is_told(deployed: Checkout) -> None:
    with out_of_reach(deployed):
        ended = deployed.slipway("verify", "-s", "local", "--json")
    assert ended.code == UNVERIFIED, ended.said
    assert "Traceback" not in ended.said
    printed, _ = json.JSONDecoder().raw_decode(ended.said, ended.said.index("\n{\n") + 1)
    folder = Path(printed["artifacts"])
    report = json.loads((folder / "meta/post-deploy-report.json").read_text())
    assert printed == {"artifacts": str(folder), **report}
    assert outcomes(report, "passed") == {"test_network.py::test_dns_points_at_the_deployment"}
    assert "test_services.py::test_containers_are_hardened" in outcomes(report, "not checked")
    assert "test_site.py::test_deep_links_survive_a_reload" in outcomes(report, "failed")
    assert {*NAMES, "services/"} == report["missing_artifacts"].keys()
    assert "SSH to the droplet failed" in report["missing_artifacts"]["compose-ps.txt"]
    assert f"no answer from {report['address']}:443" in report["missing_artifacts"]["curl-root.txt"]
    assert "artifacts are missing" in ended.said
    assert_readable_by_others(folder, report)


def test_exactly_the_checks_fail_that_are_there_for_what_is_broken(deployed: Checkout) -> None:
    with broken(deployed):
        ended = deployed.run(
            ".venv/bin/python", "-m", "pytest", "verification/", f"--host={deployed.deployment.address}"
        )
    assert ended.code == 1, ended.said
    (folder,) = re.findall(r"^artifacts: (.+)$", ended.said, re.MULTILINE)
    report = json.loads((Path(folder) / "meta/post-deploy-report.json").read_text())
    expected = set().union(*FAIL_OF_BREAKS.values())
    assert outcomes(report, "failed") | outcomes(report, "not checked") == expected
    for name in expected:
        check = report["checks"][name]
        assert check["expected"], name
        assert check["seen"], name
        assert check["to_do"], name
        assert f"-k {name.partition('::')[2].partition('[')[0]}" in ended.said
    leak = report["checks"]["test_artifacts.py::test_no_log_or_listing_tells_a_secret"]["seen"]
    assert "services/stray.log" in leak
    assert_readable_by_others(Path(folder), report)


def outcomes(report: dict[str, Any], outcome: str) -> set[str]:
    """Return the checks of a report that ended so."""
    return {name for name, check in report["checks"].items() if check["outcome"] == outcome}


def assert_readable_by_others(folder: Path, report: dict[str, Any]) -> None:
    """The report says the same to people's browsers and to CI servers."""
    suite = ET.parse(folder / "meta/junit.xml").getroot()[0]  # noqa: S314 -- it was written here
    assert len(suite.findall("testcase")) == len(report["checks"])
    assert len(suite.findall("*/failure")) == len(outcomes(report, "failed"))
    page = (folder / "meta/report.html").read_text()
    assert f"{len(report['checks']) - len(outcomes(report, 'passed'))} of {len(report['checks'])} checks" in page
    assert not re.search(r"(?:src|href)=|url\(|@import", page), "it loads something"


@contextmanager
def out_of_reach(deployed: Checkout) -> Iterator[None]:
    """Stop Traefik and take SSH away."""
    traefik = "$(docker ps --all --quiet --filter label=com.docker.compose.service=traefik)"
    is_healthy = f"docker inspect -f {{{{.State.Health.Status}}}} {traefik} | grep -qx healthy"
    deployed.on_droplet(f"docker kill {traefik}")
    with deployed.api() as api:
        firewall, rules = _firewall(api)
        rule = next(rule for rule in rules if rule["ports"] == "22")
        try:
            assert api.request("DELETE", firewall, json={"inbound_rules": [rule]}).status_code == 204
            yield
        finally:
            assert api.post(firewall, json={"inbound_rules": [rule]}).status_code == 204
            start = f"docker start {traefik} && timeout 60 sh -c 'until {is_healthy}; do sleep 0.2; done'"
            deployed.on_droplet(start)


@contextmanager
def broken(deployed: Checkout) -> Iterator[None]:
    """Break everything that `FAIL_OF_BREAKS` names; each break is undone in the end, whatever happens."""
    with deployed.api() as api, ExitStack() as breaks:
        breaks.enter_context(edited(deployed, "dynamic/dynamic.yml", spoil_dynamic))
        breaks.enter_context(edited(deployed, "traefik.yml", spoil_static))
        breaks.enter_context(open_port(deployed, api))
        breaks.enter_context(led_astray(deployed, api))
        breaks.enter_context(on_droplet_for_now(deployed))
        yield


def spoil_dynamic(document: dict[str, Any]) -> None:
    """Break routes, middlewares and TLS options."""
    http, tls = document["http"], document["tls"]["options"]["default"]
    http["middlewares"]["security-headers"]["headers"]["contentTypeNosniff"] = False
    http["middlewares"]["api-rate-limit"]["rateLimit"] |= {"average": 1_000_000, "burst": 1_000_000}
    http["middlewares"]["again"] = {"retry": {"attempts": 2}}
    http["services"]["stray"] = {"loadBalancer": {"servers": [{"url": "http://api:5002"}]}}
    http["routers"]["admin"]["middlewares"] = ["security-headers"]
    http["routers"]["static"]["priority"] = 196
    tls["minVersion"] = "VersionTLS10"
    tls["cipherSuites"].append("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA")


def spoil_static(document: dict[str, Any]) -> None:
    """Name the production CA; Traefik reads it at a start only, which doesn't come."""
    document["certificatesResolvers"]["le-staging"]["acme"]["caServer"] = PRODUCTION


@contextmanager
def edited(deployed: Checkout, file: str, spoil: Any) -> Iterator[None]:
    """Change one of Traefik's files on the droplet; it reads what was renamed into place."""
    path = f"{EDGE}/{file}"
    document = yaml.safe_load(deployed.on_droplet(f"cat {path}"))
    spoil(document)
    encoded = base64.b64encode(yaml.safe_dump(document).encode()).decode()
    # Not beside it: Traefik reads every file in its folder.
    kept, spoiled = f"{EDGE}/kept", f"{EDGE}/spoiled"
    deployed.on_droplet(
        f"mkdir -p {kept} {spoiled} && cp -p {path} {kept}/ && cp -p {path} {spoiled}/new && "
        f"echo {encoded} | base64 -d > {spoiled}/new && mv {spoiled}/new {path} && rm -r {spoiled}"
    )
    try:
        yield
    finally:
        deployed.on_droplet(f"mv {kept}/{Path(file).name} {path} && rmdir --ignore-fail-on-non-empty {kept}")


def _firewall(api: httpx.Client) -> tuple[str, list[dict[str, Any]]]:
    (firewall,) = api.get("/v2/firewalls").json()["firewalls"]
    return f"/v2/firewalls/{firewall['id']}/rules", firewall["inbound_rules"]


@contextmanager
def open_port(deployed: Checkout, api: httpx.Client) -> Iterator[None]:
    """Listen on a port of the droplet, and let the world through to it."""
    path, rules = _firewall(api)
    rule = next(rule for rule in rules if rule["ports"] == "443") | {"ports": str(STRAY_PORT)}
    listen = f"import socket, time; s = socket.create_server(('', {STRAY_PORT})); time.sleep(600)"
    deployed.on_droplet(f"systemd-run --quiet --unit=stray python3 -c {shlex.quote(listen)}")
    assert api.post(path, json={"inbound_rules": [rule]}).status_code == 204
    try:
        yield
    finally:
        assert api.request("DELETE", path, json={"inbound_rules": [rule]}).status_code == 204
        deployed.on_droplet("systemctl stop stray")


@contextmanager
def led_astray(deployed: Checkout, api: httpx.Client) -> Iterator[None]:
    """Let www lead to another address."""
    records = f"/v2/domains/{deployed.deployment.domain}/records"
    record = next(each for each in api.get(records).json()["domain_records"] if each["name"] == "www")
    path = f"{records}/{record['id']}"
    assert api.patch(path, json={"type": record["type"], "data": "203.0.113.9"}).is_success
    try:
        yield
    finally:
        assert api.patch(path, json={"type": record["type"], "data": record["data"]}).is_success


@contextmanager
def on_droplet_for_now(deployed: Checkout) -> Iterator[None]:
    """Publish a port, undo a migration's record, tell a secret in a log, stop the worker."""
    deployed.on_droplet(f"{FUNCTIONS}\n{BREAK}")
    try:
        yield
    finally:
        deployed.on_droplet(f"{FUNCTIONS}\n{MEND}")


FUNCTIONS = """
set -eu
of() { docker ps --all --quiet --filter "label=com.docker.compose.service=$1"; }
sql() { docker exec "$(of postgres)" psql -qAtX -v ON_ERROR_STOP=1 -U postgres -d slipway -c "$1"; }
"""
# The log with the secret goes with its container: Docker can't read on in a log that somebody cut.
BREAK = f"""
docker run --detach --name stray --label com.docker.compose.service=stray --publish {PUBLISHED_PORT}:80 \\
  --user 0 --volume /srv/slipway/current/secrets/django:/told:ro --entrypoint sh \\
  "$(docker image ls --quiet slipway/redis | head -1)" -c 'cat /told/django_secret_key; echo; exec sleep 600'
sql "update django_migrations set name = name || '_later' where id = {LATEST}"
docker stop "$(of worker)"
"""  # noqa: S608 -- nobody else's words are in it
MEND = f"""
docker rm --force stray
sql "update django_migrations set name = replace(name, '_later', '') where id = {LATEST}"
docker start "$(of worker)"
"""  # noqa: S608 -- nor here
