"""The full log of a run: every command with how it ended, and what the operator was told."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from rollout.layout import FAILED, Layout

NAME = "rollout.log"
_LONGEST = 4000  # characters of one command's output; what is longer are listings that the next look repeats
_TAIL = 40


class RunLog:
    """Appends to `rollout.log` of the release's folder; until that exists, to a file beside the journal.

    A disk that is full ends the log, never the run.
    """

    def __init__(self, layout: Layout, release: str, redact: Callable[[str], str]) -> None:
        self.folder, self.redact = layout.release(release), redact
        self.path = next((f / NAME for f in self._folders() if f.is_dir()), layout.loose_log(release))
        self._descriptor = -1

    def __enter__(self) -> Self:
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._follow()
        self._close()

    def write(self, text: str) -> None:
        """Append a message, without secrets, in one write: steps may do several things at once."""
        if self._descriptor < 0:
            return
        self._follow()
        stamp = f"{datetime.now(UTC):%H:%M:%S.%f}"[:-3]
        try:
            os.write(self._descriptor, f"{stamp} {self.redact(text)}\n".encode())
        except OSError:
            self._close()  # the step in hand is about to meet the same full disk, and tells it

    def heard(self, say: Callable[[str], None]) -> Callable[[str], None]:
        """Return a `say` whose words are logged as well."""

        def say_and_log(line: str) -> None:
            self.write(line)
            say(line)

        return say_and_log

    def _follow(self) -> None:
        """Move into the release's folder as soon as it is there; a folder that is renamed takes the log along."""
        home = next((f for f in self._folders() if f.is_dir()), None)
        if home is not None and self.path.parent != home:
            target = home / NAME
            if self.path.exists():
                self.path.rename(target)
            self.path = target

    def _folders(self) -> tuple[Path, Path]:
        return self.folder, self.folder.with_name(self.folder.name + FAILED)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def describe_command(argv: tuple[str, ...], code: int | str, seconds: float, *outputs: str) -> str:
    """Tell of one command: its words, its end, and what it printed if that is short enough to be read."""
    head = f"$ {' '.join(argv)}\n    ended with {code} after {seconds:.2f} s"
    return "\n".join([head, *(_shown(text) for text in outputs if text.strip())])


def _shown(text: str) -> str:
    if len(text) > _LONGEST:
        return f"    ({len(text)} characters)"
    return "\n".join(f"    | {line}" for line in text.splitlines()[-_TAIL:])
