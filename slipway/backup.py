"""A backup of the database: made and proved on the droplet, then fetched, since a copy on the same droplet is none."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slipway.errors import BackupTorn
from slipway.facts import Facts
from slipway.remote import ask_engine, ssh_argv

LONGEST_S = 3 * 3600


@dataclass(frozen=True)
class Backup:
    """One dump: where it lies here and there, and what was counted after it had been restored on the droplet."""

    file: Path
    on_droplet: str
    size: int  # bytes
    sha256: str
    tables: int
    rows: int

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "file": str(self.file),
            "on_droplet": self.on_droplet,
            "bytes": self.size,
            "sha256": self.sha256,
            "tables": self.tables,
            "rows": self.rows,
        }


def take_backup(facts: Facts, folder: Path, say: Callable[[str], None], lock_wait_s: float = 0) -> Backup:
    """Have the droplet dump, restore and compare; then fetch the dump into `folder`, readable by its owner alone.

    Raises Unreachable, Locked, DeployFailed with the engine's reason, BackupTorn when what came is not what was sent.
    """
    say(f"dumping the database of {facts.stack}, and restoring the dump beside it to prove it …")
    made = ask_engine(facts, "backup", "--lock-wait", f"{lock_wait_s:g}", timeout_s=LONGEST_S)
    there = str(made["file"])
    say(f"{made['tables']} tables, {made['rows']} rows: restored as they were; fetching {made['bytes'] / 1e6:.1f} MB …")
    target = folder / f"{facts.stack}-{Path(there).name}"
    _fetch(facts, there, target, made["sha256"])
    return Backup(target, there, made["bytes"], made["sha256"], made["tables"], made["rows"])


def _fetch(facts: Facts, there: str, target: Path, sha256: str) -> None:
    partial = target.with_suffix(".part")
    mend = f"The dump lies on the droplet: {there}. Fetch it again: slipway backup -s {facts.stack}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            argv = [*ssh_argv(facts), f"cat {shlex.quote(there)}"]
            done = subprocess.run(argv, stdout=stream, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
        with partial.open("rb") as stream:
            arrived = hashlib.file_digest(stream, "sha256").hexdigest()
        if done.returncode != 0 or arrived != sha256:
            said = done.stderr.decode(errors="replace").strip() or "the connection ended early"
            raise BackupTorn(f"{target.name} did not arrive whole: {said}\n{mend}")
        partial.replace(target)
    except OSError as error:
        raise BackupTorn(f"{target} can't be written: {error.strerror}\n{mend}") from error
    finally:
        if partial.is_file():
            partial.unlink()
