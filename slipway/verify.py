"""Runs verification/ against a stack's deployment and reads its report."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slipway.errors import VerificationFailed
from slipway.facts import Facts, read_facts
from slipway.project import Project
from verification.fallback import leave_what_can_be_said
from verification.report.plugin import REPORT

NO_CHECK_FAILED = 0
NO_ADDRESS = "the stack has no address that this machine knows of"
FOLDER = "artifacts: "


@dataclass(frozen=True)
class Verification:
    """How a verification ended: where it left its artifacts, and the whole report."""

    artifacts: Path | None
    report: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the report as `slipway verify --json` prints it."""
        return {"artifacts": None if self.artifacts is None else str(self.artifacts), **self.report}


def verify_argv(project: Project, address: str, *, is_colored: bool = False) -> list[str]:
    """Build the argv that a person would type."""
    argv = [str(project.python), "-m", "pytest", "verification/", f"--host={address}", "-q", "-p", "no:cacheprovider"]
    return [*argv, "--color=yes"] if is_colored else argv


def verify(project: Project, stack: str, say: Callable[[str], None]) -> Verification:
    """Verify the stack's deployment; raises VerificationFailed naming the artifacts when a check failed.

    `read_verification` tells its whole report afterwards.
    """
    facts = read_facts(project, stack)
    if not facts.address:
        said = leave_what_can_be_said(project.root, NO_ADDRESS, stack)
        say(said)
        raise VerificationFailed(facts.release, _folder_in([said]), f"Look at it: pulumi stack output -s {stack}")
    code, lines = _run(project, facts, say)
    folder = _folder_in(lines)
    if code != NO_CHECK_FAILED:
        raise VerificationFailed(facts.release, folder, f"It is serving. Go back: slipway rollback -s {stack}")
    return read_verification(folder)


def _run(project: Project, facts: Facts, say: Callable[[str], None]) -> tuple[int, list[str]]:
    """Return the exit code and what was printed, having passed it on."""
    # The report is as wide as the terminal that it will be shown on.
    width = {"COLUMNS": str(shutil.get_terminal_size().columns)}
    lines = []
    with subprocess.Popen(
        verify_argv(project, facts.address, is_colored=sys.stdout.isatty() and sys.stderr.isatty()),
        cwd=project.root,
        env=dict(os.environ) | width,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            say(lines[-1])
    return process.returncode, lines


def read_verification(folder: Path | None) -> Verification:
    """Read the report that a run left in its folder; one that ended before it could write any has none."""
    if folder is None or not (folder / REPORT).is_file():
        return Verification(folder)
    return Verification(folder, json.loads((folder / REPORT).read_text()))


def _folder_in(lines: list[str]) -> Path | None:
    """Take the folder from what the run printed: another run may have made a newer one meanwhile."""
    return next((Path(each.removeprefix(FOLDER)) for each in _last_first(lines) if each.startswith(FOLDER)), None)


def _last_first(said: list[str]) -> list[str]:
    return [line for text in reversed(said) for line in reversed(text.splitlines())]


def newest_artifacts(project: Project, address: str) -> Path | None:
    """Return the artifact folder of the last verification of an address."""
    if not project.artifacts.is_dir():
        return None
    folders = [p for p in project.artifacts.iterdir() if p.name == address or p.name.startswith(f"{address}-")]
    return max(folders, key=lambda path: path.stat().st_mtime, default=None)
