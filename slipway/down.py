"""Removes what deployments of stack `local` made on this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from slipway.environment import LOCAL, stack_environment
from slipway.errors import DeployFailed
from slipway.local import run_cloud
from slipway.project import Project
from slipway.pulumi_up import stream


def take_down(project: Project, say: Callable[[str], None]) -> None:
    """Destroy stack `local`, reset the local cloud and drop keys and state; caches and artifacts stay.

    The local cloud is reset even when the destroy fails: nothing outside it belongs to the stack.
    """
    failed = _destroy(project, say)
    run_cloud(project, "reset", say)
    for path in (project.backend, project.local_cloud, project.operator_key.parent, project.state / "deployments"):
        shutil.rmtree(path, ignore_errors=True)
    for file in (project.passphrase, project.root / "Pulumi.local.yaml"):
        file.unlink(missing_ok=True)
    if failed:
        raise DeployFailed("`pulumi destroy` failed, so its resources were removed with the local cloud instead.")
    say("Nothing of stack local is left; caches stay in .slipway/cache, artifacts in local_run_logs.")


def _destroy(project: Project, say: Callable[[str], None]) -> bool:
    """Run `pulumi destroy`; returns whether it failed."""
    if not (project.root / "Pulumi.local.yaml").is_file() or not project.backend.is_dir():
        return False
    environment = os.environ | stack_environment(project, LOCAL)
    argv = ["pulumi", "destroy", "--yes", "--skip-preview", "--stack", LOCAL, "--non-interactive", "--color", "never"]
    argv += ["--suppress-progress", "--suppress-outputs"]
    return stream(argv, project.root, environment, say).code != 0
