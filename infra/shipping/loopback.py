"""The registry on the droplet's loopback, reached through SSH, so that only missing layers travel."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncssh
import httpx

from infra.errors import ShippingError
from infra.shipping.docker import docker

REGISTRY_PORT = 5000
SHIPPING_LOCK = "/srv/slipway/shipping.lock"
MANIFEST_TYPES = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"


async def send(
    connection: asyncssh.SSHClientConnection, address: str, references: Sequence[str]
) -> list[tuple[str, str]]:
    """Push local images side by side; return each one's id and the reference to fetch it by on the droplet."""
    port = _local_port(address)
    listener = await connection.forward_local_port("127.0.0.1", port, "127.0.0.1", REGISTRY_PORT)
    async with listener, _held(connection):
        sent = await asyncio.gather(*(_push(reference, listener.get_port()) for reference in references))
    return list(sent)


@asynccontextmanager
async def _held(connection: asyncssh.SSHClientConnection) -> AsyncIterator[None]:
    """Keep the droplet from collecting layers that have arrived while their image has not; see rollout/registry.py."""
    command = f"flock --shared {SHIPPING_LOCK} sh -c 'echo held; cat'"
    async with connection.create_process(command) as holder:
        said = await holder.stdout.readline()
        if not said:
            raise ShippingError(f"the droplet's {SHIPPING_LOCK} can't be taken: {(await holder.stderr.read()).strip()}")
        yield
        holder.stdin.write_eof()


def _local_port(address: str) -> int:
    """Choose a port that stays the same for a droplet: Docker remembers per registry what it has pushed."""
    preferred = 20000 + zlib.crc32(address.encode()) % 10000
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            return 0
    return preferred


async def _push(reference: str, port: int) -> tuple[str, str]:
    remote = f"127.0.0.1:{port}/{reference}"
    await asyncio.to_thread(docker, ["tag", reference, remote])
    try:
        await asyncio.to_thread(docker, ["push", "--quiet", remote])
    finally:
        await asyncio.to_thread(docker, ["image", "rm", "--no-prune", remote])
    manifest, digest = await _manifest(port, reference)
    sys.stderr.write(f"shipped {reference}\n")
    return manifest["config"]["digest"], f"127.0.0.1:{REGISTRY_PORT}/{reference.partition(':')[0]}@{digest}"


async def _manifest(port: int, reference: str) -> tuple[dict[str, Any], str]:
    repository, _, tag = reference.partition(":")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        answer = await client.get(f"/v2/{repository}/manifests/{tag}", headers={"Accept": MANIFEST_TYPES})
    if answer.status_code != httpx.codes.OK:
        raise ShippingError(f"the droplet's registry answered {answer.status_code} for {reference} just after the push")
    return json.loads(answer.content), answer.headers["Docker-Content-Digest"]
