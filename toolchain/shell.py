"""Run tools for a step: what they print goes to the step's log, a failure carries the log's tail."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.errors import CommandFailed, Stopped, ToolMissing

TAIL_LINES = 15
GRACE_S = 10.0


@dataclass(frozen=True)
class Answer:
    """How a question to a tool ended; a failure is an answer too."""

    returncode: int
    text: str

    @property
    def is_yes(self) -> bool:
        """Whether the tool ended well."""
        return self.returncode == 0


class LiveProcesses:
    """Every tool that runs now, so that an interruption ends them all, each with its children."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._live: set[subprocess.Popen[bytes]] = set()
        self._is_stopped = False

    @contextlib.contextmanager
    def start(self, make: Callable[[], subprocess.Popen[bytes]]) -> Iterator[subprocess.Popen[bytes]]:
        """Start a process that `stop_all` will know; raises Stopped after `stop_all`."""
        with self._lock:
            if self._is_stopped:
                raise Stopped
            process = make()
            self._live.add(process)
        try:
            yield process
        finally:
            with self._lock:
                self._live.discard(process)

    @property
    def is_stopped(self) -> bool:
        """Whether nothing may start any more."""
        return self._is_stopped

    def stop_all(self) -> None:
        """End what runs, first politely, and let nothing start any more."""
        with self._lock:
            self._is_stopped = True
            live = list(self._live)
        for process in live:
            signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        for process in live:
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                signal_group(process, signal.SIGKILL)


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Signal a process that leads its own group, and its children with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _end_late(process: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    signal_group(process, signal.SIGKILL)


@dataclass
class Shell:
    """The tools as one step uses them."""

    log: Path
    environ: Mapping[str, str]
    live: LiveProcesses = field(default_factory=LiveProcesses)
    on_line: Callable[[str], None] = lambda line: None

    def say(self, line: str) -> None:
        """Write a line of our own to the log and to the progress display."""
        self.note(line)
        self.on_line(line)

    def note(self, text: str) -> None:
        """Write to the log alone."""
        self._append(f"# {text}\n".encode())

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        timeout_s: float,
        mend: str,
        cwd: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Run a tool to its end; raises CommandFailed with the last lines that it printed."""
        words = [str(word) for word in argv]
        self._append(f"$ {' '.join(words)}\n".encode())
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        is_late = threading.Event()
        with self.live.start(lambda: self._open(words, cwd, variables)) as process:
            timer = threading.Timer(timeout_s, _end_late, (process, is_late))
            timer.start()
            try:
                self._follow(process, tail)
                returncode = process.wait()
            finally:
                timer.cancel()
        if self.live.is_stopped and returncode != 0:
            raise Stopped
        if is_late.is_set():
            raise CommandFailed(words, f"was not done in {timeout_s:.0f} s", log=self.log, tail=list(tail), mend=mend)
        if returncode != 0:
            raise CommandFailed(words, f"ended with {returncode}", log=self.log, tail=list(tail), mend=mend)

    def ask(self, argv: Sequence[str | Path], *, timeout_s: float = 30, cwd: Path | None = None) -> Answer:
        """Run a tool for its answer; a failure, a missing tool and a time-out are answers that are no yes."""
        words = [str(word) for word in argv]
        try:
            done = subprocess.run(
                words, cwd=cwd, env=dict(self.environ), stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s
            )
        except FileNotFoundError:
            return Answer(127, f"{words[0]} is not on PATH")
        except subprocess.TimeoutExpired:
            return Answer(124, f"{words[0]} did not answer in {timeout_s:.0f} s")
        text = done.stdout if done.returncode == 0 else done.stdout + done.stderr
        return Answer(done.returncode, text.decode(errors="replace").strip())

    def _open(self, words: list[str], cwd: Path | None, variables: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
        environ = {**self.environ, **(variables or {})}
        try:
            return subprocess.Popen(
                words,
                cwd=cwd,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise ToolMissing(
                f"{words[0]} is not on this machine", where="PATH", mend=f"install {words[0]} and run this again"
            ) from error

    def _follow(self, process: subprocess.Popen[bytes], tail: deque[str]) -> None:
        if process.stdout is None:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with process.stdout, self.log.open("ab") as log:
            for raw in process.stdout:
                log.write(raw)
                log.flush()
                line = raw.decode(errors="replace").rstrip()
                if line:
                    tail.append(line)
                    self.on_line(line)

    def _append(self, raw: bytes) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            log.write(raw)
