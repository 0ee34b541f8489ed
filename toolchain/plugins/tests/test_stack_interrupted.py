"""Ctrl-C, and deaths: what was started ends, and the next run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolchain.plugins.tests.conftest import Project, await_true, is_alive

pytestmark = pytest.mark.pulumi

SLOW = """import os
from pulumi_command import local
local.Command('slow', create='echo $$ > {folder}/command; sleep 600')
open('{folder}/program', 'w').write(str(os.getpid()))
"""


@pytest.fixture
def slow_up(project: Project) -> Iterator[subprocess.Popen[str]]:
    project.write(SLOW.format(folder=project.folder))
    process = project.start("up", "--yes", "--skip-preview")
    try:
        await_true(lambda: (project.folder / "command").exists(), "the command runs")
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def of_this_project(project: Project) -> list[str]:
    """The processes whose environment names this project's state."""
    mark = str(project.folder / "state").encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def has_ended(pid_file: Path) -> bool:
    return not is_alive(pid_file.read_text())


def test_one_interrupt_ends_everything_in_order(project: Project, slow_up: subprocess.Popen[str]) -> None:
    slow_up.send_signal(signal.SIGINT)
    text, _ = slow_up.communicate(timeout=30)
    assert slow_up.returncode == 1, text
    assert "exited prematurely" not in text
    assert "Traceback" not in text
    assert "cancelled" in text
    await_true(lambda: of_this_project(project) == [], "no process is left")
    await_true(lambda: has_ended(project.folder / "command"), "the command has ended")


def test_the_death_of_the_cli_ends_plugins_and_command(project: Project, slow_up: subprocess.Popen[str]) -> None:
    slow_up.kill()
    slow_up.communicate(timeout=30)
    await_true(lambda: of_this_project(project) == [], "no process is left")
    await_true(lambda: has_ended(project.folder / "command"), "the command has ended")


def test_a_plugin_killed_in_a_create_fails_the_run(project: Project) -> None:
    project.write("from pulumi_command import local\nlocal.Command('c', create='kill -KILL $PPID; sleep 1')\n")
    process = project.start("up", "--yes", "--skip-preview")
    text, _ = process.communicate(timeout=30)
    assert process.returncode != 0, text
    project.write("from pulumi_command import local\nlocal.Command('c', create='true')\n")
    project.run("refresh", "--yes", "--clear-pending-creates")
    assert "1 created" in project.up()


def test_a_program_that_hangs_is_interrupted_without_a_traceback(project: Project) -> None:
    project.write(f"import time\nopen('{project.folder}/program', 'w').write('x')\ntime.sleep(60)\n")
    process = project.start("preview")
    await_true(lambda: (project.folder / "program").exists(), "the program runs")
    os.kill(process.pid, signal.SIGINT)
    text, _ = process.communicate(timeout=30)
    assert process.returncode == 1, text
    assert "Traceback" not in text
    assert of_this_project(project) == []
