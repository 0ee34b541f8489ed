"""Where things lie on this machine; the only file of the toolchain that reads the environment."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """The folders of one checkout, and what the process was started with."""

    root: Path
    cache: Path
    home: Path
    is_root: bool
    machine: str
    environ: Mapping[str, str] = field(repr=False)

    @property
    def state(self) -> Path:
        """The checkout's ignored folder."""
        return self.root / ".slipway"

    @property
    def bin(self) -> Path:
        """Tools that were built or downloaded for this checkout."""
        return self.state / "bin"

    @property
    def run(self) -> Path:
        """Records of running processes, and logs."""
        return self.state / "run"

    @property
    def logs(self) -> Path:
        """One log for each step."""
        return self.run / "log"

    @property
    def ledger(self) -> Path:
        """What was added to the machine outside the checkout."""
        return self.state / "installed.json"

    @property
    def python(self) -> Path:
        """The interpreter of the checkout's environment."""
        return self.root / ".venv" / "bin" / "python"

    @property
    def search_path(self) -> list[Path]:
        """The folders of PATH that belong to the machine: neither the checkout's own tools nor its environment."""
        own = {self.bin.resolve(), self.python.parent.resolve()}
        folders = [Path(entry) for entry in self.environ.get("PATH", "").split(os.pathsep) if entry]
        return [folder for folder in folders if folder.resolve() not in own]

    def which(self, command: str) -> Path | None:
        """Find a command of the machine, as a shell outside this checkout would."""
        return next(iter(self.which_all(command)), None)

    def which_all(self, command: str) -> list[Path]:
        """Find every command of this name on PATH, the one that a shell would take first."""
        candidates = [folder / command for folder in self.search_path]
        return [path for path in candidates if path.is_file() and os.access(path, os.X_OK)]


def read_settings(root: Path = CHECKOUT, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of the checkout at `root`; SLIPWAY_CACHE moves the cache, so that checkouts can share it."""
    given = dict(os.environ if environ is None else environ)
    cache = given.get("SLIPWAY_CACHE")
    return Settings(
        root=root,
        cache=Path(cache).expanduser().absolute() if cache else root / ".slipway" / "cache",
        home=Path(given.get("HOME") or Path.home()),
        is_root=os.geteuid() == 0,
        machine=platform.machine(),
        environ=given,
    )
