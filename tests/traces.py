"""What deployments leave on a machine: containers, networks, volumes, loop devices, mounts, processes, interfaces."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, fields


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
    def now(cls) -> Traces:
        """Look at the machine."""
        return cls(
            containers=_lines("docker", "ps", "--all", "--format", "{{.Names}}"),
            networks=_lines("docker", "network", "ls", "--format", "{{.Name}}"),
            volumes=_lines("docker", "volume", "ls", "--format", "{{.Name}}"),
            loop_devices=_lines("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE"),
            mounts=frozenset(line.split()[1] for line in _lines("cat", "/proc/mounts") if "/slipway/" in line),
            processes=frozenset(line for line in _lines("ps", "-eo", "args") if "localcloud" in line),
            interfaces=frozenset(
                line.split("@")[0].split()[0] for line in _lines("ip", "-br", "link") if line[:2] == "lc"
            ),
        )

    def beyond(self, before: Traces) -> dict[str, frozenset[str]]:
        """Return what is there now and wasn't then, by kind; empty when nothing is left."""
        names = [field.name for field in fields(self)]
        return {name: new for name in names if (new := getattr(self, name) - getattr(before, name))}


def _lines(*argv: str) -> frozenset[str]:
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return frozenset(line.strip() for line in said.splitlines() if line.strip())
