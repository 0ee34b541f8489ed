"""The whole program on Pulumi's mocks: what it would declare, without a cloud."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from infra.policy.model import Resource, Rule, Violation
from infra.policy.rules import RULES, rules
from infra.tests.conftest import good_configuration, new_key


@dataclass(frozen=True)
class Declared:
    """The resources that the program declared."""

    resources: list[dict[str, Any]]
    root_secret: str

    @property
    def as_sent(self) -> list[Resource]:
        return [Resource(each["type"], each["name"], each["sent"]) for each in self.resources]

    def of_type(self, suffix: str) -> list[dict[str, Any]]:
        return [resource for resource in self.resources if resource["type"].endswith(suffix)]

    def one(self, suffix: str) -> dict[str, Any]:
        (found,) = self.of_type(suffix)
        return dict(found["inputs"])


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Declared:
    config = good_configuration(new_key(tmp_path_factory.mktemp("keys") / "operator"))
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "DIGITALOCEAN_"))}
    done = subprocess.run(
        [sys.executable, "-m", "infra.tests.mocked"],
        input=json.dumps(config),
        capture_output=True,
        text=True,
        check=False,
        env=inherited,
    )
    assert done.returncode == 0, done.stderr
    return Declared(json.loads(done.stdout), config["slipway:rootSecret"])


def test_the_firewall_opens_the_web_to_all_and_ssh_to_operators_only(program: Declared) -> None:
    rules = {rule["portRange"]: rule["sourceAddresses"] for rule in program.one("Firewall")["inboundRules"]}
    assert rules == {"80": ["0.0.0.0/0", "::/0"], "443": ["0.0.0.0/0", "::/0"], "22": ["203.0.113.7/32"]}


def test_the_firewall_holds_for_the_droplets_tag(program: Declared) -> None:
    assert set(program.one("Firewall")["tags"]) <= set(program.one("Droplet")["tags"])


def test_the_domain_and_www_lead_to_the_reserved_address(program: Declared) -> None:
    records = {args["inputs"]["name"]: args["inputs"]["value"] for args in program.of_type("DnsRecord")}
    assert records == {"@": "198.18.9.9", "www": "198.18.9.9"}


def test_every_remote_command_pins_the_host_key(program: Declared) -> None:
    commands = program.of_type("remote:Command") + program.of_type("CopyToRemote")
    assert commands
    assert all(args["inputs"]["connection"]["hostKey"].startswith("ssh-ed25519 ") for args in commands)


def test_the_bundle_goes_to_the_rollout_on_stdin(program: Declared) -> None:
    (rollout,) = [args for args in program.of_type("remote:Command") if args["name"] == "rollout"]
    bundle = json.loads(rollout["inputs"]["stdin"])
    assert bundle["domain"] == "example.com"
    assert {"compose/edge.yml", "compose/data.yml", "compose/app.yml", "dynamic.yml"} <= set(bundle["files"])
    assert "@RELEASE@" in bundle["files"]["dynamic.yml"]
    assert not any(secret["value"] in rollout["inputs"]["create"] for secret in bundle["secrets"])


def test_the_release_is_told_where_mail_goes_and_which_tools_run(program: Declared) -> None:
    (rollout,) = [args for args in program.of_type("remote:Command") if args["name"] == "rollout"]
    environment = json.loads(rollout["inputs"]["stdin"])["environment"]
    assert environment["OPS_PROFILES"] == ""
    assert (environment["SMTP_HOST"], environment["MAIL_FROM"]) == ("", "Slipway <no-reply@example.com>")


def test_the_project_holds_what_costs_money(program: Declared) -> None:
    assert len(program.one("Project")["resources"]) == 4


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_program_holds_to_the_policy(program: Declared, rule: Rule) -> None:
    assert [told(violation) for violation in rule.violations(program.as_sent)] == []


def test_the_root_secret_stands_nowhere_in_plain(program: Declared) -> None:
    found = [violation for rule in rules([program.root_secret]) for violation in rule.violations(program.as_sent)]
    assert [told(violation) for violation in found] == []


def told(violation: Violation) -> tuple[str, str]:
    return violation.resource.name, violation.problem
