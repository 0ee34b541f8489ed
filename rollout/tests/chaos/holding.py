"""Bring a rollout to one moment of one step, and do there with it what a bad day does."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rollout.tests.chaos import held
from rollout.tests.droplet import Droplet, Outcome

AMID, BEGUN, ENDED = held.AMID, held.BEGUN, held.ENDED


@dataclass
class Held:
    """A rollout that waits at its moment."""

    droplet: Droplet
    process: subprocess.Popen[str]
    mark: str

    def kill(self) -> None:
        """End the process that this machine runs, and nothing but it, as kill -9 does."""
        self.process.kill()
        self.process.communicate()

    def let_go(self) -> None:
        """Let it go on."""
        self.droplet.unmark(self.mark)

    def finish(self) -> Outcome:
        """Let it go on, and wait for its end."""
        self.let_go()
        out, err = self.process.communicate(timeout=240)
        return Outcome(self.process.returncode, out, err)


@contextmanager
def holding(droplet: Droplet, moment: str, step: str, bundle: dict[str, Any] | None = None) -> Iterator[Held]:
    """Start an `apply` and wait until it is held; afterwards it is gone."""
    mark = droplet.mark()
    program = [str(droplet.place(Path(held.__file__))), mark, moment, step]
    process = droplet.start("apply", "--lock-wait", "120", program=program)
    assert process.stdin is not None
    process.stdin.write(json.dumps(bundle or droplet.bundle()))
    process.stdin.close()
    process.stdin = None
    try:
        _await_moment(process, step)
        yield Held(droplet, process, mark)
    except AssertionError:
        droplet.unmark(mark)  # or it would hold its lock against all tests to come
        raise
    finally:
        process.kill()
        process.communicate()


def _await_moment(process: subprocess.Popen[str], step: str) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        if line == f"held at {step}\n":
            return
        said.append(line)
    out, err = process.communicate()
    raise AssertionError(f"it never came to step {step}: {''.join(said)}{out}{err}")
