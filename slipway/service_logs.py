"""Logs of services, read on the droplet and cleaned of secrets there."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slipway.errors import ConfigurationFault, DeployFailed
from slipway.facts import Facts
from slipway.remote import ssh_argv

HIDE = Path(__file__).with_name("on_droplet") / "hide.py"
ROOT = "/srv/slipway"
RELEASES = f"{ROOT}/releases"
# The rollout's own log of a release: it outlives the release's containers.
ROLLOUT = "rollout"


@dataclass(frozen=True)
class Wanted:
    """Which lines of which services."""

    services: Sequence[str]
    release: str | None = None  # None: the one that serves
    tail: int = 100
    follow: bool = False
    since: str | None = None


def projects_of(status: Mapping[str, Any], wanted: Wanted) -> dict[str, list[str]]:
    """Sort the wanted services by compose project; `rollout` stands for itself.

    `status` is what the engine says of what runs. Raises ConfigurationFault for a service that there isn't, and
    DeployFailed when a release is wanted whose containers are gone.
    """
    known = {str(service["name"]): str(service["project"]) for service in status["services"]}
    unknown = [name for name in wanted.services if name not in known and name != ROLLOUT]
    if unknown:
        choice = ", ".join(sorted({*known, ROLLOUT}))
        raise ConfigurationFault(f"there is no service {', '.join(unknown)}; choose of: {choice}")
    found: dict[str, list[str]] = {}
    for name in wanted.services:
        found.setdefault(ROLLOUT if name == ROLLOUT else known[name], []).append(name)
    serving = f"app-{status['release']}"
    if wanted.release not in (None, status["release"]) and serving in found:
        raise DeployFailed(
            f"The containers of release {wanted.release} are gone, and their logs with them: a release that gives way "
            f"is stopped and removed.\nWhat is kept: slipway logs {ROLLOUT} --release {wanted.release}"
        )
    return found


def remote_command(projects: Mapping[str, Sequence[str]], release: str, wanted: Wanted) -> str:
    """Build the line for the droplet's shell: all projects at once, through the filter that hides secrets."""
    many = sum(len(names) for names in projects.values()) > 1
    parts = [
        _rollout_log(release, wanted) if project == ROLLOUT else _compose_logs(project, names, wanted, named=many)
        for project, names in projects.items()
    ]
    read = " & ".join(parts) + (" & wait" if len(parts) > 1 else "")
    script = f"{{ {read}; }} 2>&1 | python3 -c {shlex.quote(HIDE.read_text())}"
    return shlex.join(["bash", "-o", "pipefail", "-c", script])


def logs_argv(facts: Facts, status: Mapping[str, Any], wanted: Wanted) -> list[str]:
    """Build the argv that prints what is wanted; raises as `projects_of`."""
    release = wanted.release or str(status["release"])
    return [*ssh_argv(facts), remote_command(projects_of(status, wanted), release, wanted)]


def _compose_logs(project: str, services: Sequence[str], wanted: Wanted, *, named: bool) -> str:
    argv = ["docker", "compose", "--ansi", "never", "-p", project, "logs", "--tail", str(wanted.tail)]
    argv += [] if named else ["--no-log-prefix"]
    argv += ["--follow"] if wanted.follow else []
    argv += ["--since", wanted.since] if wanted.since else []
    return shlex.join([*argv, *services])


def _rollout_log(release: str, wanted: Wanted) -> str:
    """Find the log where the rollout left it: with the release, with one that failed, or with one that never came."""
    folder = f"{RELEASES}/{release}"
    files = shlex.join([f"{folder}/rollout.log", f"{folder}.failed/rollout.log", f"{ROOT}/rollout-{release}.log"])
    missing = shlex.quote(f"error: there is no log of release {release}; `slipway releases` lists those that are kept")
    tail = shlex.join(["tail", "-n", str(wanted.tail), *(["-F"] if wanted.follow else [])])
    return f'(file=$(ls {files} 2>/dev/null | head -1); [ "$file" ] || {{ echo {missing}; exit 1; }}; {tail} "$file")'
