"""A dump arrives whole, or it is told and nothing half of it stays: a shell here stands in for the one over SSH."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from slipway import backup, restore
from slipway.errors import BackupTorn, ConfigurationFault
from slipway.facts import Facts
from slipway.tests.test_guard import FACTS

DUMP = b"PGDMP" + bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _shell_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def in_a_shell(facts: Facts, **_: Any) -> list[str]:
        return ["sh", "-c"]

    (tmp_path / "droplet").mkdir()
    monkeypatch.setattr(restore, "BACKUPS", str(tmp_path / "droplet"))
    for module in (backup, restore):
        monkeypatch.setattr(module, "ssh_argv", in_a_shell)


def made(monkeypatch: pytest.MonkeyPatch, folder: Path, sha256: str) -> Path:
    """Let the droplet have a dump that it says to have that digest."""
    there = folder / "droplet" / "20260101-000000-backup.dump"
    there.write_bytes(DUMP)
    facts = {"file": str(there), "bytes": len(DUMP), "sha256": sha256, "tables": 3, "rows": 7}
    monkeypatch.setattr(backup, "ask_engine", lambda *_, **__: facts)
    return there


def test_a_dump_arrives_for_its_owner_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made(monkeypatch, tmp_path, hashlib.sha256(DUMP).hexdigest())
    found = backup.take_backup(FACTS, tmp_path / "here", lambda _: None)
    assert found.file == tmp_path / "here" / "local-20260101-000000-backup.dump"
    assert (found.file.read_bytes(), found.file.stat().st_mode & 0o777) == (DUMP, 0o600)


def test_a_dump_that_is_torn_on_its_way_is_told_and_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = made(monkeypatch, tmp_path, hashlib.sha256(DUMP + b"the rest").hexdigest())
    with pytest.raises(BackupTorn, match=f"did not arrive whole(.|\\n)*{there}"):
        backup.take_backup(FACTS, tmp_path / "here", lambda _: None)
    assert list((tmp_path / "here").iterdir()) == []


def test_a_folder_that_can_not_be_written_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made(monkeypatch, tmp_path, hashlib.sha256(DUMP).hexdigest())
    (tmp_path / "here").touch()
    with pytest.raises(BackupTorn, match="can't be written"):
        backup.take_backup(FACTS, tmp_path / "here", lambda _: None)


def test_a_file_of_this_machine_is_sent_and_restored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(facts: Facts, *words: str, **_: Any) -> dict[str, Any]:
        asked.extend(words)
        return {}

    monkeypatch.setattr(restore, "ask_engine", ask)
    file = tmp_path / "local-20260101-000000-backup.dump"
    file.write_bytes(DUMP)
    restore.restore(FACTS, str(file), lambda _: None)
    there = tmp_path / "droplet" / "20260101-000000-backup.dump"
    assert asked[:2] == ["restore", str(there)]
    assert (there.read_bytes(), there.stat().st_mode & 0o777) == (DUMP, 0o600)
    assert [path.name for path in there.parent.iterdir()] == [there.name]


def test_a_path_that_is_nowhere_is_no_name_of_a_dump(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match="is no file on this machine"):
        restore.restore(FACTS, str(tmp_path / "absent.dump"), lambda _: None)
