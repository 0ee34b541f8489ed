"""`python -m pipelines VERB -s STACK`: one step of a workflow."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from pipelines.drift import drift, issue
from pipelines.errors import PipelineError
from pipelines.prepare import prepare
from pipelines.preview import comment, preview
from pipelines.runner import Runner
from slipway.errors import SlipwayError
from slipway.project import Project
from toolchain.errors import ToolchainError

VERBS = {
    "prepare": "write the SSH key and the deployment's facts into a fresh checkout",
    "preview": "preview the stack, with the policies",
    "comment": "tell of the preview on the pull request",
    "drift": "compare the cloud with Pulumi's state",
    "issue": "open, update or close the issue about drift",
}


def main(argv: list[str] | None = None) -> int:
    """Run one step and return the exit code."""
    arguments = _parser().parse_args(argv)
    stack: str = arguments.stack
    try:
        return _steps(stack)[arguments.verb]()
    except (PipelineError, SlipwayError, ToolchainError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipelines", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, about in VERBS.items():
        one = verbs.add_parser(verb, help=about)
        one.add_argument("-s", "--stack", default="staging")
    return parser


def _steps(stack: str) -> dict[str, Callable[[], int]]:
    project = Project.find()

    def runner() -> Runner:
        return Runner.from_environment(os.environ)

    return {
        "prepare": lambda: _said("\n".join(prepare(project, stack, os.environ))),
        "preview": lambda: preview(project, stack),
        "comment": lambda: _said(comment(project, stack, runner())),
        "drift": lambda: drift(project, stack),
        "issue": lambda: _said(issue(project, stack, runner())),
    }


def _said(text: str) -> int:
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
