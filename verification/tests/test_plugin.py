"""The plugin that keeps the report, in a run of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from verification.expect import Expect
from verification.report.plugin import Report
from verification.report.record import FAILED, PASSED, UNKNOWN

CHECKS = '''
import pytest
from verification.errors import DropletUnreachable

@pytest.fixture
def broken():
    raise OSError("no disk")

@pytest.fixture
def silent():
    raise DropletUnreachable("SSH to the droplet failed")

@pytest.mark.parametrize("path", ["/a/b"])
@pytest.mark.to_do("do this")
def test_right(path, expect):
    """It is right."""
    expect.equal("status", 200, 200)
    expect.note("9 ms")

def test_wrong(expect):
    """It isn't."""
    expect.equal("status", 502, 200)
    expect.equal("release", "new", "new")

def test_wrong_and_then_stopped(expect):
    """Both are told."""
    expect.equal("status", 502, 200)
    raise KeyError("items")

def test_never_began(broken): ...

def test_nobody_to_ask(silent): ...
'''


class Fixtures:
    """What the room's conftest would bring."""

    @pytest.fixture
    def expect(self) -> Expect:
        """Where a check says what it looks for."""
        return Expect()


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report of those checks."""
    file = tmp_path / "test_some_thing.py"
    file.write_text(CHECKS)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    found = Report()
    options = ["-c", os.devnull, "--rootdir", str(tmp_path), "-p", "no:cacheprovider", "--import-mode=importlib"]
    markers = ["-o", "markers=to_do: x"]
    assert pytest.main([*options, *markers, str(file)], plugins=[found, Fixtures()]) == pytest.ExitCode.TESTS_FAILED
    return found


def test_what_each_check_found_is_kept(report: Report) -> None:
    checks = {name.partition("::")[2]: check for name, check in report.run.checks.items()}
    assert {name: check.outcome for name, check in checks.items()} == {
        "test_right[/a/b]": PASSED,
        "test_wrong": FAILED,
        "test_wrong_and_then_stopped": FAILED,
        "test_never_began": FAILED,
        "test_nobody_to_ask": UNKNOWN,
    }
    right = checks["test_right[/a/b]"]
    assert (right.group, right.title, right.why, right.to_do) == (
        "Some thing",
        "Right: /a/b",
        "It is right.",
        "do this",
    )
    assert (right.expected, right.seen, right.notes) == ("status: 200", "status: 200", ("9 ms",))
    assert (checks["test_wrong"].expected, checks["test_wrong"].seen) == ("status: 200", "status: 502")
    assert checks["test_wrong_and_then_stopped"].seen == "status: 502; KeyError: 'items'"
    assert checks["test_never_began"].seen == "OSError: no disk"
    assert checks["test_nobody_to_ask"].seen == "SSH to the droplet failed"
