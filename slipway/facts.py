"""The facts of a deployment, as `pulumi up` leaves them: in a file here, and in the stack's outputs everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slipway.asking import ask_pulumi
from slipway.environment import stack_environment
from slipway.errors import ConfigurationFault, NotDeployed
from slipway.project import Project
from toolchain.errors import ToolMissing

GIVEN_KEY = "slipway:sshPrivateKey"


@dataclass(frozen=True)
class Facts:
    """Where a deployment is and how to reach it; paths are absolute."""

    stack: str
    site: str
    domain: str
    address: str
    ssh_user: str
    ssh_port: int
    ssh_key: Path | None
    known_hosts: Path
    ca_file: Path | None
    do_api_url: str
    dns_server: str | None
    guarded_hosts: tuple[str, ...]
    release: str

    def url_of(self, label: str) -> str:
        """Return where a guarded host answers."""
        return f"https://{label}.{self.domain}"


def read_facts(project: Project, stack: str) -> Facts:
    """Read the facts of a stack; raises NotDeployed when there are none.

    What another machine deployed, a runner of a pipeline for instance, is read from the stack's outputs once.
    """
    file = project.facts_file(stack)
    try:
        raw = json.loads(file.read_text())
    except FileNotFoundError:
        raw = _fetch(project, stack)
    except json.JSONDecodeError as error:
        raise ConfigurationFault(f"{file} is damaged ({error}); `pulumi up -s {stack}` writes it again") from error
    return _facts(project, raw)


def _facts(project: Project, raw: Mapping[str, Any]) -> Facts:
    ssh = raw["ssh"]
    return Facts(
        stack=raw["stack"],
        site=raw["site"],
        domain=raw["domain"],
        address=raw["address"],
        ssh_user=ssh["user"],
        ssh_port=ssh["port"],
        ssh_key=_absolute(project, ssh["key"]) or _given_key(project, raw["stack"]),
        known_hosts=project.root / ssh["known_hosts"],
        ca_file=_absolute(project, raw["ca_file"]),
        do_api_url=raw["do_api_url"],
        dns_server=raw["dns_server"],
        guarded_hosts=tuple(raw.get("guarded_hosts", ())),
        release=raw["release"],
    )


def keep_given_key(project: Project, stack: str, private: str) -> None:
    """Put the operators' key that stands in the configuration where ssh finds it, for nobody else to read."""
    file = project.given_key(stack)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(private)


def _fetch(project: Project, stack: str) -> dict[str, Any]:
    try:
        environment = os.environ | stack_environment(project, stack)
        done = ask_pulumi(["stack", "output", "facts", "--json", "--stack", stack], project.root, environment)
    except (ToolMissing, FileNotFoundError) as error:
        raise NotDeployed(stack) from error
    if done.returncode != 0:
        raise NotDeployed(stack)
    facts: dict[str, Any] = json.loads(done.stdout)
    _write(project, stack, done.stdout)
    if facts["ssh"]["key"] is None:
        given = ask_pulumi(["config", "get", GIVEN_KEY, "--stack", stack], project.root, environment)
        if given.returncode == 0:
            keep_given_key(project, stack, given.stdout.strip() + "\n")
    return facts


def _write(project: Project, stack: str, facts: str) -> None:
    """Have the program's own room write them: importing it here would take every command a second of Pulumi."""
    target = project.facts_file(stack).relative_to(project.root)
    argv = [sys.executable, "-m", "infra.facts", "write", target.as_posix()]
    written = subprocess.run(argv, cwd=project.root, input=facts, text=True, capture_output=True, check=False)
    if written.returncode != 0:
        raise ConfigurationFault(f"The facts of stack '{stack}' can't be written to {target}: {written.stderr.strip()}")


def _given_key(project: Project, stack: str) -> Path | None:
    file = project.given_key(stack)
    return file if file.is_file() else None


def _absolute(project: Project, path: str | None) -> Path | None:
    return None if path is None else project.root / Path(path).expanduser()
