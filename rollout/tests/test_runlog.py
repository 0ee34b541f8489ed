"""The log of a run is found with its release, tells every command, and no secret."""

from pathlib import Path

import pytest

from rollout.errors import CommandFailed
from rollout.host import Host
from rollout.layout import FAILED, Layout
from rollout.redact import Redactor
from rollout.runlog import RunLog
from rollout.tests.machine import SECRET, Machine

RELEASE = "20260101-000000-abc1234"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path)


def test_a_command_is_logged_with_its_output_and_its_end(layout: Layout) -> None:
    host = Host()
    with RunLog(layout, RELEASE, Redactor([SECRET])) as log:
        host.log = log.write
        with pytest.raises(CommandFailed):
            host.run(["sh", "-c", f"echo colour {SECRET}; echo no such file >&2; exit 3"])
    text = layout.loose_log(RELEASE).read_text()
    assert "ended with 3 after" in text
    assert "    | colour [secret]\n" in text
    assert "    | no such file\n" in text
    assert SECRET not in text


def test_the_log_moves_into_the_releases_folder_and_stays_with_it(layout: Layout) -> None:
    folder = layout.release(RELEASE)
    with RunLog(layout, RELEASE, str) as log:
        log.write("before")
        folder.mkdir(parents=True)
        log.write("staged")
        folder.rename(folder.with_name(folder.name + FAILED))
        log.write("taken back")
    kept = folder.with_name(folder.name + FAILED) / "rollout.log"
    assert [line.split(" ", 1)[1] for line in kept.read_text().splitlines()] == ["before", "staged", "taken back"]
    assert layout.loose_logs() == []


def test_a_full_disk_ends_the_log_and_not_the_run(layout: Layout) -> None:
    layout.loose_log(RELEASE).symlink_to("/dev/full")
    heard: list[str] = []
    with RunLog(layout, RELEASE, str) as log:
        say = log.heard(heard.append)
        say("one")
        say("two")
    assert heard == ["one", "two"]


def test_each_release_keeps_the_log_of_its_rollout_and_of_its_rollback(machine: Machine) -> None:
    first, second = machine.apply("one")["release"], machine.apply("two")["release"]
    machine.process().rollback(None, 0)
    logs = {name: (machine.layout.release(name) / "rollout.log").read_text() for name in (first, second)}
    assert f"apply {first}: preflight" in logs[first]
    assert f"rollback {first}: preflight" in logs[first]
    assert f"apply {second}: preflight" in logs[second]
    assert machine.layout.loose_logs() == []
