"""Going back to an older release, and telling Pulumi that the droplet no longer runs what its state says."""

from __future__ import annotations

import os
import subprocess
from typing import Any

from slipway.environment import stack_environment
from slipway.errors import DeployFailed
from slipway.facts import read_facts
from slipway.project import Project
from slipway.remote import ask_engine

ROLLBACK_LIMIT_S = 600
ROLLOUT = "slipway:release:Release$command:remote:Command::rollout"


def roll_back(project: Project, stack: str, release: str | None = None, lock_wait_s: float = 0) -> dict[str, Any]:
    """Switch to a release, the one before by default; the next `pulumi up` will release what the checkout says.

    Returns the engine's `{release, previous, changed, seconds}`, and for a release that serves already what of it was
    `mended` and what is `still` not well. Raises Unreachable, Locked, or DeployFailed with the
    engine's reason, as when the release doesn't fit today's schema.
    """
    arguments = ["rollback", *([release] if release else []), "--lock-wait", f"{lock_wait_s:g}"]
    result = ask_engine(read_facts(project, stack), *arguments, timeout_s=ROLLBACK_LIMIT_S + lock_wait_s)
    if result["changed"] and "mended" not in result:  # what was only mended is the release that Pulumi knows
        _taint(project, stack)
    return result


def _taint(project: Project, stack: str) -> None:
    """Mark the release in Pulumi's state: without this an unchanged program would have nothing to do.

    Source: https://www.pulumi.com/docs/iac/cli/commands/pulumi_state_taint/
    """
    urn = f"urn:pulumi:{stack}::slipway::{ROLLOUT}"
    done = subprocess.run(
        ["pulumi", "state", "taint", urn, "--yes", "--stack", stack, "--non-interactive"],
        cwd=project.root,
        env=os.environ | stack_environment(project, stack),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise DeployFailed(
            "The older release serves, but Pulumi's state could not be told, so an unchanged program would have "
            f"nothing to do: {done.stderr.strip()}\n"
            f"Do it by hand: pulumi state taint '{urn}' --stack {stack}"
        )
