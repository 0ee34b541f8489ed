"""A droplet of the local cloud: the same bundle and the same program, reached by SSH alone."""

import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localcloud.machines.runtime import LocalRuntime
from rollout.tests.chaos import held
from rollout.tests.droplet import Droplet

ENGINE = "/srv/slipway/engine/rollout.pyz"
HELD = "/root/held.py"
VOLUME = "data"
SSH = (
    *("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"),
    *("-o", "ConnectTimeout=3", "-o", "BatchMode=yes", "-o", "ServerAliveInterval=5"),
)


@dataclass
class Remote(Droplet):
    """The droplet, its plug, and the way to it."""

    key: Path = field(kw_only=True)
    number: int = field(kw_only=True)
    container: str = field(kw_only=True)
    runtime: LocalRuntime = field(kw_only=True)

    def ssh_argv(self, *words: str) -> list[str]:
        """Return what runs a command there, after options if need be."""
        return ["ssh", "-i", str(self.key), *SSH, *words[:-1], f"root@{self.address}", words[-1]]

    @property
    def _shared(self) -> tuple[str, ...]:
        """Let many short calls use one connection; what is to be cut has one of its own."""
        return ("-o", "ControlMaster=auto", "-o", f"ControlPath={self.key}.mux", "-o", "ControlPersist=60")

    def hang_up(self) -> None:
        """Close the connection of the short calls."""
        subprocess.run(self.ssh_argv(*self._shared, "-O", "exit", "-"), capture_output=True, check=False)

    def ssh(self, command: str) -> str:
        """Run a command that must succeed."""
        argv = self.ssh_argv(*self._shared, command)
        done = subprocess.run(argv, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != 0:
            raise ConnectionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def docker(self, *words: str) -> str:
        """Run docker on the droplet's engine."""
        return self.ssh(shlex.join(["docker", *words]))

    def argv(self, program: list[str], verb: str, *words: str) -> list[str]:
        """Return the command that runs a verb, as infra's program does it: root and names are the usual ones."""
        return self.ssh_argv(f"exec env PYTHONPATH={ENGINE} {shlex.join(['python3', *program, verb, *words])}")

    def place(self, program: Path) -> Path:
        """Say where a program of the tests was copied to."""
        assert program == Path(held.__file__)
        return Path(HELD)

    def mark(self) -> str:
        """Make a file that a program waits for."""
        return self.ssh("mktemp /run/held-XXXXXX")

    def unmark(self, mark: str) -> None:
        """Take it away."""
        self.ssh(f"rm -f {mark}")

    def folders(self) -> list[str]:
        """Return the folders of releases."""
        return self.ssh(f"ls {self.root}/releases").split()

    def files(self) -> dict[str, str]:
        """Return the files of a release; here a power cut must lose nothing."""
        return {name: text.replace("fsync=off", "fsync=on") for name, text in super().files().items()}

    def bundle(self, variant: str = "good", django: str = "django-1", **more: Any) -> dict[str, Any]:
        """Return a bundle with the data on a volume."""
        device = f"/dev/disk/by-id/scsi-0DO_Volume_{VOLUME}"
        return super().bundle(variant, django, volume={"device": device, "mount": f"{self.root}/data"}, **more)

    def put(self, source: Path, target: str) -> None:
        """Copy a file there."""
        with source.open("rb") as stream:
            command = f"mkdir -p {Path(target).parent} && cat > {target}"
            subprocess.run(self.ssh_argv(command), stdin=stream, check=True)

    def load_images(self) -> None:
        """Copy the images from this machine's engine to the droplet's."""
        with subprocess.Popen(["docker", "save", *self.images.values()], stdout=subprocess.PIPE) as saving:
            subprocess.run(self.ssh_argv("docker load"), stdin=saving.stdout, capture_output=True, check=True)
        assert saving.returncode == 0

    def cut_power(self) -> None:
        """Pull the plug."""
        self.hang_up()
        subprocess.run(["docker", "kill", self.container], check=True, capture_output=True)

    def power_on(self) -> None:
        """Boot; what happens then is the droplet's own affair."""
        self.runtime.power_on(self.number)


def await_true(claim: Callable[[], bool], what: str, limit_s: float = 90) -> None:
    """Look until it is so; a droplet that can't be reached yet is no answer."""
    deadline, last = time.monotonic() + limit_s, "it was not so"
    while time.monotonic() < deadline:
        try:
            if claim():
                return
        except (ConnectionError, AssertionError) as fault:
            last = str(fault)
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {limit_s:g} s: {last}")
