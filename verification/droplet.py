"""The droplet as the checks and the collector ask it: one command at a time over one SSH session."""

from __future__ import annotations

import base64
import json
import os
import shlex
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import testinfra

from verification.deployment import Deployment
from verification.errors import CommandFailed, DropletUnreachable

ROOT = "/srv/slipway"
SESSION_KEPT_S = 20
# A command that hangs, such as the log of a container whose file was cut, must not hold up all the others.
LONGEST_COMMAND_S = 90
TIMED_OUT = 124
SHORTEST_SECRET = 8


@dataclass
class Droplet:
    """A testinfra host with the questions that more than one check asks."""

    host: Any
    has_answered: bool = False
    silence: str | None = None  # why it never answered; asking again would only wait again

    def run(self, command: str) -> str:
        """Return the stdout of a command that must succeed.

        Raises CommandFailed with what it said, or DropletUnreachable.
        """
        result = self.attempt(command)
        if result.rc != 0:
            raise CommandFailed(f"`{command}` ended with {result.rc} on the droplet: {result.stderr.strip()}")
        return str(result.stdout)

    def attempt(self, command: str) -> Any:
        """Run a command that may fail; the result has rc, stdout and stderr. Raises CommandFailed if it hangs."""
        if self.silence:
            raise DropletUnreachable(self.silence)
        try:
            result = self.host.run(f"timeout --kill-after=5 {LONGEST_COMMAND_S} sh -c {shlex.quote(command)}")
        except RuntimeError as error:
            message = f"SSH to the droplet failed: {_words(error)}"
            if not self.has_answered:
                self.silence = message
            raise DropletUnreachable(message) from error
        self.has_answered = True
        if result.rc == TIMED_OUT:
            raise CommandFailed(f"`{command}` hasn't ended after {LONGEST_COMMAND_S} s on the droplet")
        return result

    @cached_property
    def release(self) -> str:
        """The id of the serving release."""
        return self.run(f"basename $(readlink -f {ROOT}/current)").strip()

    @cached_property
    def containers(self) -> list[dict[str, Any]]:
        """`docker inspect` of every running container."""
        identities = self.run("docker ps --quiet").split()
        found: list[dict[str, Any]] = json.loads(self.run(f"docker inspect {' '.join(identities)}"))
        return found

    def container(self, service: str) -> dict[str, Any]:
        """Return the running container of a compose service; raises CommandFailed when there is none."""
        for container in self.containers:
            if container["Config"]["Labels"].get("com.docker.compose.service") == service:
                return container
        raise CommandFailed(f"no running container belongs to service '{service}'")

    def inside(self, service: str, command: str) -> str:
        """Run a shell command in a service's container."""
        return self.run(f"docker exec {self.container(service)['Id']} sh -c {shlex.quote(command)}")

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Every secret of the serving release by the file and line that holds it; for comparing in memory only."""
        found = f"find {ROOT}/current/secrets/ {ROOT}/secrets/ -type f"
        script = f"{found} | while read -r file; do echo $file $(base64 -w0 $file); done"
        named: dict[str, str] = {}
        for line in self.run(script).splitlines():
            file, _, encoded = line.partition(" ")
            values = base64.b64decode(encoded).decode().splitlines()
            for number, value in enumerate(values, 1):
                name = file.rpartition("/secrets/")[2] + (f", line {number}" if len(values) > 1 else "")
                if len(value.strip()) >= SHORTEST_SECRET and value.strip() not in named.values():
                    named[name] = value.strip()
        return named


def _words(error: RuntimeError) -> str:
    """Return what ssh said; testinfra's own message is the whole result."""
    said = getattr(error.args[0], "stderr", None) if error.args else None
    return str(said or error).strip()


def _control_path(deployment: Deployment) -> Path:
    """Choose a socket of this user's own; its path must stay under 100 characters and free of `%`."""
    return Path(tempfile.gettempdir()) / f"slipway-ssh-{os.getuid()}-{deployment.address}"


def connect(deployment: Deployment) -> Droplet:
    """Open the droplet; nothing is sent before the first command."""
    host = testinfra.get_host(
        f"ssh://{deployment.ssh_user}@{deployment.address}:{deployment.ssh_port}",
        ssh_identity_file=None if deployment.ssh_key is None else str(deployment.ssh_key),
        ssh_extra_args=shlex.join(deployment.ssh_options()),
        controlpersist=SESSION_KEPT_S,
        controlpath=str(_control_path(deployment)),
    )
    return Droplet(host)
