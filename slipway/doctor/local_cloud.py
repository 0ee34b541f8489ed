"""This machine as a cloud: what the local cloud needs of it beyond what every stack does."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping

from localcloud.settings import CONFIG_FILE, load_settings
from slipway.doctor.finding import Finding
from slipway.doctor.machine import MACHINE, Machine
from slipway.project import Project

API_PORT = 8190


def look_at_local_cloud(machine: Machine) -> Iterator[Finding]:
    """Look at everything."""
    yield root(machine)
    yield cgroups(machine)
    yield api_port(machine.project, machine.environment)


def root(machine: Machine) -> Finding:
    """The local cloud makes networks, mounts and loop devices."""
    if not machine.is_root:
        return MACHINE.fault("root", "the local cloud has to run as root", "sudo -E env PATH=$PATH make up")
    return MACHINE.well("root", "yes")


def cgroups(machine: Machine) -> Finding:
    """A droplet's systemd needs control groups of its own."""
    if (machine.groups / "cgroup.controllers").exists():
        return MACHINE.well("cgroups", "v2")
    if (machine.groups / "memory").is_dir():
        return MACHINE.well("cgroups", "v1")
    mend = "mount -t cgroup2 cgroup2 /sys/fs/cgroup, or a machine that has them"
    return MACHINE.fault("cgroups", f"none under {machine.groups}: no droplet can boot", mend)


def api_port(project: Project, environment: Mapping[str, str]) -> Finding:
    """The local cloud's API listens here, or could."""
    is_made = (project.local_cloud / CONFIG_FILE).is_file()
    given = int(environment.get("SLIPWAY_LOCAL_PORT", API_PORT))
    port = load_settings(project.local_cloud).api_port if is_made else given
    with socket.socket() as probe:
        answers = probe.connect_ex(("127.0.0.1", port)) == 0
    if is_made:
        if answers:
            return MACHINE.well("cloud", f"the local cloud answers on port {port}")
        return MACHINE.fault("cloud", f"the local cloud doesn't answer on port {port}", "slipway local start")
    if answers:
        mend = f"ss -ltnp 'sport = :{port}' names who; or: export SLIPWAY_LOCAL_PORT=8290"
        return MACHINE.fault("port", f"something else listens on port {port}", mend)
    return MACHINE.well("port", f"{port} is free for the local cloud")
