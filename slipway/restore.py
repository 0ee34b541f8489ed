"""Putting a dump in the place of a deployment's live database, and taking that back."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from slipway.errors import BackupTorn, ConfigurationFault
from slipway.facts import Facts
from slipway.remote import ask_engine, ssh_argv

LONGEST_S = 3 * 3600
BACKUPS = "/srv/slipway/backups"


def restore(facts: Facts, dump: str, say: Callable[[str], None], lock_wait_s: float = 0) -> dict[str, Any]:
    """Restore a file of this machine, or else a dump by its name on the droplet; returns what the engine says.

    Raises BackupTorn, Unreachable, Locked, ConfigurationFault for a dump that is nowhere, or DeployFailed with the
    engine's reason, and the live database is as it was.
    """
    file = Path(dump).expanduser()
    if not file.is_file() and "/" in dump:
        raise ConfigurationFault(f"{dump} is no file on this machine")
    there = _send(facts, file, say) if file.is_file() else f"{BACKUPS}/{dump}"
    say(f"restoring {Path(there).name} beside the live database of {facts.stack}; the site serves on until they swap …")
    return ask_engine(facts, "restore", there, "--lock-wait", f"{lock_wait_s:g}", timeout_s=LONGEST_S)


def undo(facts: Facts, lock_wait_s: float = 0) -> dict[str, Any]:
    """Let the database that a restore put aside take its place again; raises as `restore`."""
    return ask_engine(facts, "restore", "--undo", "--lock-wait", f"{lock_wait_s:g}", timeout_s=LONGEST_S)


def forget(facts: Facts, lock_wait_s: float = 0) -> dict[str, Any]:
    """Remove what restores put aside; raises as `restore`."""
    return ask_engine(facts, "restore", "--forget", "--lock-wait", f"{lock_wait_s:g}", timeout_s=LONGEST_S)


def _send(facts: Facts, file: Path, say: Callable[[str], None]) -> str:
    """Bring a file to the droplet's other dumps, whole or not at all; returns its path there."""
    say(f"sending {file.name}, {file.stat().st_size / 1e6:.1f} MB …")
    there = shlex.quote(f"{BACKUPS}/{file.name.removeprefix(f'{facts.stack}-')}")
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        take = f"umask 077 && cat > {there}.tmp && echo {digest} {there}.tmp | sha256sum --check --quiet"
        argv = [*ssh_argv(facts), f"{take} && mv {there}.tmp {there}"]
        done = subprocess.run(argv, stdin=stream, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupTorn(f"{file} did not reach the droplet: {(done.stderr or done.stdout).strip()}\nRun it again.")
    return shlex.split(there)[0]
