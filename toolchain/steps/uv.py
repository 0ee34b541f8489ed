"""`uv` for the user's own shell, so that `uv run slipway …` works there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from toolchain.files import copy_whole
from toolchain.session import Session
from toolchain.settings import Settings


def uv_folder(settings: Settings) -> Path:
    """Where the command goes: for every user when root, else for this one."""
    return Path("/usr/local/bin") if settings.is_root else settings.home / ".local" / "bin"


@dataclass(frozen=True)
class Uv:
    """A `uv` that a shell finds."""

    name: str = "uv"
    purpose: str = "uv for your shell"
    needs: tuple[str, ...] = ()
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """One is on PATH."""
        found = session.settings.which("uv")
        return f"{found} is on PATH" if found else None

    def work(self, session: Session) -> str:
        """Copy the binary of the environment's own package."""
        target = uv_folder(session.settings) / "uv"
        copy_whole(session.settings.python.parent / "uv", target)
        session.ledger.add_file(target)
        on_path = str(target.parent) in session.settings.environ.get("PATH", "").split(os.pathsep)
        return f"copied to {target}" + ("" if on_path else f"; add {target.parent} to your PATH")
