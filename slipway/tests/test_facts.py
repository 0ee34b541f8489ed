from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra import facts as written
from slipway.errors import LOCKED, DeployFailed, Locked, NotDeployed, Unreachable
from slipway.facts import Facts, read_facts
from slipway.project import Project
from slipway.remote import engine_argv, failure
from slipway.status import curl_options

FACTS = {
    "stack": "local",
    "site": "https://slipway.test",
    "domain": "slipway.test",
    "address": "198.18.1.1",
    "ssh": {
        "user": "root",
        "port": 22,
        "key": ".slipway/keys/operator",
        "known_hosts": ".slipway/deployments/local.known_hosts",
        "host_key": "ssh-ed25519 AAAA",
    },
    "ca_file": ".slipway/local/acme/roots.pem",
    "do_api_url": "http://127.0.0.1:8190",
    "dns_server": "198.18.0.1",
    "rate_limit_api_rpm": 300,
    "release": "20260101-000000-abc1234",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    written.write(Path(".slipway/deployments/local.json"), FACTS)
    return Project(tmp_path)


@pytest.fixture
def facts(project: Project) -> Facts:
    return read_facts(project, "local")


def test_what_the_program_writes_is_what_the_command_reads(project: Project, facts: Facts) -> None:
    assert facts.ssh_key == project.root / ".slipway/keys/operator"
    assert facts.known_hosts.read_text() == "198.18.1.1 ssh-ed25519 AAAA\n"
    assert json.loads(project.facts_file("local").read_text())["release"] == facts.release


def test_a_stack_without_facts_is_not_deployed(project: Project) -> None:
    with pytest.raises(NotDeployed, match="slipway deploy -s staging"):
        read_facts(project, "staging")


def test_removed_facts_leave_nothing(project: Project) -> None:
    written.remove(Path(".slipway/deployments/local.json"))
    assert list(project.facts_file("local").parent.iterdir()) == []


def test_the_host_key_is_pinned(facts: Facts) -> None:
    argv = engine_argv(facts, ["status", "--json"])
    assert "StrictHostKeyChecking=yes" in argv
    assert f"UserKnownHostsFile={facts.known_hosts}" in argv
    assert argv[-1].endswith("rollout.pyz status --json")


@pytest.mark.parametrize(("code", "kind"), [(255, Unreachable), (LOCKED, Locked), (1, DeployFailed)])
def test_each_remote_exit_code_becomes_its_error(code: int, kind: type[Exception], facts: Facts) -> None:
    assert type(failure(facts, code, "said")) is kind


def test_curl_needs_neither_dns_nor_the_systems_cas(facts: Facts) -> None:
    options = curl_options(facts)
    assert "--resolve slipway.test:443:198.18.1.1" in options
    assert "--cacert" in options
