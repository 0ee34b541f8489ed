"""Brings images to the droplet: through SSH into a registry on its loopback, so that only missing layers travel."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncssh
import httpx

from infra.errors import ShippingError
from infra.shipping.docker import docker, image_id

REGISTRY_PORT = 5000
SHIPPING_LOCK = "/srv/slipway/shipping.lock"
CONNECT_TIMEOUT_S = 20
MANIFEST_TYPES = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"


@dataclass(frozen=True)
class Order:
    """What to ship where; `host_key` is the droplet's public key, pinned."""

    address: str
    private_key: str = field(repr=False)
    host_key: str
    images: Sequence[dict[str, str]]


async def ship(order: Order) -> dict[str, dict[str, str]]:
    """Make every image of the order available on the droplet; return `{name: {ref, id, pull, variable}}`.

    `pull` is the reference to fetch it by on the droplet, empty when the droplet has it already. Raises
    ShippingError when the droplet can't be reached or a push fails; what has arrived stays and isn't sent again.
    """
    async with await _connect(order) as connection:
        present = await _present(connection, [image["ref"] for image in order.images])
        missing = [image for image in order.images if image["ref"] not in present]
        shipped = {
            image["name"]: _entry(image, present[image["ref"]], "") for image in order.images if image["ref"] in present
        }
        if missing:
            port = _local_port(order.address)
            listener = await connection.forward_local_port("127.0.0.1", port, "127.0.0.1", REGISTRY_PORT)
            async with listener, _held(connection):
                pushed = await asyncio.gather(*(_push(image, listener.get_port()) for image in missing))
            shipped.update({image["name"]: entry for image, entry in zip(missing, pushed, strict=True)})
    return dict(sorted(shipped.items()))


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


async def _connect(order: Order) -> asyncssh.SSHClientConnection:
    known = asyncssh.import_known_hosts(f"{order.address} {order.host_key}\n")
    key = asyncssh.import_private_key(order.private_key)
    try:
        return await asyncssh.connect(
            order.address,
            username="root",
            client_keys=[key],
            known_hosts=known,
            config=None,
            agent_path=None,
            connect_timeout=CONNECT_TIMEOUT_S,
            keepalive_interval=15,
        )
    except (OSError, TimeoutError, asyncssh.Error) as error:
        cause = str(error) or "no answer"
        raise ShippingError(
            f"SSH to root@{order.address}:22 failed: {cause}.\n"
            "The images were not shipped; what is serving goes on serving.\n"
            "Is your address inside slipway:operatorNetworks, and does the key match slipway:sshKeyFile?"
        ) from error


async def _present(connection: asyncssh.SSHClientConnection, references: Sequence[str]) -> dict[str, str]:
    """Ask the droplet's engine which images it has: `{reference: id}`."""
    listed = await connection.run("docker image ls --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}'")
    if listed.exit_status != 0:
        raise ShippingError(f"the droplet's Docker doesn't answer: {str(listed.stderr).strip()}")
    known = dict(line.split(" ", 1) for line in str(listed.stdout).splitlines())
    return {reference: known[reference] for reference in references if reference in known}


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


async def _push(image: dict[str, str], port: int) -> dict[str, str]:
    if image_id(image["ref"]) is None:
        raise ShippingError(
            f"image {image['ref']} is neither on this machine nor on the droplet.\n"
            f"Build it again: pulumi up --replace '**build-{image['name']}'"
        )
    remote = f"127.0.0.1:{port}/{image['ref']}"
    await asyncio.to_thread(docker, ["tag", image["ref"], remote])
    try:
        await asyncio.to_thread(docker, ["push", "--quiet", remote])
    finally:
        await asyncio.to_thread(docker, ["image", "rm", "--no-prune", remote])
    manifest, digest = await _manifest(port, image["ref"])
    repository = image["ref"].partition(":")[0]
    pull = f"127.0.0.1:{REGISTRY_PORT}/{repository}@{digest}"
    sys.stderr.write(f"shipped {image['ref']}\n")
    return _entry(image, manifest["config"]["digest"], pull)


async def _manifest(port: int, reference: str) -> tuple[dict[str, Any], str]:
    repository, _, tag = reference.partition(":")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        answer = await client.get(f"/v2/{repository}/manifests/{tag}", headers={"Accept": MANIFEST_TYPES})
    if answer.status_code != httpx.codes.OK:
        raise ShippingError(f"the droplet's registry answered {answer.status_code} for {reference} just after the push")
    return json.loads(answer.content), answer.headers["Docker-Content-Digest"]


def _entry(image: dict[str, str], identity: str, pull: str) -> dict[str, str]:
    return {"ref": image["ref"], "id": identity, "pull": pull, "variable": image["variable"]}
