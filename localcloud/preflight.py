"""Find out, before anything is changed, whether this machine can play the cloud."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from localcloud.errors import HostUnfit
from localcloud.machines import docker
from localcloud.machines.commands import PACKAGES, environment

TOOLS = ("docker", "ip", "iptables", "losetup", "mkfs.ext4", "mount", "nsenter")
IMAGE_TOOLS = ("mmdebstrap",)
LOOP_CONTROL = Path("/dev/loop-control")


def _lacks(tools: tuple[str, ...]) -> Iterator[str]:
    if os.geteuid() != 0:
        yield "it needs root (networks, mounts, loop devices): run the same command with sudo"
    path = environment()["PATH"]
    for tool in tools:
        if shutil.which(tool, path=path) is None:
            yield f"`{tool}` is not installed: run `apt-get install {PACKAGES[tool]}`"
    if shutil.which("docker", path=path) is not None:
        said = docker.is_answering()
        if said is not None:
            yield f"the Docker engine does not answer ({said}): start it (`systemctl start docker`, or `dockerd &`)"
    if not LOOP_CONTROL.exists():
        yield f"there are no loop devices ({LOOP_CONTROL} is missing): run `modprobe loop`, or a machine that has them"


def check_host(*, builds_image: bool = False) -> None:
    """Raise HostUnfit with everything that this machine lacks."""
    lacks = list(_lacks(TOOLS + (IMAGE_TOOLS if builds_image else ())))
    if lacks:
        raise HostUnfit("this machine cannot run the local cloud yet:\n  - " + "\n  - ".join(lacks))


def check_port(port: int) -> None:
    """Raise HostUnfit when something already listens on the API's port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise HostUnfit(
                f"port {port} of 127.0.0.1 is taken ({error.strerror}; `ss -ltnp 'sport = :{port}'` names who): stop "
                "that program, or give the API another port with --api-port"
            ) from error
