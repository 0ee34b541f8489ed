from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from infra.errors import SettingsError
from infra.loading import load_settings
from infra.tests.conftest import good_configuration, new_key
from localcloud.tests.conftest import TOKEN, Served
from slipway import reach
from slipway.account import Api
from slipway.errors import Terminated
from slipway.project import Project
from slipway.reach import has_window, reachable
from slipway.tests.test_guard import FACTS
from slipway.window import Door, declared_networks, deploy_window, is_inside, rule_for

OPERATORS = ["192.0.2.0/24", "198.51.100.7/32"]
DECLARED: dict[str, Any] = {"protocol": "tcp", "ports": "22", "sources": {"addresses": OPERATORS}}
WEB: dict[str, Any] = {"protocol": "tcp", "ports": "443", "sources": {"addresses": ["0.0.0.0/0", "::/0"]}}
ME, OTHER = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def door(local: Served) -> Door:
    return Door(Api(local.url, TOKEN), "staging", OPERATORS)


@pytest.fixture
def firewall(local: Served) -> str:
    body = {"name": "slipway-staging", "inbound_rules": [WEB, DECLARED]}
    return str(local.do.firewalls.create(body=body)["firewall"]["id"])


def rules(local: Served, firewall: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = local.do.firewalls.get(firewall)["firewall"]["inbound_rules"]
    return found


def await_window(local: Served, firewall: str) -> None:
    deadline = time.monotonic() + 20
    while rule_for(ME) not in rules(local, firewall):
        assert time.monotonic() < deadline, "the window was not opened"


def test_port_22_is_open_for_the_deploy_and_then_as_before(local: Served, door: Door, firewall: str) -> None:
    heard: list[str] = []
    before = rules(local, firewall)
    with deploy_window(door, ME, heard.append):
        assert rules(local, firewall) == [*before, rule_for(ME)]
    assert rules(local, firewall) == before
    assert heard == [f"port 22 is open for {ME} until this deploy ends", f"port 22 is closed for {ME} again"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, ZeroDivisionError, lambda: Terminated(15)])
def test_however_a_deploy_ends_port_22_is_closed(local: Served, door: Door, firewall: str, end: Any) -> None:
    before, fault = rules(local, firewall), end()
    with pytest.raises(type(fault)), deploy_window(door, ME, lambda line: None):
        raise fault
    assert rules(local, firewall) == before


def test_what_a_killed_deploy_left_open_is_closed_by_the_next(local: Served, door: Door, firewall: str) -> None:
    heard: list[str] = []
    before = rules(local, firewall)
    assert door.open_for(OTHER)
    with deploy_window(door, ME, heard.append):
        assert rules(local, firewall) == [*before, rule_for(ME)]
    assert "closed port 22 for 203.0.113.8" in heard[0]


def test_closing_takes_windows_alone_and_is_harmless_when_there_is_none(
    local: Served, door: Door, firewall: str
) -> None:
    wide = {"protocol": "tcp", "ports": "22", "sources": {"addresses": ["203.0.113.0/24"]}}
    local.do.firewalls.add_rules(firewall, body={"inbound_rules": [wide]})
    before = rules(local, firewall)
    assert door.close() == []
    assert door.open_for(ME)
    assert not door.open_for(ME), "it is open already"
    assert door.left_open() == [ME]
    assert door.close() == [ME]
    assert rules(local, firewall) == before


def test_another_deploys_window_is_left_alone_at_the_end(local: Served, door: Door, firewall: str) -> None:
    before = rules(local, firewall)
    with deploy_window(door, ME, lambda line: None):
        assert door.open_for(OTHER)
    assert rules(local, firewall) == [*before, rule_for(OTHER)]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slipway.window.LOOK_EVERY_S", 0.01)


