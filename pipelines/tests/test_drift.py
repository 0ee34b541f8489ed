from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.asking import Answer
from pipelines.drift import CHANGES_FOUND, issue
from pipelines.runner import Runner
from pipelines.tests.github_server import Repository
from slipway.project import Project

SAID = "Previewing refresh (staging):\n ~ Firewall updated\nResources:\n    ~ 1 to update\n"


def kept(project: Project, code: int, text: str = SAID) -> None:
    Answer("staging", code, text).keep(project, "drift")


@pytest.fixture(autouse=True)
def others(repository: Repository) -> None:
    """Issues that are not ours, though they look like it; enough for a second page."""
    marker = "<!-- slipway:drift:staging -->"
    repository.add_issue(title="of a person", body=marker, labels=["drift"], by="User")
    repository.add_issue(title="of another stack", body="<!-- slipway:drift:other -->", labels=["drift"])
    repository.add_issue(title="a pull request", body=marker, labels=["drift"], pull_request={})


def test_drift_opens_one_issue_that_is_kept_current_and_closed(
    project: Project, runner: Runner, repository: Repository, variables: dict[str, str]
) -> None:
    kept(project, CHANGES_FOUND)
    assert issue(project, "staging", runner) == "stack staging has drifted: i/4"
    kept(project, CHANGES_FOUND, SAID.replace("Firewall", "Droplet"))
    assert issue(project, "staging", runner) == "stack staging has still drifted: #4"
    assert len(repository.issues) == 4
    found = repository.issue(4)
    assert found["title"] == "Stack staging has drifted"
    assert "~ Droplet updated" in found["body"]
    assert "~ 1 to update" in found["body"]
    kept(project, 0, "")
    assert issue(project, "staging", runner) == "the drift of stack staging is gone: closed #4"
    assert (found["state"], found["state_reason"]) == ("closed", "completed")
    assert [each["issue"] for each in repository.comments] == [4]
    assert issue(project, "staging", runner) == "no drift of stack staging"
    assert len(Path(variables["GITHUB_STEP_SUMMARY"]).read_text().splitlines()) == 4


def test_a_new_drift_after_the_last_one_is_a_new_issue(
    project: Project, runner: Runner, repository: Repository
) -> None:
    for code in (CHANGES_FOUND, 0, CHANGES_FOUND):
        kept(project, code)
        issue(project, "staging", runner)
    assert [each["state"] for each in repository.issues[3:]] == ["closed", "open"]


def test_other_issues_stay_as_they_are(project: Project, runner: Runner, repository: Repository) -> None:
    before = [dict(each) for each in repository.issues]
    kept(project, 0)
    issue(project, "staging", runner)
    assert repository.issues == before
