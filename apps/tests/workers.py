"""Celery workers for the tests, with the command line of the deployment, and a way to send them tasks."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery

from apps.tests.containers import wait_until
from apps.tests.stack import DJANGO_ROOT, Django, Redis

COMMAND = [sys.executable, "-m", "celery", "--quiet", "-A", "django_admin", "worker", "--concurrency=1"]


class Worker:
    """One running worker and the queue that leads to it."""

    def __init__(self, started: "subprocess.Popen[str]", redis: Redis, log: Path) -> None:
        self._process = started
        self._queue = Celery("tests", broker=redis.url, backend=redis.url)
        self._log = log

    def send(self, name: str, *arguments: str) -> None:
        """Send a task by its name."""
        self._queue.send_task(name, arguments)

    def finish(self) -> None:
        """Wait until everything that was sent before this has been done: there is one queue and one process."""
        answer = self._queue.send_task("ping")
        wait_until(lambda: bool(answer.ready()), "the worker has done everything")

    def log(self) -> str:
        """Return everything that it wrote."""
        return self._log.read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it and its children as the kernel does when memory is out."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it as compose does, unless it was killed."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=120)


@contextmanager
def running_worker(django: Django, redis: Redis, directory: Path, **variables: str) -> Iterator[Worker]:
    """Run a worker on empty queues."""
    redis.container.run("redis-cli", "-a", "redis-password", "--no-auth-warning", "flushall")
    with run_worker(django, redis, directory, **variables) as worker:
        yield worker


@contextmanager
def run_worker(django: Django, redis: Redis, directory: Path, **variables: str) -> Iterator[Worker]:
    """Run a worker on the queues as they are."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "worker.log"
    with path.open("w", encoding="utf-8") as log:
        started = subprocess.Popen(
            [*COMMAND, "--without-gossip", "--without-mingle"],
            cwd=DJANGO_ROOT,
            env=django.environment(HEARTBEAT_DIR=str(directory), **variables),
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        worker = Worker(started, redis, path)
        try:
            worker.finish()
            yield worker
            worker.stop()
        finally:
            if started.poll() is None:
                worker.kill()
