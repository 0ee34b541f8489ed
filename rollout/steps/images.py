"""The release's images: here already, or fetched layer by layer from the droplet's own registry."""

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rollout.bundle import Image
from rollout.context import Context
from rollout.docker import Docker
from rollout.errors import RolloutError
from rollout.host import Host
from rollout.steps.base import Step

AT_ONCE = 3
_MANIFESTS = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"
_REGISTRY = re.compile(r"(?P<host>[^/:]+):(?P<port>\d+)/(?P<name>[^@]+)@(?P<digest>sha256:[0-9a-f]{64})")
_FETCHED = re.compile(r"^([0-9a-f]{12}): Pull complete", re.MULTILINE)


@dataclass(frozen=True)
class Fetched:
    """An image that was not here; `size` is None when its registry doesn't tell."""

    image: Image
    size: int | None


class Images(Step):
    """Fetched images stay after a failure: the next try needs them, and `prune` removes what nobody uses."""

    name = "images"

    def do(self, ctx: Context) -> str:
        """Have every image by its id, and its ref naming it."""
        source = ctx.bundle or ctx.manifest()
        return fetch(ctx.docker, source.images, source.limits.pull_timeout_s)


def fetch(docker: Docker, images: Sequence[Image], timeout_s: int) -> str:
    """Fetch what is missing, several at once; returns how many were here, how many came, and how much that was."""
    here = docker.image_ids(image.id for image in images)
    missing = {image.id: image for image in images if image.id not in here}.values()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fetched = list(pool.map(lambda image: _fetch(docker, image, timeout_s), missing))
    docker.pin(images)
    told = f", {len(fetched)} fetched{_total(fetched)}" if fetched else ""
    return f"{len(images) - len(fetched)} present{told}"


def _fetch(docker: Docker, image: Image, timeout_s: int) -> Fetched:
    if not image.pull:
        raise RolloutError(
            f"image {image.ref} is not on this droplet, and the release doesn't say where to fetch it",
            where=image.id,
            todo="deploy again, so that the image is sent",
        )
    shown = docker("pull", image.pull, timeout_s=timeout_s)
    came = docker.image_ids([image.pull]).get(image.pull)
    if came != image.id:
        raise RolloutError(
            f"{image.pull} is image {came}, not {image.id}",
            where=f"image {image.name}",
            todo="build and send the images again, then deploy",
        )
    return Fetched(image, _size(docker.host, image, set(_FETCHED.findall(shown.out))))


def _size(host: Host, image: Image, layers: set[str]) -> int | None:
    """Sum up the layers that travelled, by the registry's own manifest."""
    at = _REGISTRY.fullmatch(image.pull)
    if not at:
        return None
    answer = host.http(at["host"], int(at["port"]), f"/v2/{at['name']}/manifests/{at['digest']}", _MANIFESTS)
    if answer.status != 200:
        return None
    told = json.loads(answer.body).get("layers", [])
    return sum(int(layer["size"]) for layer in told if layer["digest"].removeprefix("sha256:")[:12] in layers)


def _total(fetched: list[Fetched]) -> str:
    sizes = [f.size for f in fetched if f.size is not None]
    if not sizes:
        return ""
    total = sum(sizes)
    return f" ({total / 1e6:.1f} MB)" if total >= 1_000_000 else f" ({total / 1e3:.0f} KB)"
