from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.loading import load_settings
from infra.tests.conftest import good_configuration, new_key
from slipway import deploy as deploying
from slipway.account import Access, Api
from slipway.deploy import Deployment, Serving, Wishes, tell_serving
from slipway.errors import DeployFailed
from slipway.project import Project

NOW, BEFORE = Serving("release", "r2"), Serving("release", "r1")
NOTHING, SILENCE = Serving("nothing"), Serving("silence", why="SSH timed out")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (BEFORE, BEFORE, "Release r1 goes on serving."),
        (BEFORE, NOW, "Release r2 serves now; r1 did before."),
        (BEFORE, NOTHING, "Nothing serves now: release r1 served before, and its data are on the volume."),
        (BEFORE, SILENCE, "Release r1 served before; what serves now is not known"),
        (SILENCE, SILENCE, "What serves now is not known"),
        (NOTHING, NOTHING, "Nothing serves now."),
        (SILENCE, NOW, "Release r2 goes on serving."),
    ],
)
def test_a_failed_deploy_says_only_what_was_seen(before: Serving, now: Serving, said: str) -> None:
    assert tell_serving("staging", before, now).startswith(said)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A deployment of staging in which every outer thing succeeds."""
    settings, key = load_settings("staging", good_configuration(new_key(tmp_path / "key")), {}, tmp_path)
    access = Access(settings, key, Api("http://127.0.0.1:1", "token"))
    monkeypatch.setattr(deploying, "stack_environment", lambda project, stack: {})
    monkeypatch.setattr(deploying, "check_credentials", lambda project, stack, environment: access)
    monkeypatch.setattr(deploying, "what_serves", lambda project, stack: BEFORE)
    monkeypatch.setattr(deploying, "pulumi_up", lambda *args, **more: None)
    monkeypatch.setattr(deploying, "read_status", lambda project, stack: "the status")
    monkeypatch.setattr(deploying, "caller_address", lambda target, asks_outside: "198.51.100.9")
    return Deployment(Project(tmp_path), "staging", Wishes(check=False))


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom a window was opened for."""
    opened: list[str] = []

    @contextmanager
    def window(door: Any, address: str, say: Any) -> Iterator[None]:
        opened.append(f"open {address}")
        yield
        opened.append("closed")

    monkeypatch.setattr(deploying, "deploy_window", window)
    return opened


def allow(run: Deployment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **settings: str) -> None:
    more = {f"slipway:{key}": value for key, value in settings.items()}
    found, key = load_settings("staging", good_configuration(tmp_path / "key") | more, {}, tmp_path)
    access = Access(found, key, Api("http://127.0.0.1:1", "token"))
    monkeypatch.setattr(deploying, "check_credentials", lambda project, stack, environment: access)


def test_the_phases_come_in_order(run: Deployment, windows: list[str]) -> None:
    assert str(run.run()) == "the status"
    assert [phase.name for phase in run.timeline.phases] == ["settings and credentials", "pulumi up"]
    assert windows == []


def test_a_stack_that_says_so_gets_a_window_for_everything_that_needs_ssh(
    run: Deployment, windows: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    allow(run, monkeypatch, tmp_path, deployWindow="true")

    def asked(project: Project, stack: str) -> Serving:
        windows.append("asked")
        return NOTHING

    monkeypatch.setattr(deploying, "what_serves", asked)
    monkeypatch.setattr(deploying, "read_status", lambda project, stack: windows.append("status"))
    run.run()
    assert windows == ["open 198.51.100.9", "asked", "status", "closed"]


def test_an_operator_inside_the_networks_opens_no_window(
    run: Deployment, windows: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    allow(run, monkeypatch, tmp_path, deployWindow="true", operatorNetworks='["198.51.100.0/24"]')
    heard: list[str] = []
    run.timeline.on_line = lambda phase, line: heard.append(line)
    run.run()
    assert windows == []
    assert "no window is needed" in heard[0]


def test_a_failure_of_pulumi_says_what_serves(run: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **more: object) -> None:
        raise DeployFailed("`pulumi up -s staging` failed.\nthe droplet could not be made")

    answers = iter([BEFORE, NOTHING])
    monkeypatch.setattr(deploying, "what_serves", lambda project, stack: next(answers))
    monkeypatch.setattr(deploying, "pulumi_up", fail)
    with pytest.raises(DeployFailed, match=r"could not be made\nNothing serves now: release r1 served before"):
        run.run()
    assert [phase.state for phase in run.timeline.phases] == ["done", "failed"]
