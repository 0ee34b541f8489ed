"""Web pages that a Go module embeds: npm makes them, in a copy of the module that can be written to."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from toolchain.session import Session

NPM_S = 900.0
_AGAIN = "read the log; most often the npm registry did not answer, then run this again"


def copy_with_pages(
    session: Session, module_folder: Path, target: Path, script: str, variables: Mapping[str, str]
) -> Path:
    """Copy a module's folder to `target` and run its npm script there, with packages as its lock file pins them."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(module_folder, target)
    # What packages would run at their installation is left out: none of the module's needs it.
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    session.shell.run(install, timeout_s=NPM_S, mend=_AGAIN, cwd=target, variables=variables)
    session.shell.run(["npm", "run", script], timeout_s=NPM_S, mend=_AGAIN, cwd=target, variables=variables)
    return target
