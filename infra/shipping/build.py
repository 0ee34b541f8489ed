"""Obtains images on this machine: builds ours, fetches the official ones."""

from __future__ import annotations

from infra.errors import ShippingError
from infra.shipping.docker import docker, image_id

ID_HEX = 12


def build(order: dict[str, str]) -> dict[str, str]:
    """Build an image from `{name, context, target, variable}`; return `{name, ref, id, variable}`.

    The tag is the image's own id, so that equal content has equal names on every machine.
    """
    working_tag = f"slipway/{order['name']}:building"
    target = ["--target", order["target"]] if order.get("target") else []
    docker(["build", *target, "--tag", working_tag, order["context"]], show=True)
    return _named(order, working_tag, f"slipway/{order['name']}")


def fetch(order: dict[str, str]) -> dict[str, str]:
    """Make sure that the official image `{name, reference, variable}` is here; return it like `build`."""
    if image_id(order["reference"]) is None:
        docker(["pull", order["reference"]], show=True)
    return _named(order, order["reference"], f"slipway/{order['name']}")


def _named(order: dict[str, str], source: str, repository: str) -> dict[str, str]:
    identity = image_id(source)
    if identity is None:
        raise ShippingError(f"image {source} vanished from this engine right after it was made; run the command again")
    reference = f"{repository}:{identity.removeprefix('sha256:')[:ID_HEX]}"
    docker(["tag", source, reference])
    return {"name": order["name"], "ref": reference, "id": identity, "variable": order["variable"]}
