from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra import facts as written
from slipway import facts as reading
from slipway.errors import LOCKED, DeployFailed, Locked, NotDeployed, Unreachable
from slipway.facts import Facts, read_facts
from slipway.project import Project
from slipway.remote import engine_argv, failure
from slipway.status import curl_options

FACTS: dict[str, Any] = {
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


def pulumi_that_says(said: str | None, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Answer the question for the stack's outputs, and for its key."""
    calls: list[list[str]] = []

    def ask(arguments: list[str], *rest: object) -> subprocess.CompletedProcess[str]:
        calls.append(arguments)
        answer = "the key" if arguments[:2] == ["config", "get"] else said
        return subprocess.CompletedProcess(arguments, 0 if answer else 255, answer or "", "")

    monkeypatch.setattr(reading, "stack_environment", lambda project, stack: {})
    monkeypatch.setattr(reading, "ask_pulumi", ask)
    return calls


def test_a_stack_without_facts_is_not_deployed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    pulumi_that_says(None, monkeypatch)
    with pytest.raises(NotDeployed, match="slipway deploy -s staging"):
        read_facts(project, "staging")


def test_what_another_machine_deployed_is_known_by_the_stacks_outputs(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh = FACTS["ssh"] | {"key": None, "known_hosts": ".slipway/deployments/elsewhere.known_hosts"}
    calls = pulumi_that_says(json.dumps(FACTS | {"stack": "elsewhere", "ssh": ssh}), monkeypatch)
    found = read_facts(project, "elsewhere")
    assert found.known_hosts.read_text() == "198.18.1.1 ssh-ed25519 AAAA\n"
    assert found.ssh_key == project.given_key("elsewhere")
    assert (found.ssh_key.read_text(), found.ssh_key.stat().st_mode & 0o777) == ("the key\n", 0o600)
    assert len(calls) == 2
    assert read_facts(project, "elsewhere") == found
    assert len(calls) == 2, "asked once"


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
