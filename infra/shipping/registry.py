"""Any registry: this machine pushes to it, the droplet pulls from it; the password stays on neither disk."""

from __future__ import annotations

import asyncio
import base64
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncssh

from infra.errors import ShippingError
from infra.shipping.docker import docker

# Reads Docker's config.json on stdin, so that neither arguments nor environment tell the password.
_PULL = """set -eu
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/config.json"
docker --config "$folder" pull --quiet {remote} >&2
docker tag {remote} {reference}
docker image inspect --format '{{{{.Id}}}}' {reference}
"""


@dataclass(frozen=True)
class Registry:
    """Where images are kept, like `registry.example.com/shop`, and who signs in; no user: nobody does."""

    address: str
    user: str = ""
    password: str = field(default="", repr=False)

    def docker_config(self) -> str:
        """Return a config.json that signs in to this registry and to no other.

        Source: https://docs.docker.com/reference/cli/docker/login/#credential-stores
        """
        if not self.user:
            return "{}"
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return json.dumps({"auths": {self.address.partition("/")[0]: {"auth": token}}})


async def send(
    connection: asyncssh.SSHClientConnection, registry: Registry, references: Sequence[str]
) -> list[tuple[str, str]]:
    """Push local images and have the droplet pull them; return each one's id there, and no reference to fetch it by."""
    with _signed_in(registry) as folder:
        return await asyncio.gather(*(_through(connection, registry, folder, each) for each in references))


@contextmanager
def _signed_in(registry: Registry) -> Iterator[Path]:
    with TemporaryDirectory(prefix="slipway-registry-") as name:
        folder = Path(name)
        (folder / "config.json").touch(mode=0o600)
        (folder / "config.json").write_text(registry.docker_config())
        yield folder


async def _through(
    connection: asyncssh.SSHClientConnection, registry: Registry, folder: Path, reference: str
) -> tuple[str, str]:
    remote = f"{registry.address}/{reference}"
    await asyncio.to_thread(docker, ["tag", reference, remote])
    try:
        await asyncio.to_thread(docker, ["--config", str(folder), "push", "--quiet", remote])
    finally:
        await asyncio.to_thread(docker, ["image", "rm", "--no-prune", remote])
    script = _PULL.format(remote=shlex.quote(remote), reference=shlex.quote(reference))
    pulled = await connection.run(f"sh -c {shlex.quote(script)}", input=registry.docker_config())
    if pulled.exit_status != 0:
        raise ShippingError(
            f"the droplet can't pull {remote}:\n{str(pulled.stderr).strip()}\n"
            "May slipway:registryUser read there, and does the droplet reach it?"
        )
    sys.stderr.write(f"shipped {reference} through {registry.address}\n")
    return str(pulled.stdout).split()[-1], ""
