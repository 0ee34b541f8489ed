from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from toolchain import __main__ as command
from toolchain.errors import ToolchainError
from toolchain.install import install
from toolchain.session import Session
from toolchain.tests.fakes import FakeStep, settings_in


def test_a_run_after_a_failure_goes_on_where_it_was(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    done: list[str] = []

    class Marked(FakeStep):
        def probe(self, session: Session) -> str | None:
            return "is there" if (tmp_path / self.name).exists() else None

    def work(name: str, *, is_broken: bool = False) -> Marked:
        def act(session: Session) -> None:
            done.append(name)
            if is_broken:
                raise ToolchainError("no", where="here", mend="so")
            (tmp_path / name).touch()

        return Marked(name, ("first",) if name == "second" else (), act)

    console = Console(file=io.StringIO())
    with pytest.raises(ToolchainError, match="no"):
        install(settings, [work("first"), work("second", is_broken=True)], console)
    outcomes = install(settings, [work("first"), work("second")], console)
    assert done == ["first", "second", "second"]
    assert [outcome.changed for outcome in outcomes] == [False, True]


def test_without_a_terminal_each_event_is_one_plain_line(tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), width=40)
    install(settings_in(tmp_path), [FakeStep("a", already="has [brackets] and is longer than the console")], console)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert [line.split("] ", 1)[1] for line in lines] == [
        "a: a test",
        "a: ✓ has [brackets] and is longer than the console (0.0 s)",
    ]


def test_a_failure_is_one_message_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(session: Session) -> None:
        session.shell.run(["sh", "-c", "echo the disk is full; exit 1"], timeout_s=9, mend="make room")

    monkeypatch.setattr(command, "read_settings", lambda: settings_in(tmp_path, PATH="/usr/bin:/bin"))
    monkeypatch.setattr(command, "all_steps", lambda **_: [FakeStep("disk", act=fail)])
    assert command.main(["install"]) == 1
    error = capsys.readouterr().err
    assert error.splitlines()[1:] == [
        "✗ `sh -c echo the disk is full; exit 1` ended with 1",
        f"  where: {tmp_path}/.slipway/run/log/disk.log",
        "  mend:  make room",
        "  | the disk is full",
    ]


def test_json_goes_to_stdout_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "read_settings", lambda: settings_in(tmp_path))
    monkeypatch.setattr(command, "all_steps", lambda **_: [FakeStep("a"), FakeStep("b", already="is here")])
    assert command.main(["install", "--json", "--only", "b"]) == 0
    (step,) = json.loads(capsys.readouterr().out)["steps"]
    assert (step["step"], step["changed"], step["detail"]) == ("b", False, "is here")


def test_an_unknown_step_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["install", "--only", "motor"]) == 2
    assert "there is no step 'motor'" in capsys.readouterr().err
