"""Run the host's tools inside a droplet's network namespace."""

import subprocess
from collections.abc import Sequence

from localcloud.machines.commands import attempt, run


def entering(pid: int, command: Sequence[str]) -> list[str]:
    """Build the command that runs another one in the process's network namespace."""
    return ["nsenter", "--target", str(pid), "--net", *command]


def in_netns(pid: int, command: Sequence[str], stdin: str | None = None) -> str:
    """Run a command in the process's network namespace and return its output."""
    return run(entering(pid, command), stdin=stdin)


def attempt_in_netns(pid: int, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command whose failure is an answer in the process's network namespace."""
    return attempt(entering(pid, command))
