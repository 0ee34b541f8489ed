from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.asking import Answer
from pipelines.errors import GitHubRefused, NotInAWorkflow, PipelineError
from pipelines.preview import comment, comment_text
from pipelines.runner import Runner, hide_secrets
from pipelines.telling import LONGEST, folded, summary_of
from pipelines.tests.github_server import TOKEN, Repository
from slipway.project import Project

SAID = (
    "Previewing update (staging):\n ~ rollout update\nResources:\n    ~ 1 to update\n    31 unchanged\n\nDuration: 2s\n"
)


def kept(project: Project, code: int = 0, text: str = SAID) -> None:
    Answer("staging", code, text).keep(project, "preview")


def test_a_pull_request_gets_one_comment_however_often_it_changes(
    project: Project, runner: Runner, repository: Repository
) -> None:
    for body in ("hello", "<!-- slipway:preview:staging -->\nmine"):
        repository.add_comment(7, body, by="User")
    repository.add_comment(8, "<!-- slipway:preview:staging -->\nof another one")
    kept(project)
    first = comment(project, "staging", runner)
    kept(project, code=1, text="error: no")
    assert comment(project, "staging", runner) == first
    mine = [each for each in repository.comments if each["issue"] == 7 and each["user"]["type"] == "Bot"]
    assert len(mine) == 1
    assert "failed" in mine[0]["body"]
    assert "error: no" in mine[0]["body"]
    assert [each["body"] for each in repository.comments[:2]] == ["hello", "<!-- slipway:preview:staging -->\nmine"]


def test_the_comment_counts_the_changes_and_names_the_commit_that_people_know(runner: Runner) -> None:
    text = comment_text(Answer("staging", 0, SAID), runner)
    assert text.startswith("### Preview of stack `staging`: ~ 1 to update, 31 unchanged\n")
    assert "Commit abcdef0, [run](https://github.example/shop/site/actions/runs/42)" in text


def test_the_summary_page_shows_the_same(
    project: Project, runner: Runner, variables: dict[str, str], repository: Repository
) -> None:
    kept(project)
    comment(project, "staging", runner)
    assert "Preview of stack `staging`" in Path(variables["GITHUB_STEP_SUMMARY"]).read_text()
    assert repository.calls[-1] == "POST issues/7/comments"


def test_text_cannot_break_out_of_its_block_and_fits() -> None:
    assert folded("t", "a\n```\nb").count("````") == 2
    long = folded("t", "first line\n" + "x" * 99 + "\n" + "y\n" * LONGEST + "the end")
    assert len(long) < LONGEST + 200
    assert "first line" not in long
    assert "the end" in long


def test_without_changes_there_is_nothing_to_count() -> None:
    assert summary_of("nothing here") == ""
    assert summary_of("x\nResources:\n    32 unchanged\n") == "32 unchanged"


def test_a_missing_permission_is_told_with_what_was_asked(
    project: Project, runner: Runner, repository: Repository
) -> None:
    repository.allowed = False
    kept(project)
    with pytest.raises(GitHubRefused, match=r"(?s)POST issues/7/comments: GitHub answers 403.*permission") as caught:
        comment(project, "staging", runner)
    assert TOKEN not in str(caught.value)


def test_a_step_outside_a_workflow_names_all_that_is_missing() -> None:
    with pytest.raises(NotInAWorkflow, match=r"GITHUB_API_URL, GITHUB_REPOSITORY, .*GITHUB_TOKEN not set"):
        Runner.from_environment({})


def test_a_run_for_no_pull_request_has_nothing_to_comment_on(project: Project, variables: dict[str, str]) -> None:
    del variables["GITHUB_EVENT_PATH"]
    with pytest.raises(PipelineError, match="no pull request"):
        comment(project, "staging", Runner.from_environment(variables))


def test_a_comment_without_a_preview_says_what_to_run_first(project: Project, runner: Runner) -> None:
    with pytest.raises(PipelineError, match="make pipeline DO=preview S=staging"):
        comment(project, "staging", runner)


def test_secrets_are_hidden_line_by_line() -> None:
    environ = {
        "DIGITALOCEAN_TOKEN": "dop_v1_abcdef",
        "SLIPWAY_SSH_KEY": "-----BEGIN KEY-----\nAAAABBBB\n",
        "HOME": "/home/me",
    }
    told = hide_secrets("a dop_v1_abcdef b AAAABBBB c /home/me", environ)
    assert told == "a *** b *** c /home/me"
