"""What is left behind when there is nothing to ask: a folder that says so, in the form of any other run."""

from __future__ import annotations

import uuid
from pathlib import Path

from verification.artifacts.folder import NO_ADDRESS, Folder, new_folder
from verification.artifacts.sources import NAMES
from verification.report.files import write_report
from verification.report.record import Run


def leave_what_can_be_said(root: Path, reason: str, stack: str | None = None) -> str:
    """Write the reports of a run that could check nothing; return the words for whoever waits for them."""
    folder = Folder(new_folder(root, NO_ADDRESS), missing=dict.fromkeys(NAMES, reason))
    run = Run(uuid.uuid4().hex, deployment={"stack": stack}, fault=reason, missing=folder.missing)
    write_report(run, folder)
    return f"warning: nothing was verified: {reason}.\nartifacts: {folder.path}"
