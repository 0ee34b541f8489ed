"""What was begun and what became of it: one JSON object a line, on disk before the deed."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

STARTED = {"start", "done", "failed", "undo-failed"}


@dataclass
class Run:
    """One rollout as the journal tells it."""

    id: str
    verb: str
    release: str
    serving: str | None
    before: str | None
    steps: dict[str, str] = field(default_factory=dict)  # the step's last event, in the order they were begun
    outcome: str = ""

    def to_undo(self) -> list[str]:
        """Return the steps that may have left something, last first."""
        return [name for name, event in reversed(self.steps.items()) if event in STARTED]


class Journal:
    """Appends to the journal and reads it back."""

    def __init__(self, path: Path, redact: Callable[[str], str] = str) -> None:
        self.path, self.redact = path, redact

    def append(self, event: str, run: str, **facts: Any) -> None:
        """Write one line through to the disk."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "run": run, "event": event, **facts}
        text = self.redact(json.dumps(line, ensure_ascii=False))
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as stream:
            stream.write(self._mend(descriptor) + text.encode() + b"\n")
            os.fsync(descriptor)

    def _mend(self, descriptor: int) -> bytes:
        """A line cut short by a crash must not swallow the next one."""
        size = os.fstat(descriptor).st_size
        return b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""

    def lines(self) -> list[dict[str, Any]]:
        """Return every whole line."""
        if not self.path.exists():
            return []
        read = []
        for text in self.path.read_text(errors="replace").splitlines():
            try:
                line = json.loads(text)
            except json.JSONDecodeError:  # the line a crash cut short
                continue
            if isinstance(line, dict):
                read.append(line)
        return read

    def runs(self) -> list[Run]:
        """Return every run, oldest first."""
        runs: dict[str, Run] = {}
        for line in self.lines():
            known = runs.get(line["run"])
            if line["event"] == "begin":
                runs[line["run"]] = Run(line["run"], line["verb"], line["release"], line["serving"], line["before"])
            elif known and line["event"] == "end":
                known.outcome = line["outcome"]
            elif known and "step" in line:
                known.steps[line["step"]] = line["event"]
        return list(runs.values())

    def unfinished(self) -> Run | None:
        """Return the last run if it never came to its end."""
        runs = self.runs()
        return runs[-1] if runs and not runs[-1].outcome else None
