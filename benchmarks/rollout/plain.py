"""What is commonly done instead: build, push, then `docker compose up -d` over ssh, in place of what serves.

It ships through the same registry, so only missing layers travel, and migrates first, as one must. Nothing is checked.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.rollout.droplet import Droplet
from rollout.web import get_https

LIMIT_S = 60


def deploy(droplet: Droplet, number: int) -> None:
    """Bring the checkout's API to the droplet and wait until it answers the public again."""
    tag = f"plain/api:{number}"
    context = str(droplet.checkout.root / "apps/api")
    subprocess.run(
        ["docker", "build", "--quiet", "--tag", tag, context],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"DOCKER_BUILDKIT": "1"},
    )
    with _tunnel(droplet) as port:
        pushed = f"127.0.0.1:{port}/{tag}"
        subprocess.run(["docker", "tag", tag, pushed], check=True)
        subprocess.run(["docker", "push", "--quiet", pushed], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["docker", "rmi", pushed], check=True, stdout=subprocess.DEVNULL)
    home, image = "/srv/slipway/current", f"127.0.0.1:5000/{tag}"
    compose = f"API_IMAGE={image} docker compose --env-file {home}/env --file {home}/compose/app.yml"
    migrate = f"{compose} --profile oneshot run --rm --no-deps migrate"
    droplet.run(f"docker pull --quiet {image} && {migrate} && {compose} up --detach")
    deployment = droplet.checkout.deployment
    deadline = time.monotonic() + LIMIT_S
    while get_https(443, deployment.domain, "/api/health", address=deployment.address).status != 200:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the API did not come back within {LIMIT_S} s")
        time.sleep(0.05)


@contextmanager
def _tunnel(droplet: Droplet) -> Iterator[int]:
    """Forward a local port to the registry on the droplet's loopback; it closes with the session's stdin."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    *ssh, place = droplet.ssh
    argv = [*ssh, "-o", "ExitOnForwardFailure=yes", "-L", f"127.0.0.1:{port}:127.0.0.1:5000", place, "echo up; cat"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdout:
            process.stdout.readline()
        yield port
        process.communicate()
