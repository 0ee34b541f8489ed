"""Runs the user's program under the SDK's own `pulumi-language-python-exec`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.language_python.venv import Environment

# The script has shown its own message to the user when it leaves with this code.
SHOWN_TO_THE_USER = 32
_TERM_PATIENCE_S = 2.0


@dataclass(frozen=True)
class ProgramRun:
    """One evaluation of a program, as the engine asks for it."""

    monitor: str
    engine: str
    project: str
    root_directory: str
    stack: str
    pwd: str
    is_dry_run: bool
    parallel: int
    organization: str
    entry_point: str
    args: Sequence[str] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    config_secret_keys: Sequence[str] = ()


def command_line(run: ProgramRun, environment: Environment, script: Path) -> list[str]:
    """Build the argv; `--parallel` is not optional, the script calls int() on it."""
    flags = {
        "--monitor": run.monitor,
        "--engine": run.engine,
        "--project": run.project,
        "--root_directory": run.root_directory,
        "--stack": run.stack,
        "--pwd": run.pwd,
        "--dry_run": "true" if run.is_dry_run else "false",
        "--parallel": str(run.parallel),
        "--organization": run.organization,
    }
    words = [word for flag, value in flags.items() if value for word in (flag, value)]
    return [str(environment.python), "-u", str(script), *words, run.entry_point, *run.args]


def variables(run: ProgramRun, environment: Environment, environ: Mapping[str, str]) -> dict[str, str]:
    """Build the program's environment: the configuration, decrypted, and the virtual environment in front."""
    return {
        **environment.activated(environ),
        "PULUMI_CONFIG": json.dumps(dict(run.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(run.config_secret_keys)),
    }


@dataclass(frozen=True)
class Outcome:
    """How a program ended: in good order, with a message of its own, or with `error`."""

    error: str = ""
    is_told: bool = False


def execute(run: ProgramRun, environment: Environment, script: Path, cancellation: Cancellation) -> Outcome:
    """Run to the end or to the cancellation; output goes where ours goes, which the CLI shows."""
    child = subprocess.Popen(
        command_line(run, environment, script),
        env=variables(run, environment, os.environ),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    with cancellation.calling(lambda: end(child)):
        code = child.wait()
    if code == 0:
        return Outcome()
    # After a cancellation the CLI says so itself; an error beside it would only repeat it.
    if code == SHOWN_TO_THE_USER or cancellation.is_set():
        return Outcome(is_told=True)
    return Outcome(error=f"program exited with non-zero exit code: {code}")


def end(child: subprocess.Popen[bytes]) -> None:
    """Stop a child and what it started. SIGTERM first: SIGINT leaves a KeyboardInterrupt traceback on the screen."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
        except ProcessLookupError:
            return
        try:
            child.wait(_TERM_PATIENCE_S)
        except subprocess.TimeoutExpired:
            continue
        return
