"""Runs Pulumi for a pipeline: on the screen as it goes, and kept for the step that tells of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.errors import PipelineError
from pipelines.runner import hide_secrets
from slipway.environment import stack_environment
from slipway.project import Project

PLAIN = ("--non-interactive", "--color", "never", "--suppress-progress", "--suppress-outputs")


@dataclass(frozen=True)
class Answer:
    """What Pulumi said of a stack, without secrets, and how it ended."""

    stack: str
    code: int
    text: str

    def keep(self, project: Project, name: str) -> None:
        """Keep it for a later step."""
        file = _file(project, name, self.stack)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self)))


def ask(project: Project, stack: str, arguments: Sequence[str]) -> Answer:
    """Run a Pulumi command on a stack."""
    environment = os.environ | stack_environment(project, stack)
    lines: list[str] = []
    with subprocess.Popen(
        ["pulumi", *arguments, *PLAIN, "--stack", stack],
        cwd=project.root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(hide_secrets(line, environment))
            sys.stdout.write(lines[-1])
    return Answer(stack, process.returncode, hide_secrets("".join(lines), environment))


def kept(project: Project, name: str, stack: str) -> Answer:
    """Return what an earlier step kept; raises PipelineError when there is nothing."""
    file = _file(project, name, stack)
    try:
        return Answer(**json.loads(file.read_text()))
    except FileNotFoundError as error:
        raise PipelineError(f"{file} is not there: run `make pipeline DO={name} S={stack}` before") from error


def _file(project: Project, name: str, stack: str) -> Path:
    return project.state / "pipelines" / f"{name}-{stack}.json"
