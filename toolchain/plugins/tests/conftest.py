"""Real parts for the tests: a Pulumi CLI with our plugins in a home of their own, and OpenSSH's sshd."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from toolchain.plugins.install import install

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60


def find_pulumi() -> Path:
    """Return the CLI: the one on PATH, the project's own, or the one that SLIPWAY_PULUMI names."""
    candidates = [shutil.which("pulumi"), str(ROOT / ".slipway/bin/pulumi"), os.environ.get("SLIPWAY_PULUMI")]
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return Path(candidate)
    raise FileNotFoundError("no pulumi CLI: put it on PATH, run `make up`, or name it in SLIPWAY_PULUMI")


@dataclass(frozen=True)
class Done:
    """How a command of the CLI ended."""

    code: int
    text: str


@dataclass
class Project:
    """A program with a stack of its own in a file backend."""

    pulumi: Path
    home: Path
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """The CLI's environment, free of the caller's Pulumi settings."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
        return {
            **inherited,
            "PULUMI_HOME": str(self.home),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase of the tests",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            **self.environ,
        }

    def write(self, program: str, virtualenv: str = sys.prefix) -> None:
        """Make the program what it is from now on."""
        (self.folder / "__main__.py").write_text(program)
        (self.folder / "Pulumi.yaml").write_text(
            f"name: tried\nruntime:\n  name: python\n  options:\n    virtualenv: {virtualenv}\n"
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command of the CLI in a process group of its own."""
        return subprocess.Popen(
            [str(self.pulumi), *words, "--non-interactive"],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, fails: bool = False) -> str:
        """Run a command of the CLI, see it end as expected and without a warning, and return what it printed."""
        process = self.start(*words)
        try:
            text, _ = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
        assert (process.returncode != 0) is fails, text
        assert "warning" not in text.lower(), text
        return text

    def up(self, *words: str) -> str:
        """Run `up` without its preview."""
        return self.run("up", "--yes", "--skip-preview", *words)

    def output(self, name: str) -> str:
        """Return a stack output, secret or not."""
        return self.run("stack", "output", name, "--show-secrets").strip()

    def everything_kept(self) -> str:
        """Return all that the backend holds, as text."""
        files = [path for path in (self.folder / "state").rglob("*") if path.is_file()]
        return "\n".join(path.read_text(errors="replace") for path in files)


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PULUMI_HOME with the plugins installed from this checkout."""
    home = tmp_path_factory.mktemp("pulumi") / "home of the tests"  # a blank in the path, on purpose
    install(find_pulumi(), home, Path(sys.executable))
    return home


@pytest.fixture
def project(pulumi_home: Path, tmp_path: Path) -> Project:
    """A fresh project with an empty stack."""
    made = Project(find_pulumi(), pulumi_home, tmp_path / "project")
    (made.folder / "state").mkdir(parents=True)
    made.write("")
    made.run("stack", "init", "dev")
    return made


@dataclass
class Sshd:
    """An OpenSSH server on the loopback interface that lets one key in."""

    port: int
    user: str
    private_key: str
    host_key: str
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        argv = [shutil.which("sshd", path="/usr/sbin:/usr/local/sbin") or "sshd", "-D", "-e", "-f"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*argv, str(self.folder / "sshd_config")], stdin=subprocess.DEVNULL, stderr=log
            )
        await_true(self.is_listening, "sshd listens")

    def is_listening(self) -> bool:
        """Tell whether it takes connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def connection(self, **changes: object) -> dict[str, object]:
        """Return the `connection` input for it."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": self.user,
            "privateKey": self.private_key,
            "hostKey": self.host_key,
            "dialErrorLimit": 1,
            **changes,
        }


@pytest.fixture
def stopped_sshd(tmp_path: Path) -> Iterator[Sshd]:
    """A configured server that does not run yet."""
    folder = tmp_path / "sshd"
    folder.mkdir(mode=0o755)
    user_key, host_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    other_host_key = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    for name, key in (("host", host_key), ("other_host", other_host_key)):
        key.write_private_key(str(folder / name))
        (folder / name).chmod(0o600)
    (folder / "authorized").write_bytes(user_key.export_public_key())
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where sshd separates its privileges
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nHostKey {folder}/other_host\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        "Subsystem sftp internal-sftp\nAcceptEnv ALLOWED_*\n"
    )
    public_host_key = host_key.export_public_key().decode().strip()
    made = Sshd(port, getpass.getuser(), user_key.export_private_key().decode(), public_host_key, folder)
    yield made
    made.stop()


@pytest.fixture
def sshd(stopped_sshd: Sshd) -> Sshd:
    """A running server."""
    stopped_sshd.start()
    return stopped_sshd


def is_alive(pid: str) -> bool:
    """Say whether a process runs; one that ended may stay listed until its parent has asked for its status."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid.strip()}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def await_true(condition: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Poll until the condition holds."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {patience_s} s: {what}"
        time.sleep(0.02)
