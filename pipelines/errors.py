"""How a step of a pipeline can end badly."""

from __future__ import annotations


class PipelineError(Exception):
    """A step can't go on; the text says what happened, where, and what to do."""


class NotInAWorkflow(PipelineError):
    """A variable that GitHub's runner sets is missing."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            f"{', '.join(missing)} not set: this step belongs into a workflow "
            "(docs/pipelines.md says how to do the same elsewhere)"
        )


class GitHubRefused(PipelineError):
    """GitHub's API didn't do what it was asked."""

    def __init__(self, asked: str, status: int, said: str) -> None:
        super().__init__(f"{asked}: GitHub answers {status}: {said}\nHas the job the permission that this step needs?")
        self.status = status
