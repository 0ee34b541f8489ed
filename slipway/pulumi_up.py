"""`pulumi up` as a part of a deployment: streamed, retried while another run holds a lock, its failure told."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from slipway.asking import TORN
from slipway.errors import DeployFailed, Locked
from slipway.project import Project

Say = Callable[[str], None]
LOCK_POLL_S = 3
TAIL = 30
# The components that a code change concerns; the infrastructure under them is not even looked at.
RELEASE_ROOMS = ("images:Images", "release:Release", "facts:Facts")
# The CLI and the rollout engine tell a lock by text alone; these are the words of each.
LOCK_WORDS = ("the stack is currently locked by", "is locked by another deploy", TORN)


@dataclass(frozen=True)
class Streamed:
    """What a command said, line by line, and how it ended."""

    code: int
    lines: Sequence[str]


def pulumi_up(
    project: Project,
    stack: str,
    environment: Mapping[str, str],
    say: Say,
    *,
    update_only: bool = False,
    lock_wait_s: float = 0,
) -> None:
    """Run `pulumi up`, again and again while another run holds a lock and there is time to wait.

    Raises Locked or DeployFailed with what went wrong in its last lines.
    """
    deadline = time.monotonic() + lock_wait_s
    while True:
        try:
            return _once(project, stack, environment, say, update_only=update_only)
        except Locked as locked:
            if time.monotonic() >= deadline:
                raise
            say(f"{locked}\n   waiting for it, at most {deadline - time.monotonic():.0f} s more")
            time.sleep(LOCK_POLL_S)


def _once(project: Project, stack: str, environment: Mapping[str, str], say: Say, *, update_only: bool) -> None:
    argv = ["pulumi", "up", "--yes", "--skip-preview", "--stack", stack, "--non-interactive", "--color", "never"]
    argv += ["--suppress-progress", "--suppress-outputs"]
    if update_only:
        argv += [part for room in RELEASE_ROOMS for part in ("--target", f"**slipway:{room}**")]
    done = stream(argv, project.root, environment, say)
    if done.code == 0:
        return
    said = "\n".join(line for line in done.lines if line.strip())
    if any(words in said for words in LOCK_WORDS):
        raise Locked(f"Stack '{stack}' is being deployed by another run.\n" + diagnostics(said))
    raise DeployFailed(f"`pulumi up -s {stack}` failed.\n" + diagnostics(said))


def stream(argv: Sequence[str], cwd: Path, environment: Mapping[str, str], say: Say) -> Streamed:
    """Run a command, passing each line to `say`; Ctrl-C asks it to end and waits until it has."""
    lines: list[str] = []
    with subprocess.Popen(
        argv,
        cwd=cwd,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        process_group=0,  # so that it gets exactly the signals that are passed on to it
    ) as process:
        try:
            _hear(process, lines, say)
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            name = argv[2] if list(argv[1:2]) == ["-m"] else Path(argv[0]).name
            say(f"   stopping: {name} ends what it has begun; Ctrl-C again leaves it at that")
            _hear(process, lines, say)
            raise
    return Streamed(process.returncode, lines)


def _hear(process: subprocess.Popen[str], lines: list[str], say: Say) -> None:
    """Take every line until the process has ended."""
    for line in process.stdout or ():
        lines.append(line.rstrip())
        say(lines[-1])
    process.wait()


def diagnostics(said: str) -> str:
    """Cut the CLI's own summary of errors out of its output."""
    _, found, rest = said.partition("Diagnostics:\n")
    text = rest if found else said
    for summary in ("\nOutputs:\n", "\nResources:\n"):
        text = text.partition(summary)[0]
    return "\n".join(text.strip().splitlines()[-TAIL:])
