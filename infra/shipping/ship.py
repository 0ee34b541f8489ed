"""Brings the images that the droplet lacks to it; what has arrived stays and isn't sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncssh

from infra.errors import ShippingError
from infra.shipping import loopback, registry
from infra.shipping.docker import image_id
from infra.shipping.registry import Registry

CONNECT_TIMEOUT_S = 20


@dataclass(frozen=True)
class Order:
    """What to ship where; `host_key` is the droplet's public key, pinned.

    `registry` holds the fields of a Registry; without it, images go into the droplet's own.
    """

    address: str
    private_key: str = field(repr=False)
    host_key: str
    images: Sequence[dict[str, str]]
    registry: dict[str, str] | None = field(default=None, repr=False)


async def ship(order: Order) -> dict[str, dict[str, str]]:
    """Make every image of the order available on the droplet; return `{name: {ref, id, pull, variable}}`.

    `pull` is the reference to fetch it by on the droplet, empty when the droplet has it already. Raises
    ShippingError when the droplet can't be reached or a push fails.
    """
    async with await _connect(order) as connection:
        present = await _present(connection, [image["ref"] for image in order.images])
        missing = [image for image in order.images if image["ref"] not in present]
        found = {image["name"]: (present[image["ref"]], "") for image in order.images if image["ref"] in present}
        if missing:
            await asyncio.to_thread(_check_here, missing)
            sent = await _send(order, connection, missing)
            found |= {image["name"]: entry for image, entry in zip(missing, sent, strict=True)}
    return {image["name"]: _entry(image, *found[image["name"]]) for image in sorted(order.images, key=_name)}


async def _send(
    order: Order, connection: asyncssh.SSHClientConnection, missing: Sequence[dict[str, str]]
) -> list[tuple[str, str]]:
    """Send what is missing; return each image's id on the droplet and the reference to fetch it by there."""
    references = [image["ref"] for image in missing]
    if order.registry:
        return await registry.send(connection, Registry(**order.registry), references)
    return await loopback.send(connection, order.address, references)


def _check_here(images: Sequence[dict[str, str]]) -> None:
    for image in images:
        if image_id(image["ref"]) is None:
            raise ShippingError(
                f"image {image['ref']} is neither on this machine nor on the droplet.\n"
                f"Build it again: pulumi up --replace '**build-{image['name']}'"
            )


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


def _name(image: dict[str, str]) -> str:
    return image["name"]


def _entry(image: dict[str, str], identity: str, pull: str) -> dict[str, str]:
    return {"ref": image["ref"], "id": identity, "pull": pull, "variable": image["variable"]}
