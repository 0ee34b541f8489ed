"""The registry on the droplet's loopback: what no kept release names is removed from it.

Whoever ships images holds `shipping.lock` shared meanwhile (infra/shipping), since a layer that has arrived and is not
yet part of an image looks like waste to the collector. Source: https://distribution.github.io/distribution/about/garbage-collection/
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rollout.host import Host
from rollout.layout import Layout

ADDRESS, PORT = "127.0.0.1", 5000
CONFIG = Path("/etc/docker/registry/config.yml")
STORAGE = Path("/var/lib/docker-registry/docker/registry/v2/repositories")
# A release that waits for its turn has its images here already.
YOUNG_S = 3600
_MANIFESTS = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json"


@dataclass(frozen=True)
class Tagged:
    """One image as the registry keeps it."""

    repository: str
    tag: str
    digest: str

    @property
    def ref(self) -> str:
        """What releases call it."""
        return f"{self.repository}:{self.tag}"


def collect(host: Host, layout: Layout, kept: set[str]) -> int:
    """Remove images whose refs are not among `kept`, and their layers; returns how many. 0 without such a registry."""
    if not CONFIG.exists() or host.http(ADDRESS, PORT, "/v2/").status != 200:
        return 0
    with _alone(layout) as is_alone:
        if not is_alone:
            return 0  # images are arriving; the next release tidies up
        images = list(_images(host))
        in_use = {(image.repository, image.digest) for image in images if image.ref in kept or _is_young(image)}
        unused = {(image.repository, image.digest) for image in images} - in_use
        for repository, digest in sorted(unused):
            host.http(ADDRESS, PORT, f"/v2/{repository}/manifests/{digest}", method="DELETE")
        if unused:
            host.run(["docker-registry", "garbage-collect", "--delete-untagged", str(CONFIG)], timeout_s=300)
        return len(unused)


def _images(host: Host) -> Iterator[Tagged]:
    for repository in _list(host, "/v2/_catalog?n=1000", "repositories"):
        for tag in _list(host, f"/v2/{repository}/tags/list", "tags"):
            answer = host.http(ADDRESS, PORT, f"/v2/{repository}/manifests/{tag}", _MANIFESTS)
            if answer.status == 200:
                yield Tagged(repository, tag, answer.header("docker-content-digest"))


def _list(host: Host, path: str, key: str) -> list[str]:
    answer = host.http(ADDRESS, PORT, path)
    return (json.loads(answer.body)[key] or []) if answer.status == 200 else []


def _is_young(image: Tagged) -> bool:
    link = STORAGE / image.repository / "_manifests" / "tags" / image.tag / "current" / "link"
    return link.exists() and time.time() - link.stat().st_mtime < YOUNG_S


@contextmanager
def _alone(layout: Layout) -> Iterator[bool]:
    descriptor = os.open(layout.shipping_lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)
