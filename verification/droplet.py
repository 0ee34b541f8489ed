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
from verification.errors import DropletUnreachable

ROOT = "/srv/slipway"
SESSION_KEPT_S = 20


@dataclass
class Droplet:
    """A testinfra host with the questions that more than one check asks."""

    host: Any

    def run(self, command: str) -> str:
        """Return the stdout of a command that must succeed; raises DropletUnreachable with what it said."""
        result = self.attempt(command)
        if result.rc != 0:
            raise DropletUnreachable(f"`{command}` ended with {result.rc} on the droplet: {result.stderr.strip()}")
        return str(result.stdout)

    def attempt(self, command: str) -> Any:
        """Run a command that may fail; the result has rc, stdout and stderr."""
        try:
            return self.host.run(command)
        except RuntimeError as error:
            raise DropletUnreachable(f"SSH to the droplet failed: {error}") from error

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
        """Return the running container of a compose service."""
        for container in self.containers:
            if container["Config"]["Labels"].get("com.docker.compose.service") == service:
                return container
        raise DropletUnreachable(f"no running container belongs to service '{service}'")

    def inside(self, service: str, command: str) -> str:
        """Run a shell command in a service's container."""
        identity = self.container(service)["Id"]
        return self.run(f"docker exec {identity} sh -c {shlex.quote(command)}")

    @cached_property
    def secret_values(self) -> list[str]:
        """Every secret of the serving release; for comparing in memory only."""
        found = f"find {ROOT}/current/secrets/ {ROOT}/secrets/ -type f"
        script = f"{found} | while read -r file; do base64 -w0 $file; echo; done"
        texts = [base64.b64decode(line).decode().strip() for line in self.run(script).split()]
        return sorted({value for text in texts for value in text.splitlines() if len(value) >= 8})


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
