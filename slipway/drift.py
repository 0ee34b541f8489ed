"""Whether the checkout, Pulumi's state and the cloud still say the same."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from typing import Any

from slipway.environment import stack_environment
from slipway.errors import DeployFailed, Locked
from slipway.project import Project
from slipway.pulumi_up import LOCK_WORDS, diagnostics

LIMIT_S = 300
UNCHANGED = ("same", "read", "refresh")


@dataclass(frozen=True)
class Change:
    """What the next `pulumi up` would do to one resource."""

    deed: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.deed} {self.kind} {self.name}"

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


def find_drift(project: Project, stack: str) -> list[Change]:
    """Ask what the next `pulumi up` would change, after a look at the cloud; nothing is changed by asking.

    Raises Locked or DeployFailed.
    """
    argv = ["pulumi", "preview", "--refresh", "--json", "--stack", stack, "--non-interactive", "--color", "never"]
    try:
        done = subprocess.run(
            argv,
            cwd=project.root,
            env=os.environ | stack_environment(project, stack),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired as error:
        raise DeployFailed(f"`pulumi preview --refresh` did not end in {LIMIT_S} s") from error
    if done.returncode != 0:
        said = f"{done.stderr}\n{done.stdout}".strip()
        fault = Locked if any(words in said for words in LOCK_WORDS) else DeployFailed
        raise fault(f"`pulumi preview --refresh -s {stack}` failed:\n{diagnostics(said)}")
    return changes_of(done.stdout)


def changes_of(document: str) -> list[Change]:
    """Read the changes out of what `pulumi preview --json` prints."""
    steps = json.loads(document[document.index("{") :]).get("steps", [])
    return [_change(step) for step in steps if step["op"] not in UNCHANGED]


def _change(step: dict[str, Any]) -> Change:
    _, _, kind, name = step["urn"].split("::", 3)
    return Change(step["op"], kind.rpartition("$")[2].rpartition(":")[2], name)
