"""`pulumi preview` of a pull request, told in one comment that is kept current."""

from __future__ import annotations

from pipelines.asking import Answer, ask, kept
from pipelines.errors import PipelineError
from pipelines.github import GitHub
from pipelines.runner import Runner
from pipelines.telling import folded, summary_of
from slipway.project import Project

NAME = "preview"
POLICY_PACK = "infra/policy"


def preview(project: Project, stack: str) -> int:
    """Preview the stack with the policies and keep what was said; return Pulumi's exit code."""
    answer = ask(project, stack, ["preview", "--diff", "--policy-pack", POLICY_PACK])
    answer.keep(project, NAME)
    return answer.code


def comment(project: Project, stack: str, runner: Runner) -> str:
    """Write the comment on the run's pull request; return its address."""
    number = runner.pull_request
    if number is None:
        raise PipelineError("this run is for no pull request, so there is nothing to comment on")
    body = comment_text(kept(project, NAME, stack), runner)
    runner.tell(body)
    with GitHub(runner) as github:
        return github.put_comment(number, f"<!-- slipway:{NAME}:{stack} -->", body)


def comment_text(answer: Answer, runner: Runner) -> str:
    """Say what would change, or that the preview failed."""
    counts = summary_of(answer.text) or "see below"
    said = counts if answer.code == 0 else "failed, see below"
    return "\n".join(
        [
            f"### Preview of stack `{answer.stack}`: {said}",
            "",
            folded("What Pulumi says", answer.text),
            "",
            f"Commit {runner.head[:7]}, [run]({runner.run_url}). Nothing was changed.",
        ]
    )
