"""Real Postgres and Redis for the tests, each in a container that goes when the test session ends."""

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

LABEL = "slipway.apps.tests"
DEADLINE_S = 180.0  # for a machine that does much else; what is well takes a second or two


def docker(*arguments: str, stdin: str | None = None, is_failure_fatal: bool = True) -> str:
    """Run the docker client and return its output."""
    done = subprocess.run(["docker", *arguments], input=stdin, capture_output=True, text=True, check=False)
    if is_failure_fatal and done.returncode:
        raise AssertionError(f"docker {' '.join(arguments)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def wait_until(condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Ask `condition` until it holds; fail after `deadline_s`."""
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s:.0f} s: {what}")
        time.sleep(0.05)


class Container:
    """One running container."""

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, *command: str, user: str = "", stdin: str | None = None) -> str:
        """Run a command inside; fail if it fails."""
        as_user = ["--user", user] if user else []
        return docker("exec", "-i", *as_user, self.name, *command, stdin=stdin)

    def succeeds(self, *command: str) -> bool:
        """Tell whether a command inside ends well."""
        return not subprocess.run(["docker", "exec", self.name, *command], capture_output=True, check=False).returncode

    def port(self, inside: int) -> int:
        """Return the port of this machine that leads to a port inside."""
        return int(docker("port", self.name, str(inside)).splitlines()[0].rsplit(":", 1)[1])

    def logs(self) -> str:
        """Return everything that it wrote."""
        done = subprocess.run(["docker", "logs", self.name], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr


@contextmanager
def running(image: str, options: Sequence[str] = (), command: Sequence[str] = ()) -> Iterator[Container]:
    """Start a container and remove it, with its volumes, at the end."""
    name = f"slipway-apps-tests-{uuid.uuid4().hex[:12]}"
    try:
        docker("run", "--detach", "--name", name, "--label", LABEL, *options, image, *command)
        yield Container(name)
    finally:
        docker("rm", "--force", "--volumes", name)


def write_secrets(directory: Path, **secrets: str) -> Path:
    """Write secret files as a container would find them."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, value in secrets.items():
        (directory / name).write_text(value, encoding="utf-8")
    return directory
