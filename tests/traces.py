"""What deployments leave on a machine: containers, networks, volumes, loop devices, mounts, processes, interfaces."""

from __future__ import annotations

import json
import re
import subprocess
import time
from dataclasses import dataclass, fields
from pathlib import Path

# What other rooms' tests make while these run: a local cloud of another name, or a name or label of that room.
NEIGHBOURS = re.compile(
    r"localcloud[.-](?:instance=)?(?!e2e)\w|slipway[.-](?:apps[.-])?tests?\b|\brt[0-9a-f]{6}\b|\bstage-|\brollout-test"
)


@dataclass(frozen=True)
class Traces:
    """Everything outside the checkout that a deployment may touch, as sets that can be compared."""

    containers: frozenset[str]
    networks: frozenset[str]
    volumes: frozenset[str]
    loop_devices: frozenset[str]
    mounts: frozenset[str]
    processes: frozenset[str]
    interfaces: frozenset[str]

    @classmethod
    def now(cls, checkout: Path) -> Traces:
        """Look at the machine; files, mounts and processes count if they have to do with `checkout`."""
        return cls(
            containers=_docker("ps", "--all", "--no-trunc", name="Names"),
            networks=_docker("network", "ls", name="Name"),
            volumes=_docker("volume", "ls", name="Name") - _volumes_of_neighbours(),
            loop_devices=_lines(checkout, "losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE"),
            mounts=_lines(checkout, "cat", "/proc/mounts"),
            processes=_lines(checkout, "ps", "-eo", "args"),
            interfaces=_interfaces(),
        )

    @classmethod
    def left(cls, checkout: Path, before: Traces, patience_s: float = 90) -> dict[str, frozenset[str]]:
        """Return what stays beyond `before`; what other rooms' tests make for a moment goes while this looks again."""
        deadline = time.monotonic() + patience_s
        while (found := cls.now(checkout).beyond(before)) and time.monotonic() < deadline:
            time.sleep(0.5)
        return found

    def beyond(self, before: Traces) -> dict[str, frozenset[str]]:
        """Return what is there now and wasn't then, by kind; empty when nothing is left."""
        names = [field.name for field in fields(self)]
        return {name: new for name in names if (new := getattr(self, name) - getattr(before, name))}


def _run(*argv: str) -> list[str]:
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return [line.strip() for line in said.splitlines() if line.strip()]


def _lines(checkout: Path, *argv: str) -> frozenset[str]:
    return frozenset(line for line in _run(*argv) if str(checkout) in line)


def _docker(*listing: str, name: str) -> frozenset[str]:
    entries = [json.loads(line) for line in _run("docker", *listing, "--format", "{{json .}}")]
    return frozenset(
        entry[name] for entry in entries if not NEIGHBOURS.search(f"{entry[name]} {entry.get('Labels', '')}")
    )


def _volumes_of_neighbours() -> frozenset[str]:
    entries = [json.loads(line) for line in _run("docker", "ps", "--all", "--no-trunc", "--format", "{{json .}}")]
    theirs = [entry for entry in entries if NEIGHBOURS.search(f"{entry['Names']} {entry['Labels']}")]
    return frozenset(mount for entry in theirs for mount in entry["Mounts"].split(","))


def _interfaces() -> frozenset[str]:
    """Return what the deployment plugs together; bridges of Docker networks have no alias and count as networks."""
    links = json.loads("".join(_run("ip", "-json", "link", "show")))
    return frozenset(link["ifname"] for link in links if link.get("ifalias", "").startswith("localcloud e2e "))
