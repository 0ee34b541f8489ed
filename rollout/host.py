"""The only door to the machine: commands with a time limit, files never half written, waiting with a deadline."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rollout.errors import CommandFailed, CommandTimeout, NotWellInTime
from rollout.memory import free_memory_mb
from rollout.runlog import describe_command
from rollout.sockets import Listener, find_listeners
from rollout.web import Answer, ask_http, get_https, read_certificate

RUN_MARK = "SLIPWAY_ROLLOUT_RUN"  # in the environment of every child, so that a killed run's children can be found
_PASSED_ON = ("PATH", "HOME", "DOCKER_CONFIG", "DOCKER_HOST", "DOCKER_CONTEXT")
_POLL_S = 0.15


@dataclass(frozen=True)
class Completed:
    """A command that ended."""

    argv: tuple[str, ...]
    code: int
    out: str
    err: str


class Host:
    """This machine. Tests give steps a stand-in with the same methods."""

    def __init__(self, run_id: str = "") -> None:
        self.run_id = run_id
        self.log: Callable[[str], None] = lambda text: None

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float = 60,
        stdin_from: Path | None = None,
        stdout_to: Path | None = None,
        check: bool = True,
    ) -> Completed:
        """Run a command in an environment of its own; raises CommandFailed (with `check`) or CommandTimeout."""
        source = stdin_from.open("rb") if stdin_from else None
        target = stdout_to.open("wb") if stdout_to else None
        try:
            process = subprocess.Popen(
                argv,
                stdin=source or subprocess.DEVNULL,
                stdout=target or subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment(),
                start_new_session=True,  # an interrupt is ours to handle, not the child's
            )
        except OSError as fault:
            raise CommandFailed(argv, 127, str(fault)) from fault
        finally:
            for stream in (source, target):
                if stream:
                    stream.close()
        begun = self.monotonic()
        try:
            done = self._finish(process, argv, timeout_s)
        except CommandTimeout:
            self.log(describe_command(tuple(argv), "nothing, and was stopped", self.monotonic() - begun))
            raise
        self.log(describe_command(done.argv, done.code, self.monotonic() - begun, done.out, done.err))
        if check and done.code != 0:
            raise CommandFailed(argv, done.code, done.err, done.out)
        return done

    def _finish(self, process: subprocess.Popen[bytes], argv: Sequence[str], timeout_s: float) -> Completed:
        try:
            out, err = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as late:
            raise CommandTimeout(argv, timeout_s) from late
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        return Completed(
            tuple(argv), process.returncode, (out or b"").decode(errors="replace"), err.decode(errors="replace")
        )

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {"PATH": os.defpath, "HOME": "/root", "LC_ALL": "C.UTF-8"} | kept | {RUN_MARK: self.run_id}

    def kill_children_of(self, run_id: str) -> int:
        """End what a killed run left running; returns how many processes that were."""
        mark = f"{RUN_MARK}={run_id}".encode()
        ended = 0
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if int(process.name) != os.getpid() and mark in (process / "environ").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)
                    ended += 1
            except OSError:  # it ended by itself
                continue
        return ended

    def signal(self, pid: int, number: signal.Signals) -> bool:
        """Signal a process; says whether it was there."""
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True

    def write(self, path: Path, content: str | bytes, *, mode: int = 0o644, uid: int = 0, gid: int = 0) -> None:
        """Replace a file in one rename; whoever reads it sees the old or the new, whole and on disk."""
        spare = path.with_name(f".{path.name}.next")
        self._write_through(spare, content, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        self.chown(spare, uid, gid)
        self.rename(spare, path)

    def rewrite(self, path: Path, content: str | bytes, *, mode: int = 0o644, uid: int = 0, gid: int = 0) -> None:
        """Write in place: a file mounted into a running container is only seen there while it keeps its inode."""
        if not path.exists():
            self.write(path, content, mode=mode, uid=uid, gid=gid)
        elif path.read_bytes() != _as_bytes(content):
            self._write_through(path, content, os.O_WRONLY | os.O_TRUNC, mode)
            self.chown(path, uid, gid)

    def _write_through(self, path: Path, content: str | bytes, flags: int, mode: int) -> None:
        descriptor = os.open(path, flags, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, mode)
            stream.write(_as_bytes(content))
            stream.flush()
            os.fsync(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Move within a file system, and have it on disk."""
        old.replace(new)
        self._sync(new.parent)

    def link(self, link: Path, target: str) -> None:
        """Point a symbolic link elsewhere in one rename."""
        spare = link.with_name(f".{link.name}.next")
        spare.unlink(missing_ok=True)
        spare.symlink_to(target)
        self.rename(spare, link)

    def folder(self, path: Path, *, mode: int = 0o755, uid: int = 0, gid: int = 0) -> None:
        """Have a folder with this mode and owner."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        self.chown(path, uid, gid)

    def chown(self, path: Path, uid: int, gid: int) -> None:
        """Give a file to a user."""
        os.chown(path, uid, gid)

    def remove(self, path: Path) -> None:
        """Remove a file or a whole folder, if it is there."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def _sync(self, folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def free_disk(self, path: Path) -> tuple[int, int]:
        """Return the file system's number and the free MiB at a path (or its nearest parent)."""
        while not path.exists():
            path = path.parent
        return path.stat().st_dev, shutil.disk_usage(path).free >> 20

    def free_memory_mb(self) -> int:
        """Return the MiB that new processes can have without swapping."""
        return free_memory_mb()

    def listeners(self, port: int) -> list[Listener]:
        """Return who listens on a TCP port."""
        return find_listeners(port)

    def https(self, port: int, server_name: str, path: str) -> Answer:
        """Ask this machine's own TLS port for a page."""
        return get_https(port, server_name, path)

    def certificate(self, port: int, server_name: str) -> bytes | None:
        """Return the certificate that this machine's own TLS port shows, in DER; None when nothing speaks TLS there."""
        return read_certificate(port, server_name)

    def http(self, address: str, port: int, path: str, accept: str = "*/*", method: str = "GET") -> Answer:
        """Ask a local port in plain HTTP."""
        return ask_http(address, port, path, accept=accept, method=method)

    def is_root(self) -> bool:
        """Say whether this process may change the system."""
        return os.geteuid() == 0

    def has_systemd(self) -> bool:
        """Say whether units can be installed here."""
        return Path("/run/systemd/system").is_dir()

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """Let time pass between two looks at something."""
        threading.Event().wait(seconds)

    def await_true(self, claim: Callable[[], bool], timeout_s: float, what: str, every_s: float = _POLL_S) -> None:
        """Look again and again until the claim holds; raises NotWellInTime."""
        deadline = self.monotonic() + timeout_s
        while not claim():
            if self.monotonic() >= deadline:
                raise NotWellInTime(f"{what} within {timeout_s:g} s")
            self.pause(every_s)


def describe_operator() -> dict[str, str | int]:
    """Say who runs this process, for the lock."""
    client = os.environ.get("SSH_CLIENT", "").split(" ")[0]
    who = os.environ.get("SUDO_USER") or getpass.getuser()
    return {"who": f"{who} from {client}" if client else who, "host": socket.gethostname(), "pid": os.getpid()}


def _as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
