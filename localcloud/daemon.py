"""The API server as a background process: started once, found again, ended with everything it started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from localcloud.errors import RuntimeFailure
from localcloud.machines.commands import environment
from localcloud.machines.place import INSTANCE_LABEL
from localcloud.settings import Settings

PACKAGE_ROOT = Path(__file__).parents[1]
LOG_FILE = "server.log"
PID_FILE = "server.pid"
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 20
POLL_S = 0.05
LOG_TAIL = 25


def server_command(home: Path) -> list[str]:
    """Write the command of the API server."""
    return [sys.executable, "-m", "localcloud.server", "--home", str(home)]


def _command_lines() -> dict[int, list[str]]:
    """Return the arguments of every process on this machine."""
    found: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def find_server(home: Path) -> int | None:
    """Return the process id of this instance's API server, None when it does not run."""
    wanted = server_command(home)[1:]
    return next((pid for pid, words in _command_lines().items() if words[1 : len(wanted) + 1] == wanted), None)


def find_processes(settings: Settings) -> list[int]:
    """Return the server and what it may have left behind when it was killed."""
    wanted = server_command(settings.home)[1:]
    follower = f"label={INSTANCE_LABEL}={settings.name}"
    return [
        pid
        for pid, words in _command_lines().items()
        if words[1 : len(wanted) + 1] == wanted or (words[1:2] == ["events"] and follower in words)
    ]


def log_tail(home: Path) -> str:
    """Return the end of the server's log."""
    path = home / LOG_FILE
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    return "\n".join(lines[-LOG_TAIL:])


def start(settings: Settings) -> int:
    """Start the API server in the background and return its process id."""
    path = {"PYTHONPATH": f"{PACKAGE_ROOT}:{environment().get('PYTHONPATH', '')}", "PYTHONUNBUFFERED": "1"}
    with (settings.home / LOG_FILE).open("ab") as output:
        server = subprocess.Popen(
            server_command(settings.home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(path),
            start_new_session=True,
        )
    (settings.home / PID_FILE).write_text(f"{server.pid}\n", encoding="utf-8")
    return server.pid


def wait_until(settings: Settings, answers: Callable[[], bool], what: str) -> None:
    """Wait until a part answers; RuntimeFailure with the end of the log when the server died or time is up."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not answers():
        if find_server(settings.home) is None or time.monotonic() > deadline:
            path = settings.home / LOG_FILE
            raise RuntimeFailure(
                f"{what} does not answer. The server's log, {path}, ends with:\n{log_tail(settings.home)}"
            )
        time.sleep(POLL_S)


def stop(settings: Settings) -> None:
    """End the API server and its helpers, by force if they do not end soon."""
    for sign, patience_s in ((signal.SIGTERM, STOP_TIMEOUT_S), (signal.SIGKILL, 5)):
        for pid in find_processes(settings):
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + patience_s
        while find_processes(settings):
            if time.monotonic() > deadline:
                break
            time.sleep(POLL_S)
        else:
            break
    (settings.home / PID_FILE).unlink(missing_ok=True)
