"""This machine: what the command line, the builds and the local cloud need of it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from slipway.doctor.finding import Area, Finding
from slipway.environment import LOCAL
from slipway.project import Project
from toolchain.environment import PulumiTools, find_pulumi
from toolchain.plugins.versions import required_plugins
from toolchain.settings import read_settings

MACHINE = Area("machine")
OLDEST_PYTHON = (3, 11)
MIN_FREE_DISK_GB, GOOD_FREE_DISK_GB = 4, 12
MIN_FREE_MEMORY_GB = 3
TOOL_TIMEOUT_S = 20
MACHINES = "see docs/machines.md"


@dataclass(frozen=True)
class Machine:
    """Where the facts of a machine are read; tests put others in their place."""

    project: Project
    stack: str
    environment: Mapping[str, str]
    os_release: Path = Path("/etc/os-release")
    meminfo: Path = Path("/proc/meminfo")
    groups: Path = Path("/sys/fs/cgroup")
    python: tuple[int, ...] = tuple(sys.version_info[:3])
    is_root: bool = os.geteuid() == 0

    @property
    def is_local(self) -> bool:
        """Whether the machine has to play the cloud as well."""
        return self.stack == LOCAL


def look_at_machine(machine: Machine) -> Iterator[Finding]:
    """Look at everything."""
    yield system(machine)
    yield python(machine)
    yield docker(lambda argv: _run(argv, machine.environment))
    yield disk(machine.project.root)
    yield memory(machine)
    yield ssh_client(machine.environment)
    tools = find_pulumi(read_settings(machine.project.root, machine.environment))
    yield pulumi(tools, lambda argv: _run(argv, machine.environment))
    yield plugins(tools, Path(sysconfig.get_path("purelib")))


def system(machine: Machine) -> Finding:
    """The local cloud is proved on Debian; the rest runs wherever Python and Docker do."""
    if platform.system() != "Linux" or not machine.os_release.is_file():
        said = f"{platform.system()} {platform.release()}"
        if machine.is_local:
            return MACHINE.fault("system", f"{said}: the local cloud needs Linux", f"use a Debian machine; {MACHINES}")
        return MACHINE.well("system", said)
    rows = dict(line.split("=", 1) for line in machine.os_release.read_text().splitlines() if "=" in line)
    name = rows.get("PRETTY_NAME", "Linux").strip('"')
    is_debian = "debian" in f"{rows.get('ID', '')} {rows.get('ID_LIKE', '')}"
    if machine.is_local and not is_debian:
        return MACHINE.warning("system", f"{name}: `make up` is proved on Debian 12 alone", MACHINES)
    return MACHINE.well("system", f"{name}, {platform.machine()}")


def python(machine: Machine) -> Finding:
    """The environment's interpreter."""
    version = ".".join(map(str, machine.python))
    if machine.python[:2] < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return MACHINE.fault(
            "python", f"{version} is older than {wanted}", f"apt-get install python{wanted}, make environment"
        )
    return MACHINE.well("python", version)


Run = Callable[[list[str]], str | None]


def docker(run: Run) -> Finding:
    """Images are built by the Docker engine of this machine, for every stack."""
    version = run(["docker", "version", "--format", "{{.Server.Version}}"])
    if version is None:
        return MACHINE.fault("docker", "no Docker engine answers this user", "make machine")
    if run(["docker", "buildx", "version"]) is None:
        return MACHINE.fault("docker", f"{version}, without its plugin buildx", "make machine")
    return MACHINE.well("docker", version)


def disk(folder: Path) -> Finding:
    """Images, caches and, for the local cloud, whole disks of droplets lie here."""
    free = shutil.disk_usage(folder).free / 2**30
    said = f"{free:.0f} GB free"
    if free < MIN_FREE_DISK_GB:
        return MACHINE.fault("disk", f"{said}: a build needs {MIN_FREE_DISK_GB}", "docker builder prune")
    if free < GOOD_FREE_DISK_GB:
        return MACHINE.warning("disk", f"{said}: that will not last", "docker builder prune")
    return MACHINE.well("disk", said)


def memory(machine: Machine) -> Finding:
    """A local droplet lives in this machine's memory."""
    if not machine.meminfo.is_file():
        return MACHINE.skipped("memory", "this system doesn't tell")
    rows = dict(line.split(":", 1) for line in machine.meminfo.read_text().splitlines() if ":" in line)
    free = int(rows["MemAvailable"].split()[0]) / 2**20
    said = f"{free:.1f} GB available"
    if machine.is_local and free < MIN_FREE_MEMORY_GB:
        mend = "end what you don't need, or: slipway local stop"
        return MACHINE.warning("memory", f"{said}: a local droplet takes up to 4", mend)
    return MACHINE.well("memory", said)


def ssh_client(environment: Mapping[str, str]) -> Finding:
    """Every look at the droplet goes by SSH."""
    found = shutil.which("ssh", path=environment.get("PATH"))
    if found is None:
        return MACHINE.fault("ssh", "there is no ssh on PATH", "apt-get install openssh-client")
    return MACHINE.well("ssh", found)


def pulumi(tools: PulumiTools | None, run: Run) -> Finding:
    """The CLI that everything is deployed with."""
    if tools is None:
        return MACHINE.fault("pulumi", "there is none, neither on PATH nor in this checkout", "make machine")
    version = run([str(tools.pulumi), "version"])
    if version is None:
        return MACHINE.fault("pulumi", f"{tools.pulumi} doesn't run", "rm -rf .slipway/bin, make machine")
    how = {"path": "yours", "built": "built here", "downloaded": "downloaded for this checkout"}[tools.origin]
    return MACHINE.well("pulumi", f"{version}, {how}")


def plugins(tools: PulumiTools | None, site_packages: Path) -> Finding:
    """The plugins that the program's packages ask for; where they can be had pulumi fetches them by itself."""
    required = required_plugins(site_packages)
    wanted = ", ".join(f"{plugin.name} {plugin.version}" for plugin in required)
    if tools is None:
        return MACHINE.skipped("plugins", "there is no pulumi to have them")
    if tools.pulumi_home is None or tools.origin != "built":
        return MACHINE.well("plugins", f"{wanted}: pulumi fetches what it lacks")
    folder = tools.pulumi_home / "plugins"
    lacking = [p.name for p in required if not (folder / f"resource-{p.name}-v{p.version.removeprefix('v')}").is_dir()]
    if lacking:
        return MACHINE.fault("plugins", f"{', '.join(lacking)} is not installed in {folder}", "make machine")
    return MACHINE.well("plugins", wanted)


def _run(argv: list[str], environment: Mapping[str, str]) -> str | None:
    """Return what a tool says; None when it isn't there or fails."""
    try:
        done = subprocess.run(
            argv, env=dict(environment), capture_output=True, text=True, timeout=TOOL_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
