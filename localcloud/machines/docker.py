"""The few calls of the Docker engine that a local cloud needs.

The client program is used, not the SDK: it is on the machine anyway, it follows the user's context, and what is run can
be typed again by hand.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.errors import RuntimeFailure
from localcloud.machines.commands import attempt, run


def is_answering() -> str | None:
    """Return None when the engine answers, else what its client said."""
    done = attempt(["docker", "version", "--format", "{{.Server.Version}}"], timeout_s=20)
    return None if done.returncode == 0 else done.stderr.strip()


def inspect(kind: str, name: str) -> dict[str, Any] | None:
    """Return what the engine knows of an object (`container`, `network`, `image`), None when there is none."""
    done = attempt(["docker", kind, "inspect", name])
    if done.returncode == 0:
        found: dict[str, Any] = json.loads(done.stdout)[0]
        return found
    if "no such" in done.stderr.lower() or "not found" in done.stderr.lower():
        return None
    raise RuntimeFailure(f"Docker cannot tell about {kind} {name}: {done.stderr.strip()}")


def image_id(name: str) -> str | None:
    """Return the image's id, None when the engine has no such image."""
    found = inspect("image", name)
    return str(found["Id"]) if found else None


def is_running(container: str) -> bool:
    """Tell whether the container exists and runs."""
    found = inspect("container", container)
    return bool(found and found["State"]["Running"])


def process_id(container: str) -> int:
    """Return the host's process id of the container's first process."""
    found = inspect("container", container)
    if not found or not found["State"]["Running"]:
        raise RuntimeFailure(f"container {container} does not run: look at `docker logs {container}`")
    return int(found["State"]["Pid"])


def run_container(
    name: str, image: str, options: Sequence[str], command: Sequence[str], labels: Mapping[str, str]
) -> str:
    """Start a container in the background and return its id."""
    labelled = [part for key, value in labels.items() for part in ("--label", f"{key}={value}")]
    return run(["docker", "run", "--detach", "--name", name, *labelled, *options, image, *command])


def stop(container: str, timeout_s: int) -> None:
    """Send the container its stop signal, wait, and kill it after the timeout; one that is gone is fine."""
    if inspect("container", container):
        run(["docker", "stop", "--time", str(timeout_s), container], timeout_s=timeout_s + 60)


def remove(container: str) -> None:
    """Kill and remove the container with its anonymous volumes; one that is gone is fine."""
    if inspect("container", container):
        run(["docker", "rm", "--force", "--volumes", container])


def containers(label: str) -> list[str]:
    """Return the names of all containers with the label."""
    return run(["docker", "ps", "--all", "--filter", f"label={label}", "--format", "{{.Names}}"]).split()


def networks(label: str) -> list[str]:
    """Return the names of all networks with the label."""
    return run(["docker", "network", "ls", "--filter", f"label={label}", "--format", "{{.Name}}"]).split()


def logs(container: str, lines: int = 20) -> str:
    """Return the end of the container's output."""
    done = attempt(["docker", "logs", "--tail", str(lines), container])
    return (done.stdout + done.stderr).strip()
