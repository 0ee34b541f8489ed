from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from slipway.cli import app, completing, looking, main
from slipway.errors import FAILED, INTERRUPTED, LOCKED, USAGE, Locked, Terminated
from slipway.project import Project
from slipway.seen import keep_seen

ROOT = Path(__file__).resolve().parents[2]


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_shows_how_it_is_used(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "80", "TERM": "dumb"})
    assert shown.exit_code == 0
    assert f"slipway {' '.join(path)}" in shown.output.partition("Examples:")[2]


def test_the_examples_of_the_whole_name_commands_that_there_are() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output.partition("Examples:")[2]
    named = [line.split("slipway ")[1].split()[0] for line in shown.splitlines() if "slipway " in line]
    assert named
    assert {(name,) for name in named} <= set(ALL)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Locked("the droplet is locked"), LOCKED, "error: the droplet is locked\n"),
        (KeyboardInterrupt(), INTERRUPTED, "stopped: by Ctrl-C; run the command again when you like\n"),
        (Terminated(15), 143, "stopped: ended by signal 15\n"),
    ],
)
def test_a_command_that_ends_badly_says_one_thing(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(looking, "read_status", fail)
    ended = CliRunner().invoke(app, ["status", "-s", "local"])
    assert (ended.exit_code, ended.stderr) == (code, said)


def test_what_nobody_foresaw_is_one_line_and_a_file_with_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise ZeroDivisionError("token=planted-secret-value and\na second line")

    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda number, handler: None)
    monkeypatch.setattr(looking, "read_status", fail)
    monkeypatch.setattr(sys, "argv", ["slipway", "status"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == FAILED
    assert said.startswith("error: this was not foreseen: ZeroDivisionError")
    assert said.count("\n") == 1
    (file,) = (tmp_path / ".slipway" / "errors").iterdir()
    assert str(file) in said
    assert file.stat().st_mode & 0o077 == 0
    assert "Traceback" in file.read_text()
    assert "planted-secret-value" not in said + file.read_text()


def test_outside_a_checkout_the_message_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, ["status"])
    assert ended.exit_code == USAGE
    assert "lies in no Slipway checkout" in ended.stderr


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path)
    project = Project(tmp_path)
    project.facts_file("local").parent.mkdir(parents=True)
    return project


def context(**params: str) -> Any:
    found = typer.main.get_command(app).make_context("slipway", [], resilient_parsing=True)
    found.params = dict(params)
    return found


def test_the_shell_completes_stacks_that_have_a_configuration(project: Project) -> None:
    (project.root / "Pulumi.staging.yaml").touch()
    assert completing.complete_stacks("") == ["local", "staging"]
    assert completing.complete_stacks("st") == ["staging"]


def test_the_shell_completes_what_was_seen_last(project: Project) -> None:
    assert completing.complete_services(context(), "dj") == ["django"]
    assert completing.complete_releases(context(), "") == []
    keep_seen(project, "local", releases={"20260101-a": "serving", "20251231-b": "previous"})
    keep_seen(project, "local", services=["api", "postgres"])
    assert completing.complete_releases(context(stack="local"), "2026") == [("20260101-a", "serving")]
    assert completing.complete_services(context(), "p") == ["postgres"]


def test_completing_outside_a_checkout_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert completing.complete_stacks("") == []
    assert completing.complete_services(context(), "ap") == ["api"]


def test_a_real_shell_gets_its_completions(project: Project) -> None:
    keep_seen(project, "local", releases={"20260101-a": "serving"})
    words = {"_SLIPWAY_COMPLETE": "complete_bash", "COMP_WORDS": "slipway rollback 2", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'slipway'; from slipway.cli import app; app()"],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **words},
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["20260101-a"], "")
