"""Steps with their needs, run side by side where they are independent."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

from toolchain.errors import PlanError, StepBroken, ToolchainError
from toolchain.session import Session


class Step(Protocol):
    """One thing that the machine needs."""

    @property
    def name(self) -> str:
        """A short name for the table, the log and `--only`."""

    @property
    def purpose(self) -> str:
        """What it is for, in a few words."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The steps that must be done before."""

    @property
    def lane(self) -> str | None:
        """Steps of one lane run one after the other, because each alone keeps the whole machine busy."""

    def probe(self, session: Session) -> str | None:
        """Return why nothing is to be done, or None when there is work."""

    def work(self, session: Session) -> str:
        """Do it and return what was done; safe to run again after an interruption at any point."""


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    step: str
    changed: bool
    detail: str
    seconds: float


class Reporter(Protocol):
    """Shows the run to a person."""

    def started(self, step: Step) -> None:
        """A step begins."""

    def told(self, step: Step, line: str) -> None:
        """A tool of the step printed a line."""

    def finished(self, step: Step, outcome: Outcome) -> None:
        """A step ended well."""

    def failed(self, step: Step, error: BaseException, seconds: float) -> None:
        """A step failed, or was stopped because another failed."""


def in_order(steps: Iterable[Step], only: Sequence[str] = ()) -> list[Step]:
    """Return the steps, each after its needs; with `only`, those named and what they need. Raises PlanError."""
    known = {step.name: step for step in steps}
    placed: dict[str, Step] = {}
    path: list[str] = []

    def place(name: str) -> None:
        if name in placed:
            return
        if name in path:
            raise PlanError(
                f"the steps need each other in a circle: {' → '.join([*path, name])}",
                where="the plan of steps",
                mend="remove one of the needs",
            )
        if name not in known:
            raise PlanError(f"there is no step {name!r}", where="the plan of steps", mend=f"use one of: {_list(known)}")
        path.append(name)
        for need in known[name].needs:
            place(need)
        path.pop()
        placed[name] = known[name]

    for name in only or known:
        place(name)
    return list(placed.values())


def _list(known: Mapping[str, Step]) -> str:
    return ", ".join(sorted(known))


class Run:
    """One walk through the graph; the first failure stops everything that still runs."""

    def __init__(
        self, steps: Sequence[Step], sessions: Callable[[Step], Session], reporter: Reporter, workers: int = 4
    ) -> None:
        self._waiting = {step.name: step for step in steps}
        self._sessions = sessions
        self._reporter = reporter
        self._workers = workers
        self._running: dict[Future[Outcome], tuple[Step, Session, float]] = {}
        self._done: dict[str, Outcome] = {}
        self._failure: BaseException | None = None

    def to_end(self) -> list[Outcome]:
        """Run every step and return how each ended, in the order of their ends; raises the first failure."""
        with ThreadPoolExecutor(self._workers, thread_name_prefix="step") as pool:
            try:
                self._start_ready(pool)
                while self._running:
                    finished, _ = wait(self._running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        self._settle(future)
                    if self._failure is None:
                        self._start_ready(pool)
            except KeyboardInterrupt:
                self._stop()
                raise
        if self._failure is not None:
            raise self._failure
        return list(self._done.values())

    def _start_ready(self, pool: ThreadPoolExecutor) -> None:
        busy_lanes = {step.lane for step, _, _ in self._running.values()} - {None}
        for step in list(self._waiting.values()):
            if len(self._running) == self._workers:
                return
            if step.lane in busy_lanes or not all(need in self._done for need in step.needs):
                continue
            del self._waiting[step.name]
            if step.lane:
                busy_lanes.add(step.lane)
            session = self._sessions(step)
            future = pool.submit(self._carry_out, step, session)
            self._running[future] = (step, session, time.monotonic())

    def _carry_out(self, step: Step, session: Session) -> Outcome:
        self._reporter.started(step)
        began = time.monotonic()
        detail = step.probe(session)
        changed = detail is None
        if detail is None:
            detail = step.work(session)
        return Outcome(step.name, changed, detail, time.monotonic() - began)

    def _settle(self, future: Future[Outcome]) -> None:
        step, session, began = self._running.pop(future)
        error = future.exception()
        if error is None:
            outcome = future.result()
            self._done[step.name] = outcome
            self._reporter.finished(step, outcome)
            return
        session.shell.note("".join(traceback.format_exception(error)))
        self._reporter.failed(step, error, time.monotonic() - began)
        if self._failure is None:
            is_designed = isinstance(error, ToolchainError)
            self._failure = error if is_designed else StepBroken(step.name, error, session.shell.log)
            self._stop()

    def _stop(self) -> None:
        for _, session, _ in self._running.values():
            session.shell.live.stop_all()
