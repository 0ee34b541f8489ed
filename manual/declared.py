"""What the Pulumi program declares, by a run of it on Pulumi's mocks in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.mocks import MockMonitor

from infra.tests.conftest import good_configuration, new_key
from infra.tests.mocked import PROGRAM, Recorder
from manual.place import ROOT

STACK = ("", "pulumi:pulumi:Stack")


@dataclass(frozen=True)
class Declared:
    """The resources with their inputs, and their URNs, which tell the tree."""

    resources: list[dict[str, Any]]
    urns: list[str]

    def of_type(self, suffix: str) -> list[dict[str, Any]]:
        """Return the resources of a type, given by its end."""
        return [resource for resource in self.resources if resource["type"].endswith(f":{suffix}")]

    def children_of(self, room: str | None) -> list[tuple[str, str]]:
        """Return type and name of the resources in a component, or of those in none."""
        found = []
        for urn in self.urns:
            types, name = urn.split("::")[-2:]
            parent, _, kind = types.rpartition("$")
            is_alone = parent in STACK and not kind.startswith("slipway:")
            if parent.startswith(f"slipway:{room}:") if room else is_alone:
                found.append((_short(kind), name))
        return sorted(found)


def _short(kind: str) -> str:
    """Drop what a type's token says twice: digitalocean:index/droplet:Droplet is a Droplet."""
    package, module, name = kind.split(":")
    return name if package == "digitalocean" else f"{package}:{module}:{name}"


@cache
def declared() -> Declared:
    """Run the program with a good configuration."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "DIGITALOCEAN_"))}
    with tempfile.TemporaryDirectory() as folder:
        config = good_configuration(new_key(Path(folder) / "operator"))
        done = subprocess.run(
            [sys.executable, "-m", "manual.declared"],
            input=json.dumps(config),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=inherited,
        )
    return Declared(**json.loads(done.stdout))


async def _declare(config: dict[str, str]) -> dict[str, Any]:
    recorder = Recorder()
    monitor = MockMonitor(recorder)
    pulumi.runtime.set_mocks(recorder, project="slipway", stack="staging", preview=False, monitor=monitor)
    pulumi.runtime.set_all_config(config)
    runpy.run_path(str(PROGRAM), run_name="__main__")
    await pulumi.runtime.stack.wait_for_rpcs()
    return {"resources": recorder.declared, "urns": sorted(monitor.get_registered_resources())}


if __name__ == "__main__":
    json.dump(asyncio.run(_declare(json.load(sys.stdin))), sys.stdout, default=str)
