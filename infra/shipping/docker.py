"""The operator's Docker engine, asked through its command line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from infra.errors import ShippingError

TAIL_LINES = 25


def docker(arguments: Sequence[str], *, show: bool = False) -> str:
    """Run one docker command and return its stdout; `show` passes its progress on to stderr.

    Raises ShippingError with the command's last lines.
    """
    environment = os.environ | {"DOCKER_BUILDKIT": "1", "BUILDKIT_PROGRESS": "plain"}
    stderr = None if show else subprocess.PIPE
    try:
        done = subprocess.run(
            ["docker", *arguments], stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment, check=False
        )
    except FileNotFoundError as error:
        raise ShippingError("docker is not installed on this machine; `make up` installs it") from error
    if done.returncode != 0:
        tail = "the reason stands above" if show else "\n".join((done.stderr or done.stdout).splitlines()[-TAIL_LINES:])
        raise ShippingError(f"`docker {' '.join(arguments)}` failed (exit code {done.returncode}):\n{tail}")
    return done.stdout


def image_id(reference: str) -> str | None:
    """Return the id of a local image, or None when this engine lacks it."""
    listed = docker(["image", "ls", "--quiet", "--no-trunc", reference]).split()
    return listed[0] if listed else None
