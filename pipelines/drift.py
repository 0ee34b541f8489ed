"""Whether the cloud still is what Pulumi's state says, told in one issue per stack."""

from __future__ import annotations

from typing import Any

from pipelines.asking import Answer, ask, kept
from pipelines.github import GitHub
from pipelines.runner import Runner
from pipelines.telling import folded, summary_of
from slipway.project import Project

NAME = "drift"
LABEL = "drift"
# What the CLI ends with when --expect-no-changes is not met; source: cmd/pulumi/cmd/exit_codes.go of pulumi/pulumi.
CHANGES_FOUND = 7


def drift(project: Project, stack: str) -> int:
    """Compare the cloud with the state, change neither, and keep what was found; drift is no failure of this step."""
    answer = ask(project, stack, ["refresh", "--preview-only", "--expect-no-changes", "--diff"])
    if answer.code not in (0, CHANGES_FOUND):
        return answer.code
    answer.keep(project, NAME)
    return 0


def issue(project: Project, stack: str, runner: Runner) -> str:
    """Open the stack's issue, write it anew, or close it; return a line that says which."""
    answer = kept(project, NAME, stack)
    marker = f"<!-- slipway:{NAME}:{stack} -->"
    with GitHub(runner) as github:
        found = github.find_issue(marker, LABEL)
        if answer.code == CHANGES_FOUND:
            said = _tell_drift(github, found, marker, answer, runner)
        elif found is None:
            said = f"no drift of stack {stack}"
        else:
            number = int(found["number"])
            github.add_comment(number, f"Gone: the cloud is what the state says again ([run]({runner.run_url})).")
            github.close_issue(number)
            said = f"the drift of stack {stack} is gone: closed #{number}"
    runner.tell(said)
    return said


def _tell_drift(github: GitHub, found: dict[str, Any] | None, marker: str, answer: Answer, runner: Runner) -> str:
    body = issue_text(answer, runner)
    if found is None:
        address = github.open_issue(f"Stack {answer.stack} has drifted", marker, LABEL, body)
        return f"stack {answer.stack} has drifted: {address}"
    github.write_issue(int(found["number"]), marker, body)
    return f"stack {answer.stack} has still drifted: #{found['number']}"


def issue_text(answer: Answer, runner: Runner) -> str:
    """Say what differs and what can be done about it."""
    stack, counts = answer.stack, summary_of(answer.text) or "see below"
    return "\n".join(
        [
            f"What Pulumi made for stack `{stack}` was changed from elsewhere: {counts}.",
            "",
            folded("What differs", answer.text),
            "",
            f"To undo it: `pulumi up --refresh -s {stack}`. To keep it: `pulumi refresh -s {stack}`, and make the "
            "program say the same. This issue closes by itself when the difference is gone.",
            "",
            f"Seen by [this run]({runner.run_url}).",
        ]
    )
