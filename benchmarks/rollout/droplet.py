"""The droplet of a benchmark: reached by plain ssh, asked what its engine did and how much memory was left."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from slipway.facts import read_facts
from slipway.project import Project
from slipway.remote import ssh_argv
from tests.checkout import Checkout

# Looks five times a second until its stdin ends; the memory is counted as the rollout's own preflight counts it.
_WATCH = """
import select, sys
sys.path.insert(0, "/srv/slipway/engine/rollout.pyz")
from rollout.memory import free_memory_mb
first = least = free_memory_mb()
print(flush=True)
while not select.select([sys.stdin], [], [], 0.2)[0]:
    least = min(least, free_memory_mb())
print(first, least)
"""


@dataclass(frozen=True)
class Droplet:
    """One deployed checkout's machine."""

    checkout: Checkout

    @property
    def ssh(self) -> list[str]:
        """The argv that opens a session."""
        return ssh_argv(read_facts(Project(self.checkout.root), "local"))

    def run(self, command: str, *, timeout_s: float = 300) -> str:
        """Run a command there; raises CalledProcessError."""
        done = subprocess.run([*self.ssh, command], capture_output=True, text=True, check=True, timeout=timeout_s)
        return done.stdout

    def last_run(self) -> dict[str, float]:
        """Return the seconds of each step of the last rollout, by its journal."""
        lines = [json.loads(line) for line in self.run("cat /srv/slipway/journal.jsonl").splitlines()]
        (last,) = [line["run"] for line in lines if line["event"] == "begin"][-1:]
        done = (line for line in lines if line["run"] == last and line["event"] == "done")
        return {line["step"]: line["seconds"] for line in done}

    def status(self) -> dict[str, Any]:
        """Return the engine's own status."""
        read: dict[str, Any] = json.loads(self.run("python3 /srv/slipway/engine/rollout.pyz status --json"))
        return read


class Memory:
    """How much less memory was free at the worst moment of the block than before it, in MB."""

    def __init__(self, droplet: Droplet) -> None:
        self.droplet, self.free_before, self.free_least = droplet, 0, 0

    def __enter__(self) -> Self:
        argv = [*self.droplet.ssh, "exec python3 -c '" + _WATCH.replace("'", '"') + "'"]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._process.stdout:
            self._process.stdout.readline()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        said, _ = self._process.communicate()
        self.free_before, self.free_least = (int(word) for word in said.split())

    @property
    def extra(self) -> int:
        """What the block took at its peak."""
        return self.free_before - self.free_least
