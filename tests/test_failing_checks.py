"""A deployment that is broken in many ways at once: exactly the checks that are there for it fail, and say so well.

Breaks that show in plain values alone are in verification/tests/test_checks_can_fail.py.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from slipway.errors import UNVERIFIED
from tests.breaking import broken, out_of_reach
from tests.checkout import Checkout
from verification.artifacts.sources import NAMES

pytestmark = pytest.mark.deployed

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
    assert f"warning: missing artifacts: {len(NAMES) + 1}" in ended.said
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
    assert "django/django_secret_key in services/stray.log" in leak
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
