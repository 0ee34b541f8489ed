"""The Docker engine: the one that answers, else one of our own, started and later stopped by us."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from toolchain.errors import NotRoot, ToolchainError
from toolchain.files import write_whole
from toolchain.session import Session
from toolchain.settings import Settings
from toolchain.steps.engine_traces import Network, restore

START_S = 90.0
STOP_S = 120.0
SYSTEMD = Path("/run/systemd/system")


@dataclass(frozen=True)
class EngineRecord:
    """What we started: a process of ours, told apart from a later one by its start time, or the machine's service."""

    path: Path
    how: Literal["process", "service", "nothing"] = "nothing"
    pid: int = 0
    started_ticks: int = 0

    @classmethod
    def at(cls, settings: Settings) -> EngineRecord:
        """Read the record of a checkout; without one, nothing was started."""
        path = settings.run / "dockerd.json"
        if not path.exists():
            return cls(path)
        known = json.loads(path.read_text())
        return cls(path, known["how"], known["pid"], known["started_ticks"])

    def write_process(self, pid: int) -> None:
        """Record an engine that we started as a process."""
        self._write(EngineRecord(self.path, "process", pid, start_ticks(pid) or 0))

    def write_service(self) -> None:
        """Record that the machine's own service runs because of us."""
        self._write(EngineRecord(self.path, "service"))

    def is_alive(self) -> bool:
        """Tell whether the recorded process still runs, and is not another that got its number."""
        return self.how == "process" and start_ticks(self.pid) == self.started_ticks

    def _write(self, record: EngineRecord) -> None:
        facts = {key: value for key, value in asdict(record).items() if key != "path"}
        write_whole(self.path, json.dumps(facts) + "\n")


def start_ticks(pid: int) -> int | None:
    """Return when a process started, in clock ticks since boot, or None when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])


@dataclass(frozen=True)
class Engine:
    """A Docker engine that answers."""

    name: str = "engine"
    purpose: str = "Docker engine"
    needs: tuple[str, ...] = ("packages",)
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """One answers already."""
        version = session.docker.version()
        return f"Docker {version} answers" if version else None

    def work(self, session: Session) -> str:
        """Start one and wait until it answers."""
        if not session.settings.is_root:
            raise NotRoot(
                "no Docker engine answers this user",
                where="the Docker socket (or DOCKER_HOST)",
                mend="start Docker, or join the group docker, then run this again",
            )
        if SYSTEMD.is_dir():
            mend = "journalctl --unit docker --no-pager --lines 50"
            session.shell.run(["systemctl", "start", "docker"], timeout_s=120, mend=mend)
            EngineRecord.at(session.settings).write_service()
            return f"started Docker {await_engine(session, None)} by systemd"
        log = session.settings.logs / "dockerd.log"
        session.shell.say(f"starting dockerd, its log is {log}")
        Network.now().write(network_file(session.settings))
        process = launch(log)
        EngineRecord.at(session.settings).write_process(process.pid)
        return f"started Docker {await_engine(session, process)}"


def launch(log: Path) -> subprocess.Popen[bytes]:
    """Start dockerd in a session of its own, so that it outlives us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        return subprocess.Popen(
            ["dockerd"], stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True, cwd="/"
        )


def await_engine(session: Session, process: subprocess.Popen[bytes] | None) -> str:
    """Wait until the engine answers and return its version."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        version = session.docker.version()
        if version:
            return version
        if process is not None and process.poll() is not None:
            break
        time.sleep(0.2)
    log = session.settings.logs / "dockerd.log"
    tail = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
    raise ToolchainError(
        "the Docker engine does not answer\n" + "\n".join(f"  | {line}" for line in tail),
        where=str(log),
        mend="mend what the log names, or start an engine yourself, then run this again",
    )


def stop_engine(settings: Settings) -> str:
    """Stop the engine if we started it, and only then; return what was done."""
    record = EngineRecord.at(settings)
    if record.how == "service":
        command = (
            ["systemctl", "stop", "docker.socket", "docker"] if SYSTEMD.is_dir() else ["service", "docker", "stop"]
        )
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=STOP_S)
        record.path.unlink()
        return "stopped the Docker service that was started for this checkout"
    if not record.is_alive():
        record.path.unlink(missing_ok=True)
        return "no Docker engine was started by this checkout"
    os.kill(record.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    while record.is_alive():
        if time.monotonic() > deadline:
            raise ToolchainError(
                f"dockerd (process {record.pid}) did not end in {STOP_S:.0f} s",
                where=str(settings.logs / "dockerd.log"),
                mend=f"look what keeps it: ps -f {record.pid}; then run this again",
            )
        time.sleep(0.1)
    record.path.unlink()
    before = network_file(settings)
    if before.exists():
        restore(Network.read(before))
        before.unlink()
    return f"stopped dockerd (process {record.pid}) and took its bridge and packet filters away"


def network_file(settings: Settings) -> Path:
    """Where the machine's network is kept as it was before our engine."""
    return settings.run / "network-before-dockerd.json"
