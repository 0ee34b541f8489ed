from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from toolchain.errors import CommandFailed
from toolchain.ledger import Ledger
from toolchain.removal import purge, what_goes
from toolchain.steps.engine import EngineRecord, start_ticks, stop_engine
from toolchain.tests.fakes import session_in, settings_in, tool


def test_the_ledger_adds_up_over_runs(tmp_path: Path) -> None:
    put = tmp_path / "uv"
    put.write_text("binary")
    Ledger(tmp_path / "installed.json").add_packages(["b", "a"])
    Ledger(tmp_path / "installed.json").add_packages(["c", "a"])
    Ledger(tmp_path / "installed.json").add_file(put)
    added = Ledger(tmp_path / "installed.json").read()
    assert added["packages"] == ["a", "b", "c"]
    assert list(added["files"]) == [str(put)]


def test_purge_takes_what_was_added_and_leaves_what_changed_since(tmp_path: Path) -> None:
    session = session_in(tmp_path)
    tool(tmp_path, "docker", "exit 1")
    asked = tmp_path / "asked"
    tool(tmp_path, "apt-get", f'echo "$@" > {asked}')
    mine, changed = tmp_path / "mine", tmp_path / "changed"
    for path in (mine, changed):
        path.write_text("as it was added")
        session.ledger.add_file(path)
    changed.write_text("as somebody wrote it since")
    session.ledger.add_packages(["docker.io", "tini"])
    session.settings.cache.mkdir(parents=True)
    assert f"file {mine}" in what_goes(session.settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path / "tools"))
        assert purge(session.settings) == [f"file {changed}: it was changed since"]
    assert not mine.exists()
    assert changed.exists()
    assert asked.read_text().split() == ["--yes", "purge", "docker.io", "tini"]
    assert not session.settings.cache.exists()
    assert not session.settings.ledger.exists()


def test_a_purge_that_apt_refuses_keeps_the_record(tmp_path: Path) -> None:
    session = session_in(tmp_path)
    tool(tmp_path, "docker", "exit 1")
    tool(tmp_path, "apt-get", "echo it is locked; exit 100")
    session.ledger.add_packages(["docker.io"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path / "tools"))
        with pytest.raises(CommandFailed, match="ended with 100"):
            purge(session.settings)
    assert session.ledger.read()["packages"] == ["docker.io"]


def test_stop_ends_the_process_that_was_recorded(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    process = subprocess.Popen(["sleep", "600"])
    EngineRecord.at(settings).write_process(process.pid)
    assert EngineRecord.at(settings).is_alive()
    assert "stopped dockerd" in stop_engine(settings)
    assert process.wait() == -15
    assert not EngineRecord.at(settings).path.exists()


def test_stop_spares_a_stranger_that_got_the_recorded_number(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    record = EngineRecord.at(settings)
    record.write_process(os.getpid())
    text = record.path.read_text()
    record.path.write_text(text.replace(str(start_ticks(os.getpid())), "1"))
    assert stop_engine(settings) == "no Docker engine was started by this checkout"


def test_stop_without_a_record_stops_nothing(tmp_path: Path) -> None:
    assert stop_engine(settings_in(tmp_path)) == "no Docker engine was started by this checkout"
