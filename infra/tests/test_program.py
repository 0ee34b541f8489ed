"""The whole program on Pulumi's mocks: what it would declare, without a cloud."""

from __future__ import annotations

import asyncio
import json
import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest

ROOT = Path(__file__).resolve().parents[2]


class Recorder(pulumi.runtime.Mocks):
    """Answers as the providers would and keeps what was declared."""

    def __init__(self) -> None:
        self.declared: list[pulumi.runtime.MockResourceArgs] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.declared.append(args)
        outputs = dict(args.inputs)
        if args.typ == "digitalocean:index/reservedIp:ReservedIp":
            outputs["ipAddress"] = "198.18.9.9"
        if args.typ == "command:local:Command":
            outputs["stdout"] = _stdout(args)
        if args.typ == "command:remote:Command":
            outputs["stdout"] = json.dumps({"release": "20260101-000000-abc1234", "changed": True})
        return ("1234" if args.typ == "digitalocean:index/droplet:Droplet" else f"{args.name}-id"), outputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return {"email": "ops@example.com", "status": "active"}

    def of_type(self, suffix: str) -> list[pulumi.runtime.MockResourceArgs]:
        return [args for args in self.declared if args.typ.endswith(suffix)]

    def one(self, suffix: str) -> dict[str, Any]:
        (found,) = self.of_type(suffix)
        return dict(found.inputs)


def _stdout(args: pulumi.runtime.MockResourceArgs) -> str:
    name = args.name.partition("-")[2]
    if args.name == "ship-images":
        return json.dumps({"api": {"ref": "slipway/api:1", "id": "sha256:1", "pull": "", "variable": "API_IMAGE"}})
    return json.dumps({"name": name, "ref": f"slipway/{name}:1", "id": "sha256:1", "variable": "X"})


@pytest.fixture
def program(good_config: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Recorder:
    monkeypatch.delenv("DIGITALOCEAN_API_URL", raising=False)
    monkeypatch.delenv("PULUMI_CONFIG", raising=False)
    recorder = Recorder()

    async def run() -> None:
        pulumi.runtime.set_mocks(recorder, project="slipway", stack="staging", preview=False)
        pulumi.runtime.set_all_config(good_config)
        runpy.run_path(str(ROOT / "infra" / "__main__.py"), run_name="__main__")
        await pulumi.runtime.stack.wait_for_rpcs()

    asyncio.run(run())
    return recorder


def test_the_firewall_opens_the_web_to_all_and_ssh_to_operators_only(program: Recorder) -> None:
    rules = {rule["portRange"]: rule["sourceAddresses"] for rule in program.one("Firewall")["inboundRules"]}
    assert rules == {"80": ["0.0.0.0/0", "::/0"], "443": ["0.0.0.0/0", "::/0"], "22": ["203.0.113.7/32"]}


def test_the_firewall_holds_for_the_droplets_tag(program: Recorder) -> None:
    assert set(program.one("Firewall")["tags"]) <= set(program.one("Droplet")["tags"])


def test_the_domain_and_www_lead_to_the_reserved_address(program: Recorder) -> None:
    records = {args.inputs["name"]: args.inputs["value"] for args in program.of_type("DnsRecord")}
    assert records == {"@": "198.18.9.9", "www": "198.18.9.9"}


def test_every_remote_command_pins_the_host_key(program: Recorder) -> None:
    commands = program.of_type("remote:Command") + program.of_type("CopyToRemote")
    assert commands
    assert all(args.inputs["connection"]["hostKey"].startswith("ssh-ed25519 ") for args in commands)


def test_the_bundle_goes_to_the_rollout_on_stdin(program: Recorder) -> None:
    (rollout,) = [args for args in program.of_type("remote:Command") if args.name == "rollout"]
    bundle = json.loads(rollout.inputs["stdin"])
    assert bundle["domain"] == "example.com"
    assert {"compose/edge.yml", "compose/data.yml", "compose/app.yml", "dynamic.yml"} <= set(bundle["files"])
    assert "@RELEASE@" in bundle["files"]["dynamic.yml"]
    assert not any(secret["value"] in rollout.inputs["create"] for secret in bundle["secrets"])


def test_the_project_holds_what_costs_money(program: Recorder) -> None:
    assert len(program.one("Project")["resources"]) == 4
