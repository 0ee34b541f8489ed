"""Runs the whole program on Pulumi's mocks in a process of its own and prints what it declared, as JSON."""

from __future__ import annotations

import asyncio
import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi

PROGRAM = Path(__file__).resolve().parents[1] / "__main__.py"
SECRET = "4dabf18193072939515e22adb298388d"


class Recorder(pulumi.runtime.Mocks):
    """Answers as the providers would and keeps what was declared."""

    def __init__(self) -> None:
        self.declared: list[dict[str, Any]] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = {name: plain(value) for name, value in args.inputs.items()}
        self.declared.append({"type": args.typ, "name": args.name, "inputs": inputs, "sent": dict(args.inputs)})
        outputs = dict(args.inputs)
        if args.typ == "digitalocean:index/reservedIp:ReservedIp":
            outputs["ipAddress"] = "198.18.9.9"
        if args.typ == "command:local:Command":
            outputs["stdout"] = _stdout(args)
        if args.typ == "command:remote:Command":
            outputs["stdout"] = json.dumps({"release": "20260101-000000-abc1234", "changed": True})
        return ("1234" if args.typ == "digitalocean:index/droplet:Droplet" else f"{args.name}-id"), outputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {"email": "ops@example.com", "status": "active"}, []


def plain(value: Any) -> Any:
    """Unwrap what the SDK marks as secret on the wire."""
    return plain(value["value"]) if isinstance(value, dict) and SECRET in value else value


def _stdout(args: pulumi.runtime.MockResourceArgs) -> str:
    name = args.name.partition("-")[2]
    if args.name == "ship-images":
        return json.dumps({"api": {"ref": "slipway/api:1", "id": "sha256:1", "pull": "", "variable": "API_IMAGE"}})
    return json.dumps({"name": name, "ref": f"slipway/{name}:1", "id": "sha256:1", "variable": "X"})


async def declare(config: dict[str, str]) -> list[dict[str, Any]]:
    """Run the program with a stack's configuration."""
    recorder = Recorder()
    pulumi.runtime.set_mocks(recorder, project="slipway", stack="staging", preview=False)
    pulumi.runtime.set_all_config(config)
    runpy.run_path(str(PROGRAM), run_name="__main__")
    await pulumi.runtime.stack.wait_for_rpcs()
    return recorder.declared


if __name__ == "__main__":
    json.dump(asyncio.run(declare(json.load(sys.stdin))), sys.stdout, default=str)
