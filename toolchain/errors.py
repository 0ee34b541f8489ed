"""What can go wrong while the machine is made ready: each error says what happened, where, and what mends it."""

from __future__ import annotations

from pathlib import Path


class ToolchainError(Exception):
    """The machine could not be made ready."""

    def __init__(self, what: str, *, where: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  mend:  {self.mend}"


class PlanError(ToolchainError):
    """The graph of steps cannot be run: an unknown name, a missing need or a circle."""


class CommandFailed(ToolchainError):
    """A tool ended with a failure, or was not done in its time."""

    def __init__(self, argv: list[str], how: str, *, log: Path, tail: list[str], mend: str) -> None:
        super().__init__(f"`{' '.join(argv[:6])}{' …' if len(argv) > 6 else ''}` {how}", where=str(log), mend=mend)
        self.tail = tail

    def __str__(self) -> str:
        quoted = "".join(f"\n  | {line}" for line in self.tail)
        return f"{super().__str__()}{quoted}"


class ToolMissing(ToolchainError):
    """A tool that cannot be installed from here is not on PATH."""


class NotRoot(ToolchainError):
    """Something must be installed or started for the whole machine, and this user may not."""


class StepBroken(ToolchainError):
    """A step ended in an error that nobody foresaw; its log has the traceback."""

    def __init__(self, step: str, error: BaseException, log: Path) -> None:
        text = str(error) or type(error).__name__
        super().__init__(f"step {step}: {text}", where=str(log), mend="the log has the whole story; mend it, run again")


class Stopped(ToolchainError):
    """The run was interrupted; what was finished is kept."""

    def __init__(self) -> None:
        super().__init__(
            "the installation was stopped before its end",
            where="this run; the finished steps are kept",
            mend="run `make up` again: it goes on where it was",
        )


class ChecksumMismatch(ToolchainError):
    """A download is not the file that was asked for."""


class MirrorUnknown(ToolchainError):
    """The machine's package sources name no Debian mirror."""
