"""The droplet, reached by SSH with its host key pinned."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from slipway.errors import DeployFailed, Locked, SlipwayError, Unreachable
from slipway.facts import Facts

ENGINE = "/srv/slipway/engine/rollout.pyz"
CONNECT_TIMEOUT_S = 10
SSH_FAILED = 255


def ssh_argv(facts: Facts, *, terminal: bool = False) -> list[str]:
    """Build the argv that opens a session on the deployment's droplet."""
    options = [
        "BatchMode=yes",
        f"ConnectTimeout={CONNECT_TIMEOUT_S}",
        "IdentitiesOnly=yes",
        "StrictHostKeyChecking=yes",
        f"UserKnownHostsFile={facts.known_hosts}",
        "GlobalKnownHostsFile=/dev/null",
        "LogLevel=ERROR",
    ]
    argv = ["ssh", "-p", str(facts.ssh_port)]
    for option in options:
        argv += ["-o", option]
    if facts.ssh_key is not None:
        argv += ["-i", str(facts.ssh_key)]
    return [*argv, *(["-t"] if terminal else []), f"{facts.ssh_user}@{facts.address}"]


def engine_argv(facts: Facts, arguments: Sequence[str]) -> list[str]:
    """Build the argv that runs one verb of the rollout engine on the droplet."""
    return [*ssh_argv(facts), shlex.join(["python3", ENGINE, *arguments])]


def ask_engine(facts: Facts, *arguments: str, timeout_s: float = 60) -> dict[str, Any]:
    """Run one verb of the engine and return its JSON result (the last line it prints).

    Raises Unreachable, Locked, or DeployFailed with the engine's own message.
    """
    what = f"`{' '.join(arguments)}`"
    return _last_line(facts, what, engine_argv(facts, [*arguments, "--json"]), timeout_s=timeout_s)


def ask_droplet(facts: Facts, program: Path, *, timeout_s: float = 60) -> dict[str, Any]:
    """Run one of on_droplet/'s programs, sent on stdin, and return the JSON that it prints; raises as `ask_engine`."""
    argv = [*ssh_argv(facts), "python3 -"]
    return _last_line(facts, program.name, argv, timeout_s=timeout_s, stdin=program.read_text())


def _last_line(facts: Facts, what: str, argv: Sequence[str], *, timeout_s: float, stdin: str = "") -> dict[str, Any]:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout_s, check=False, input=stdin)
    except subprocess.TimeoutExpired as error:
        raise Unreachable(f"{facts.address} didn't finish {what} in {timeout_s:.0f} s") from error
    if done.returncode != 0:
        raise failure(facts, done.returncode, _message(done.stderr) or done.stdout.strip())
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def _message(stderr: str) -> str:
    """Cut the engine's own `error: ` off its message; whoever shows it says so again."""
    _, found, message = stderr.strip().rpartition("error: ")
    return message if found else stderr.strip()


def failure(facts: Facts, code: int, text: str) -> SlipwayError:
    """Turn an exit code of a remote command into the error that a caller can act on."""
    if code == SSH_FAILED:
        return Unreachable(
            f"SSH to {facts.ssh_user}@{facts.address}:{facts.ssh_port} failed: {text}\n"
            "Is the droplet on, and your address inside slipway:operatorNetworks? "
            f"Look: slipway doctor -s {facts.stack}"
        )
    if code == Locked.exit_code:
        return Locked(text)
    return DeployFailed(text)
