"""Background work: in order for whoever shares a key, side by side for the rest."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from time import monotonic

from localcloud.errors import Interrupted

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Job:
    """Work that must not run beside other work with one of its keys."""

    keys: frozenset[str]
    work: Callable[[], None]
    outcome: "Future[None]" = field(default_factory=Future)


class Jobs:
    """Run jobs in threads; for each key strictly in the order of submission, one at a time."""

    def __init__(self, time_scale: float) -> None:
        self._time_scale = time_scale
        self._lock = threading.Lock()
        self._waiting: list[Job] = []
        self._running: set[Job] = set()
        self._stopping = threading.Event()

    def submit(self, keys: frozenset[str], work: Callable[[], None]) -> Job:
        """Run `work` as soon as all earlier jobs that share a key are done."""
        job = Job(keys, work)
        with self._lock:
            self._waiting.append(job)
            self._start_ready()
        return job

    def run(self, keys: frozenset[str], work: Callable[[], None]) -> None:
        """Run `work` in the caller's turn and wait for it; what it raises is raised here."""
        self.submit(keys, work).outcome.result()

    def pause(self, seconds: float, since: float | None = None) -> None:
        """Wait as long as the real service takes, scaled, counted from `since`; Interrupted when stopping."""
        begun = monotonic() if since is None else since
        if self._stopping.wait(max(0.0, begun + seconds * self._time_scale - monotonic())):
            raise Interrupted("the local cloud is stopping")

    def stop(self, timeout_s: float) -> None:
        """Start nothing more and wait for what runs, at most `timeout_s`."""
        self._stopping.set()
        with self._lock:
            self._start_ready()
            running = [job.outcome for job in self._running]
        wait(running, timeout_s)

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing runs or waits; False when that takes longer than `timeout_s`."""
        deadline = monotonic() + timeout_s
        while True:
            with self._lock:
                outcomes = [job.outcome for job in [*self._running, *self._waiting]]
            if not outcomes:
                return True
            if wait(outcomes, max(0.0, deadline - monotonic())).not_done:
                return False

    def _start_ready(self) -> None:
        taken = frozenset[str]().union(*(job.keys for job in self._running))
        for job in list(self._waiting):
            if self._stopping.is_set():
                self._waiting.remove(job)
                job.outcome.set_exception(Interrupted("the local cloud is stopping"))
            elif not job.keys & taken:
                self._waiting.remove(job)
                self._running.add(job)
                # A daemon: a machine call that hangs must not keep the server from ending.
                threading.Thread(target=self._work, args=(job,), daemon=True).start()
            taken |= job.keys

    def _work(self, job: Job) -> None:
        failure: Exception | None = None
        try:
            job.work()
        except Interrupted as error:
            log.info("work on %s waits for the next start", ", ".join(sorted(job.keys)))
            failure = error
        except Exception as error:
            log.exception("work on %s failed", ", ".join(sorted(job.keys)))
            failure = error
        with self._lock:
            self._running.remove(job)
            self._start_ready()
        if failure:
            job.outcome.set_exception(failure)
        else:
            job.outcome.set_result(None)
