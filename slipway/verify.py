"""Runs verification/ against a stack's deployment and reads its report."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slipway.errors import VerificationFailed
from slipway.facts import Facts, read_facts
from slipway.project import Project
from slipway.pulumi_up import Streamed, stream
from verification.fallback import leave_what_can_be_said
from verification.report.files import REPORT

NO_CHECK_FAILED = 0
MODE = "verify"
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


def verify_argv(project: Project, address: str, mode: str = MODE, *, is_colored: bool = False) -> list[str]:
    """Build the argv that a person would type."""
    argv = [str(project.python), "-m", "pytest", "verification/", f"--host={address}", f"--mode={mode}", "-q"]
    # The two plugins for tests of the API take two seconds to load.
    argv += ["-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest"]
    return [*argv, "--color=yes"] if is_colored else argv


def verify(project: Project, stack: str, say: Callable[[str], None], mode: str = MODE) -> Verification:
    """Verify the stack's deployment; raises VerificationFailed naming the artifacts when a check failed.

    `mode` is what the report names as the occasion.
    `read_verification` tells its whole report afterwards.
    """
    facts = read_facts(project, stack)
    if not facts.address:
        said = leave_what_can_be_said(project.root, NO_ADDRESS, stack)
        say(said)
        raise VerificationFailed(facts.release, _folder_in([said]), f"Look at it: pulumi stack output -s {stack}")
    done = _run(project, facts, say, mode)
    folder = _folder_in(done.lines)
    if done.code != NO_CHECK_FAILED:
        raise VerificationFailed(facts.release, folder, f"It is serving. Go back: slipway rollback -s {stack}")
    return read_verification(folder)


def _run(project: Project, facts: Facts, say: Callable[[str], None], mode: str) -> Streamed:
    """Run the checks, passing on what is printed."""
    # The report is as wide as the terminal that it will be shown on.
    width = {"COLUMNS": str(shutil.get_terminal_size().columns)}
    is_colored = sys.stdout.isatty() and sys.stderr.isatty()
    return stream(
        verify_argv(project, facts.address, mode, is_colored=is_colored), project.root, os.environ | width, say
    )


def read_verification(folder: Path | None) -> Verification:
    """Read the report that a run left in its folder; one that ended before it could write any has none."""
    if folder is None or not (folder / REPORT).is_file():
        return Verification(folder)
    return Verification(folder, json.loads((folder / REPORT).read_text()))


def _folder_in(lines: Sequence[str]) -> Path | None:
    """Take the folder from what the run printed: another run may have made a newer one meanwhile."""
    return next((Path(each.removeprefix(FOLDER)) for each in _last_first(lines) if each.startswith(FOLDER)), None)


def _last_first(said: Sequence[str]) -> list[str]:
    return [line for text in reversed(said) for line in reversed(text.splitlines())]


def newest_artifacts(project: Project, address: str) -> Path | None:
    """Return the artifact folder of the last verification of an address."""
    if not project.artifacts.is_dir():
        return None
    folders = [p for p in project.artifacts.iterdir() if p.name == address or p.name.startswith(f"{address}-")]
    return max(folders, key=lambda path: path.stat().st_mtime, default=None)
