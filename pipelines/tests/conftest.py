from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.runner import Runner
from pipelines.tests.github_server import REPOSITORY, TOKEN, Repository, github
from slipway.project import Project


@pytest.fixture
def repository() -> Iterator[Repository]:
    with github() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "checkout")


@pytest.fixture
def variables(tmp_path: Path, repository: Repository) -> dict[str, str]:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": {"sha": "abcdef0123456789"}}}))
    return {
        "GITHUB_API_URL": repository.url,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "42",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_SHA": "f" * 40,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_TOKEN": TOKEN,
    }


@pytest.fixture
def runner(variables: dict[str, str]) -> Runner:
    return Runner.from_environment(variables)
