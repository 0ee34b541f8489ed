"""Steps, sessions and tools that stand in for the real ones."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.graph import Outcome, Step
from toolchain.ledger import Ledger
from toolchain.registries import Registries
from toolchain.session import Session
from toolchain.settings import Settings
from toolchain.shell import LiveProcesses, Shell


def settings_in(folder: Path, **environ: str) -> Settings:
    """Return settings of a checkout in `folder` with no machine around it but the folders in `PATH`."""
    environ.setdefault("PATH", str(tools_folder(folder)))
    return Settings(folder, folder / ".slipway" / "cache", folder / "home", True, "x86_64", environ)


def tools_folder(folder: Path) -> Path:
    """Return the only folder of tools that such settings have on PATH."""
    tools = folder / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    return tools


def tool(folder: Path, name: str, script: str) -> Path:
    """Put a shell script on that PATH under a tool's name."""
    path = tools_folder(folder) / name
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    path.chmod(0o755)
    return path


def session_in(folder: Path, **environ: str) -> Session:
    """Return what a step gets, inside `folder`."""
    settings = settings_in(folder, **environ)
    shell = Shell(settings.logs / "step.log", settings.environ, LiveProcesses())
    return Session(settings, shell, Ledger(settings.ledger), Registries())


@dataclass
class Quiet:
    """Keeps what it is told."""

    lines: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def started(self, step: Step) -> None:
        with self.lock:
            self.lines.append(f"started {step.name}")

    def told(self, step: Step, line: str) -> None:
        with self.lock:
            self.lines.append(f"{step.name} says {line}")

    def finished(self, step: Step, outcome: Outcome) -> None:
        with self.lock:
            self.lines.append(f"finished {step.name}")

    def failed(self, step: Step, error: BaseException, seconds: float) -> None:
        with self.lock:
            self.lines.append(f"failed {step.name} {type(error).__name__}")


@dataclass(frozen=True)
class FakeStep:
    """A step that does what it is told."""

    name: str
    needs: tuple[str, ...] = ()
    act: Callable[[Session], None] = lambda session: None
    already: str | None = None
    lane: str | None = None
    purpose: str = "a test"

    def probe(self, session: Session) -> str | None:
        return self.already

    def work(self, session: Session) -> str:
        self.act(session)
        return "worked"
