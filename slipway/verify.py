"""Runs verification/ against a stack's deployment and reads its report."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slipway.errors import VerificationFailed
from slipway.facts import read_facts
from slipway.project import Project

NO_CHECK_FAILED = 0


@dataclass(frozen=True)
class Verification:
    """How a verification ended and where it left its artifacts."""

    artifacts: Path | None


def verify_argv(project: Project, address: str) -> list[str]:
    """Build the argv that a person would type."""
    return [str(project.python), "-m", "pytest", "verification/", f"--host={address}", "-q", "-p", "no:cacheprovider"]


def verify(project: Project, stack: str, say: Callable[[str], None]) -> Verification:
    """Verify the stack's deployment; raises VerificationFailed naming the artifacts when a check failed."""
    facts = read_facts(project, stack)
    with subprocess.Popen(
        verify_argv(project, facts.address),
        cwd=project.root,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            say(line.rstrip())
    folder = newest_artifacts(project, facts.address)
    if process.returncode != NO_CHECK_FAILED:
        raise VerificationFailed(facts.release, folder, f"It is serving. Go back: slipway rollback -s {stack}")
    return Verification(folder)


def newest_artifacts(project: Project, address: str) -> Path | None:
    """Return the artifact folder of the last verification of an address."""
    if not project.artifacts.is_dir():
        return None
    folders = [p for p in project.artifacts.iterdir() if p.name == address or p.name.startswith(f"{address}-")]
    return max(folders, key=lambda path: path.stat().st_mtime, default=None)
