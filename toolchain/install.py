"""Run the plan: one run at a time for a cache, each step with its own log."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rich.console import Console

from toolchain.errors import Stopped
from toolchain.graph import Outcome, Reporter, Run, Step, in_order
from toolchain.ledger import Ledger
from toolchain.progress import LiveReporter, PlainReporter
from toolchain.registries import Registries
from toolchain.session import Session
from toolchain.settings import Settings
from toolchain.shell import LiveProcesses, Shell


def install(settings: Settings, steps: Sequence[Step], console: Console, only: Sequence[str] = ()) -> list[Outcome]:
    """Run the steps, or those in `only` with what they need; raises the first failure."""
    ordered = in_order(steps, only)
    with one_at_a_time(settings, console):
        if not console.file.isatty():
            return _run(settings, ordered, PlainReporter(console))
        reporter = LiveReporter(console)
        with reporter.live():
            return _run(settings, ordered, reporter)


def _run(settings: Settings, ordered: Sequence[Step], reporter: Reporter) -> list[Outcome]:
    try:
        return Run(ordered, sessions_for(settings, reporter), reporter).to_end()
    except KeyboardInterrupt as error:
        raise Stopped from error


def sessions_for(settings: Settings, reporter: Reporter) -> Callable[[Step], Session]:
    """Return what gives each step its shell; record, processes and registries are shared by the run."""
    shell = Shell(settings.logs / "install.log", settings.environ, LiveProcesses())
    shared = Session(settings, shell, Ledger(settings.ledger), Registries())

    def session_for(step: Step) -> Session:
        log = settings.logs / f"{step.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("")
        return replace(shared, shell=replace(shell, log=log, on_line=lambda line: reporter.told(step, line)))

    return session_for


@contextlib.contextmanager
def one_at_a_time(settings: Settings, console: Console) -> Iterator[None]:
    """Let no two runs work on one cache; the lock goes with the process that holds it."""
    settings.cache.mkdir(parents=True, exist_ok=True)
    with (settings.cache / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print(f"another installation works on {settings.cache}: waiting for its end", highlight=False)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
