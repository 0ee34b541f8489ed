"""Containers of a run, each on a core of its own choosing, and what they cost in processor time."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NETWORK = "slipway-bench"
LABEL = "slipway.bench"
SERVER_CORE, LOAD_CORE = "0", "1"  # what is measured; what it is measured with, and the database
HARDENED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true")  # noqa: S108
LOGGED = ("--log-driver", "json-file", "--log-opt", "max-size=10m", "--log-opt", "max-file=3")
READY_S = 60.0


class NotReady(Exception):
    """A server did not answer in time; the message has the end of its log."""


def docker(*words: str) -> str:
    """Run docker and return its output; what it said is part of the failure."""
    environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"docker {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


@dataclass(frozen=True)
class Container:
    """One running container."""

    name: str
    address: str

    def run(self, *command: str) -> str:
        """Run a command inside as root and return its output."""
        return docker("exec", "--user", "0", self.name, *command)

    def log(self) -> str:
        """Return the end of what it wrote."""
        done = subprocess.run(
            ["docker", "logs", "--tail", "20", self.name], capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def busiest(self) -> int:
        """Return the process that has had most of the processor: the worker, not its parents."""
        return max(self.processes(), key=lambda pid: cpu_s_of(Path(f"/proc/{pid}/stat").read_text()))

    def processes(self) -> list[int]:
        """Return its processes by their ids on this machine."""
        return [int(line) for line in docker("top", self.name, "-eo", "pid").splitlines()[1:]]

    def cpu_s(self) -> float:
        """Return the processor seconds that its processes have had."""
        return sum(cpu_s_of(Path(f"/proc/{pid}/stat").read_text()) for pid in self.processes())

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Wait for it to serve; raise `NotReady` if it does not."""
        end = time.monotonic() + READY_S
        while not is_ready():
            if time.monotonic() > end:
                raise NotReady(f"{self.name} did not answer within {READY_S:.0f} s:\n{self.log()}")
            time.sleep(0.1)


def cpu_s_of(stat: str) -> float:
    """Return the seconds in user and system mode from a line of `/proc/<pid>/stat`."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(name: str, core: str, image: str, options: Sequence[str], command: Sequence[str]) -> Iterator[Container]:
    """Start a container on a core and remove it, with its volumes, at the end."""
    whole = f"{NETWORK}-{name}"
    placed = ("--name", whole, "--label", LABEL, "--network", NETWORK, "--network-alias", name, "--cpuset-cpus", core)
    try:
        docker("run", "--detach", "--init", *placed, *options, image, *command)
        form = f'{{{{(index .NetworkSettings.Networks "{NETWORK}").IPAddress}}}}'
        yield Container(whole, docker("inspect", "--format", form, whole))
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", whole], capture_output=True, check=False)


@contextmanager
def network() -> Iterator[None]:
    """Make the network of a run, free of what a run that was killed left behind."""
    clear()
    docker("network", "create", "--label", LABEL, NETWORK)
    try:
        yield
    finally:
        clear()


def clear() -> None:
    """Remove every container and network of such runs."""
    for kind, remove in (("ps", ("rm", "--force", "--volumes")), ("network", ("network", "rm"))):
        listing = ("ps", "--all") if kind == "ps" else ("network", "ls")
        found = docker(*listing, "--quiet", "--filter", f"label={LABEL}").split()
        if found:
            docker(*remove, *found)
