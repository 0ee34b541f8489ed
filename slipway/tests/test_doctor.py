from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from slipway.cli import app, preparing
from slipway.doctor import examine as examining
from slipway.doctor.examine import deployment, examine
from slipway.doctor.finding import Area, Finding
from slipway.errors import FAILED, ConfigurationFault, DeployFailed, Unreachable
from slipway.project import Project
from slipway.tests.test_guard import FACTS
from toolchain.errors import ToolMissing

AREA = Area("stack")
WELL, WARNED = AREA.well("ssh", "is open"), AREA.warning("certificate", "for 5 days more", "slipway logs traefik")
FAULT = AREA.fault("dns", "leads nowhere", "let the registrar name ns1.digitalocean.com")
NOW: dict[str, Any] = {"release": "r1", "services": [], "down": [], "locked_by": None, "unfinished": None}


@pytest.fixture
def project(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(examining, "look_at_machine", lambda machine: iter(()))
    return project


def states(findings: list[Finding]) -> dict[str, str]:
    return {finding.name: finding.state for finding in findings}


def doctor(monkeypatch: pytest.MonkeyPatch, findings: list[Finding], *options: str) -> Any:
    monkeypatch.setattr(preparing, "examine", lambda project, stack: iter(findings))
    return CliRunner().invoke(app, ["doctor", *options])


def test_all_is_well_ends_with_0_also_with_something_to_keep_an_eye_on(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = doctor(monkeypatch, [WELL, WARNED])
    assert (ended.exit_code, "All is well, 1 to keep an eye on." in ended.output) == (0, True)


def test_a_fault_ends_with_1_and_stands_above_its_mend(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = doctor(monkeypatch, [WELL, FAULT])
    assert ended.exit_code == FAILED
    said, _, mend = ended.output.partition("leads nowhere")
    assert "✗ dns" in said
    assert "let the registrar name" in mend
    assert "1 fault" in mend


def test_programs_get_every_finding(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = doctor(monkeypatch, [WELL, FAULT], "--json")
    document = json.loads(ended.output)
    assert (ended.exit_code, document["ok"]) == (FAILED, False)
    assert document["findings"][1] == {
        "area": "stack",
        "name": "dns",
        "state": "fault",
        "said": "leads nowhere",
        "mend": "let the registrar name ns1.digitalocean.com",
    }


def test_without_a_pulumi_the_rest_waits(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(project: Project, stack: str) -> None:
        raise ToolMissing("there is no pulumi", where="PATH", mend="make up")

    monkeypatch.setattr(examining, "stack_environment", missing)
    assert states(list(examine(project, "staging"))) == {"token": "skipped", "settings": "skipped"}


def test_a_configuration_that_can_not_be_read_stops_no_other_look(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(project: Project, stack: str, environment: object) -> None:
        raise ConfigurationFault("it can't be read\nFirst: pulumi login")

    monkeypatch.setattr(examining, "stack_environment", lambda project, stack: {})
    monkeypatch.setattr(examining, "read_config", unread)
    found = list(examine(project, "staging"))
    assert states(found) == {"token": "fault", "settings": "fault", "secrets": "skipped", "deployment": "skipped"}
    assert all(finding.mend for finding in found if finding.state == "fault")


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment whose droplet lets this machine in."""
    monkeypatch.setattr(examining, "read_facts", lambda project, stack: FACTS)
    monkeypatch.setattr(examining, "addresses_of", lambda name, server: {FACTS.address})
    monkeypatch.setattr(examining, "_ssh", lambda facts, settings: WELL)
    monkeypatch.setattr(examining, "ask_engine", lambda facts, verb: NOW)


def unreachable(*arguments: object) -> None:
    raise Unreachable("it doesn't speak TLS")


def test_a_deployment_is_looked_at_from_the_outside_in(
    project: Project, reached: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "read_certificate", unreachable)
    assert states(list(deployment(project, "local", None))) == {
        "host key": "fault",
        "ssh": "well",
        "dns": "well",
        "certificate": "fault",
        "lock": "well",
        "services": "well",
    }


def test_a_droplet_that_can_not_be_asked_is_told_after_all_else(
    project: Project, reached: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(facts: object, verb: str) -> None:
        raise DeployFailed("no such file: rollout.pyz")

    monkeypatch.setattr(examining, "read_certificate", unreachable)
    monkeypatch.setattr(examining, "ask_engine", broken)
    (*_, last) = deployment(project, "local", None)
    assert (last.name, last.state, last.mend) == ("release", "fault", "pulumi up -s local")
    monkeypatch.setattr(examining, "_ssh", lambda facts, settings: AREA.fault("ssh", "shut", "mend"))
    (*_, last) = deployment(project, "local", None)
    assert (last.name, last.state) == ("release", "skipped")
