import os
import time
from pathlib import Path

import pytest

from apps.tests.stack import free_port
from django_admin import heartbeat
from django_admin.healthcheck import main


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEARTBEAT_DIR", str(tmp_path))
    return tmp_path


def grow_old(process: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(heartbeat.path_of(process), (then, then))


@pytest.mark.parametrize(("name", "process"), [("worker", heartbeat.WORKER), ("beat", heartbeat.BEAT)])
def test_a_process_is_well_for_as_long_as_it_shows_signs_of_life(name: str, process: str) -> None:
    assert main([name]) == 1
    heartbeat.touch(process)
    assert main([name]) == 0
    grow_old(process, heartbeat.MAX_AGE_S[process] + 5)
    assert main([name]) == 1
    heartbeat.touch(process)
    assert main([name]) == 0


def test_the_web_check_fails_where_nothing_listens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DJANGO_PORT", str(free_port()))
    assert main(["web"]) == 1
    assert "does not answer" in capsys.readouterr().out
