"""Drives one checkout as a person would: by make, pulumi and slipway in its folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from verification.deployment import Deployment, find_deployment, get

# A second local cloud beside the one that a person may have running.
INSTANCE = {"SLIPWAY_LOCAL_NAME": "e2e", "SLIPWAY_LOCAL_SUBNET": "198.18.16.0/20", "SLIPWAY_LOCAL_PORT": "8191"}
UP_TIMEOUT_S = 2400.0


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and everything it said, both streams in order."""

    code: int
    said: str


@dataclass
class Checkout:
    """One checkout of the project and the output of its `make up`."""

    root: Path
    environment: dict[str, str]
    up_said: str = ""
    is_up: bool = False
    _exports: dict[str, str] = field(default_factory=dict)

    def run(self, *argv: str, timeout_s: float = 600, environment: dict[str, str] | None = None) -> Ended:
        """Run a command in the checkout; a hang fails the test with what was said so far."""
        done = subprocess.run(
            argv,
            cwd=self.root,
            env=self.environment | (environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Ended(done.returncode, done.stdout)

    @contextmanager
    def beside(self, *argv: str, until: Callable[[], bool], timeout_s: float = 600) -> Iterator[list[Ended]]:
        """Run a command beside the block, which begins once `until` holds; how it ended is in the list afterwards."""
        ended: list[Ended] = []
        thread = threading.Thread(target=lambda: ended.append(self.run(*argv, timeout_s=timeout_s)))
        thread.start()
        try:
            deadline = time.monotonic() + timeout_s
            while not until():
                assert thread.is_alive(), f"it ended before: {ended}"
                assert time.monotonic() < deadline, f"{' '.join(argv)} did not come so far in {timeout_s} s"
                time.sleep(0.05)
            yield ended
        finally:
            thread.join()

    def must(self, *argv: str, timeout_s: float = 600) -> str:
        """Run a command that has to succeed and return what it said."""
        ended = self.run(*argv, timeout_s=timeout_s)
        assert ended.code == 0, f"{' '.join(argv)} ended with {ended.code}:\n{ended.said}"
        return ended.said

    def up(self) -> None:
        """Run `make up`."""
        self.is_up = True
        self.up_said = self.must("make", "up", timeout_s=UP_TIMEOUT_S)

    def slipway(self, *arguments: str, timeout_s: float = 600) -> Ended:
        """Run the command line of the checkout's own environment."""
        return self.run(str(self.root / ".venv" / "bin" / "slipway"), *arguments, timeout_s=timeout_s)

    def pulumi(self, *arguments: str, timeout_s: float = 600) -> Ended:
        """Run a plain pulumi in the environment that `slipway env` prints."""
        script = 'eval "$(uv run slipway env -s local)" && exec pulumi "$@"'
        return self.run("sh", "-c", script, "sh", *arguments, "--non-interactive", timeout_s=timeout_s)

    def status(self) -> dict[str, Any]:
        """Return the document of `slipway status --json`."""
        ended = self.slipway("status", "-s", "local", "--json")
        assert ended.code == 0, ended.said
        document: dict[str, Any] = json.loads(ended.said)
        return document

    @property
    def deployment(self) -> Deployment:
        """The facts of the deployment."""
        facts = json.loads((self.root / ".slipway/deployments/local.json").read_text())
        return find_deployment(self.root, facts["address"], {})

    def serving(self) -> str:
        """Return the release that home page and API say they are; both have to answer 200 and agree."""
        deployment = self.deployment
        with deployment.client() as client:
            answers = [get(client, deployment, path) for path in ("/", "/api/health")]
        assert [answer.status_code for answer in answers] == [200, 200]
        (release,) = {answer.headers["X-Release"] for answer in answers}
        return str(release)

    def api(self) -> httpx.Client:
        """Return a client of the local cloud's API."""
        token = (self.root / ".slipway/local/token").read_text().strip()
        url = f"http://127.0.0.1:{INSTANCE['SLIPWAY_LOCAL_PORT']}"
        return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False)

    def on_droplet(self, command: str) -> str:
        """Run a command on the droplet."""
        return self.must(str(self.root / ".venv/bin/slipway"), "exec", "-s", "local", "--", command)

    def replace_in(self, file: str, old: str, new: str) -> None:
        """Change one place of a file."""
        path = self.root / file
        text = path.read_text()
        assert text.count(old) == 1, f"{file} has {text.count(old)} times {old!r}"
        path.write_text(text.replace(old, new))


def copy_working_tree(source: Path, target: Path) -> Checkout:
    """Copy what git would take of the working tree, uncommitted changes included, as a repository of its own."""
    listed = subprocess.run(
        ["git", "-C", str(source), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (source / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target / name)
    author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "The tree under test"]):
        subprocess.run(["git", "-C", str(target), *command], check=True)
    cache = os.environ.get("SLIPWAY_CACHE", str(source / ".slipway" / "cache"))
    dropped = {"VIRTUAL_ENV", "PYTHONPATH", "CI"}
    inherited = {name: value for name, value in os.environ.items() if name not in dropped}
    return Checkout(target, inherited | INSTANCE | {"SLIPWAY_CACHE": cache})