def test_a_first_deploys_firewall_gets_the_window_as_soon_as_it_is_there(
    local: Served, door: Door, impatient: None, request: pytest.FixtureRequest
) -> None:
    heard: list[str] = []
    with deploy_window(door, ME, heard.append):
        assert heard == []
        firewall = request.getfixturevalue("firewall")
        await_window(local, firewall)
    assert rules(local, firewall) == [WEB, DECLARED]


def test_a_window_that_pulumi_wrote_over_is_opened_again(
    local: Served, door: Door, firewall: str, impatient: None
) -> None:
    body = {"name": "slipway-staging", "inbound_rules": [WEB, DECLARED]}
    with deploy_window(door, ME, lambda line: None):
        local.do.firewalls.update(firewall, body=body)
        await_window(local, firewall)
    assert rules(local, firewall) == [WEB, DECLARED]


def test_a_window_that_can_not_be_closed_is_told_with_the_command_that_closes_it(
    local: Served, door: Door, firewall: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    with deploy_window(door, ME, heard.append):
        monkeypatch.setattr(local.cloud.firewalls, "change_rules", None)
    assert f"PORT 22 IS STILL OPEN for {ME}" in heard[-1]
    assert "slipway close-window -s staging" in heard[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("config:\n  slipway:deployWindow: 'true'\n", True),
        ("config:\n  slipway:deployWindow: true\n", True),
        ("", False),
    ],
)
def test_the_stacks_file_says_whether_there_is_a_window(text: str, expected: bool, tmp_path: Path) -> None:
    assert not has_window(Project(tmp_path), "staging")
    (tmp_path / "Pulumi.staging.yaml").write_text(text)
    assert has_window(Project(tmp_path), "staging") is expected


@pytest.fixture
def windowed(local: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A checkout whose stack `staging` has a window, and facts that lead nowhere."""
    project = Project(tmp_path)
    (tmp_path / "Pulumi.staging.yaml").write_text("config:\n  slipway:deployWindow: 'true'\n")
    config = {"slipway:operatorNetworks": json.dumps(OPERATORS), "digitalocean:apiEndpoint": local.url}
    monkeypatch.setattr(reach, "stack_environment", lambda project, stack: {"DIGITALOCEAN_TOKEN": TOKEN})
    monkeypatch.setattr(reach, "read_config", lambda project, stack, environment: config)
    monkeypatch.setattr(reach, "read_facts", lambda project, stack: FACTS)
    return project


def test_a_rollback_from_a_pipeline_gets_the_window_too(
    local: Served, firewall: str, windowed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rules(local, firewall)
    monkeypatch.setenv("SLIPWAY_ADDRESS", ME)
    with reachable(windowed, "staging", lambda line: None):
        assert rules(local, firewall) == [*before, rule_for(ME)]
    assert rules(local, firewall) == before
    monkeypatch.setenv("SLIPWAY_ADDRESS", "192.0.2.77")
    with reachable(windowed, "staging", lambda line: None):
        assert rules(local, firewall) == before, "inside the networks"


def test_an_operator_inside_the_networks_needs_no_window() -> None:
    assert is_inside("192.0.2.200", OPERATORS)
    assert not is_inside(ME, OPERATORS)


@pytest.mark.parametrize(
    ("text", "networks"), [('["192.0.2.0/24"]', ["192.0.2.0/24"]), ("[]", []), ("nonsense", []), ("[1.5]", [])]
)
def test_closing_works_with_settings_that_are_wrong(text: str, networks: list[str]) -> None:
    assert declared_networks({"slipway:operatorNetworks": text}) == networks


def test_with_a_window_no_network_needs_to_be_named(tmp_path: Path) -> None:
    config = good_configuration(new_key(tmp_path / "key")) | {"slipway:operatorNetworks": "[]"}
    with pytest.raises(SettingsError, match="slipway:operatorNetworks"):
        load_settings("staging", config, {}, tmp_path)
    settings, _ = load_settings("staging", config | {"slipway:deployWindow": "true"}, {}, tmp_path)
    assert settings.operator_networks == ()
