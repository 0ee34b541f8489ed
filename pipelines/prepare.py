"""Makes a fresh checkout know what an operator's has: the SSH key, and where the stack is deployed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import PipelineError
from slipway.asking import ask_pulumi
from slipway.environment import stack_environment
from slipway.project import Project

KEY_VARIABLE = "SLIPWAY_SSH_KEY"


def prepare(project: Project, stack: str, environ: Mapping[str, str]) -> list[str]:
    """Write the key that SLIPWAY_SSH_KEY holds and the facts of the deployment; return what was done."""
    return [_write_key(project, stack, environ.get(KEY_VARIABLE, "")), _write_facts(project, stack, environ)]


def key_file(project: Project, stack: str) -> Path:
    """Return where the stack's configuration says that the operators' key is."""
    file = project.root / f"Pulumi.{stack}.yaml"
    found: dict[str, Any] = (yaml.safe_load(file.read_text()) or {}) if file.is_file() else {}
    named = (found.get("config") or {}).get("slipway:sshKeyFile")
    if not isinstance(named, str):
        raise PipelineError(
            f"{file.name} names no slipway:sshKeyFile, so there is no place for {KEY_VARIABLE}\n"
            f"On your machine: pulumi config set slipway:sshKeyFile .slipway/keys/{stack} -s {stack}\n"
            f"Then commit {file.name}."
        )
    return project.root / Path(named).expanduser()


def _write_key(project: Project, stack: str, key: str) -> str:
    if not key.strip():
        raise PipelineError(f"{KEY_VARIABLE} is empty: add it to the environment's secrets (docs/pipelines.md)")
    file, content = key_file(project, stack), key.strip() + "\n"
    if file.exists():
        if file.read_text().strip() == content.strip():
            return f"{file} is there"
        raise PipelineError(f"{file} holds another key than {KEY_VARIABLE}; it was left alone")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(content)
    return f"wrote {file}"


def _write_facts(project: Project, stack: str, environ: Mapping[str, str]) -> str:
    environment = {**environ, **stack_environment(project, stack, environ)}
    done = ask_pulumi(["stack", "output", "--json", "--stack", stack], project.root, environment)
    if done.returncode != 0:
        raise PipelineError(f"`pulumi stack output -s {stack}` failed: {done.stderr.strip()}")
    facts = json.loads(done.stdout).get("facts")
    if facts is None:
        return f"stack {stack} is not deployed yet"
    # In the program's own words, and in a process of its own: it imports Pulumi's whole SDK.
    argv = [str(project.python), "-m", "infra.facts", "write", str(project.facts_file(stack))]
    wrote = subprocess.run(argv, input=json.dumps(facts), cwd=project.root, text=True, capture_output=True, check=False)
    if wrote.returncode != 0:
        raise PipelineError(f"the facts of stack {stack} could not be written: {wrote.stderr.strip()}")
    return f"wrote {project.facts_file(stack)}"
