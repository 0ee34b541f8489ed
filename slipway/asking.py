"""Short questions to the Pulumi CLI, also while another run writes the state."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

# What a state kept in files shows for a moment while another run is writing it.
TORN = "failed to load checkpoint: EOF"
TORN_LIMIT_S = 5


def ask_pulumi(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command that reads the state, again while that is half written; raises FileNotFoundError without a CLI."""
    deadline = time.monotonic() + TORN_LIMIT_S
    while True:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=folder,
            env=dict(environment),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if TORN not in done.stderr or time.monotonic() >= deadline:
            return done
