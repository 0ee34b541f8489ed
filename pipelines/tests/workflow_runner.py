"""Runs a workflow's jobs here as GitHub's runner would: expressions, conditions, environment, files, masks.

Actions (`uses:`) are not run. Commands that another test runs for real are recorded instead; Pulumi is a script.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_TERM = re.compile(r"(\S+) (==|!=) (\S+)")

Context = Mapping[str, Any]
Result = dict[str, str]


def load(workflow: Path) -> dict[str, Any]:
    """Read a workflow; `on` is YAML's word for true."""
    found: dict[Any, Any] = yaml.safe_load(workflow.read_text())
    return {"on" if key is True else str(key): value for key, value in found.items()}


def look_up(path: str, context: Context) -> Any:
    """Return what a path such as `vars.SLIPWAY_STAGING` means; what nobody set is empty, as on GitHub."""
    found: Any = context
    for name in path.split("."):
        found = found.get(name, "") if isinstance(found, Mapping) else ""
    return found


def filled(text: object, context: Context) -> str:
    """Fill the expressions of a text."""
    return _EXPRESSION.sub(lambda match: str(look_up(match[1], context)), str(text))


def holds(condition: str | None, context: Context, *, has_failed: bool) -> bool:
    """Evaluate an `if:` made of terms joined by `&&`; without a status function a failed job's steps are skipped."""
    terms = [] if condition is None else _EXPRESSION.sub(r"\1", condition).split(" && ")
    if has_failed and not {"always()", "!cancelled()"} & set(terms):
        return False
    return all(_term_holds(term, context) for term in terms)


def _term_holds(term: str, context: Context) -> bool:
    if term in ("always()", "!cancelled()"):
        return True
    found = _TERM.fullmatch(term)
    assert found is not None, f"this runner can't evaluate {term!r}"
    left, right = (word[1:-1] if word.startswith("'") else look_up(word, context) for word in (found[1], found[3]))
    return bool((left == right) is (found[2] == "=="))


@dataclass
class Ran:
    """What became of a job."""

    outcomes: Result = field(default_factory=dict)
    log: str = ""
    commands: list[list[str]] = field(default_factory=list)
    summary: str = ""


@dataclass
class Machine:
    """A runner: a checkout in `folder` whose heavy commands are recorded, and an environment as GitHub sets it."""

    folder: Path
    variables: dict[str, str]
    pulumi: dict[str, Any] = field(default_factory=dict)
    failing: str = ""

    @property
    def workspace(self) -> Path:
        """The checkout."""
        return self.folder / "site"

    def make_checkout(self) -> None:
        """Put the checkout together from links; what steps write stays in `folder`."""
        self.workspace.mkdir(parents=True)
        for entry in CHECKOUT.iterdir():
            if entry.name not in (".slipway", ".venv", "local_run_logs", "Pulumi.staging.yaml"):
                (self.workspace / entry.name).symlink_to(entry)
        staging = (CHECKOUT / "Pulumi.staging.yaml").read_text()
        (self.workspace / "Pulumi.staging.yaml").write_text(f"{staging}  slipway:sshKeyFile: .slipway/keys/staging\n")
        venv, real = self.workspace / ".venv", Path(sys.prefix)
        (venv / "bin").mkdir(parents=True)
        for name in ("pyvenv.cfg", "lib"):
            (venv / name).symlink_to(real / name)
        (venv / "bin" / "python").symlink_to(real / "bin" / "python")
        shims = self.folder / "shims"
        shims.mkdir()
        for target in (venv / "bin" / "slipway", shims / "make", shims / "sudo", shims / "pulumi"):
            target.write_text(
                f'#!/bin/sh\nexec {sys.executable} -SE {Path(__file__).with_name("shims.py")} "$0" "$@"\n'
            )
            target.chmod(0o755)

    def run(self, job: Mapping[str, Any], context: Context) -> Ran:
        """Run a job's steps one after the other."""
        ran, steps = Ran(), dict[str, dict[str, str]]()
        has_failed = False
        for index, step in enumerate(job["steps"]):
            name = str(step.get("name") or step.get("uses"))
            whole = {**context, "steps": steps}
            if not holds(step.get("if"), whole, has_failed=has_failed):
                outcome = "skipped"
            elif "uses" in step:
                outcome = "success"
            else:
                outcome = self._run_step(step, whole, ran, index)
            has_failed = has_failed or outcome == "failure"
            ran.outcomes[name] = outcome
            steps[str(step.get("id", index))] = {"outcome": outcome}
        return ran

    def _run_step(self, step: Mapping[str, Any], context: Context, ran: Ran, index: int) -> str:
        files = {
            name: self.folder / f"{name}-{index}" for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")
        }
        for file in files.values():
            file.touch()
        record = self.folder / f"commands-{index}.jsonl"
        environment = self._environment(files, record)
        environment |= {name: filled(value, context) for name, value in (step.get("env") or {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled(step["run"], context)],
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        ran.log += done.stdout
        ran.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        if record.exists():
            ran.commands += [json.loads(line) for line in record.read_text().splitlines()]
        return "success" if done.returncode == 0 else "failure"

    def _environment(self, files: Mapping[str, Path], record: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "SLIPWAY_CACHE") if name in os.environ}
        return {
            **kept,
            **self.variables,
            **{name: str(file) for name, file in files.items()},
            "CI": "true",
            "PATH": f"{self.folder / 'shims'}{os.pathsep}{os.environ['PATH']}",
            "SHIM_MAKE": str(shutil.which("make")),
            "SHIM_RECORD": str(record),
            "SHIM_PULUMI": json.dumps(self.pulumi),
            "SHIM_FAILING": self.failing,
        }
