"""One at a time; the lock names its owner and goes with it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rollout.errors import Locked, OwnerWontEnd
from rollout.host import Host
from rollout.layout import Layout
from rollout.lock import Lock, break_lock, current_owner

HOLD = """
import signal, sys
from pathlib import Path
from rollout.host import Host
from rollout.layout import Layout
from rollout.lock import Lock
exec(sys.argv[2])
with Lock(Host(), Layout(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(root: Path, first: str = "") -> subprocess.Popen[str]:
    """Start a process that holds the lock until its stdin ends."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    argv = [sys.executable, "-c", HOLD, str(root), first]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_held_lock_names_its_owner(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        with pytest.raises(Locked, match=f"process {holder.pid}, since 20") as told, Lock(Host(), Layout(tmp_path)):
            pass
        assert told.value.exit_code == 4
        owner = current_owner(Layout(tmp_path))
        assert owner is not None
        assert owner["pid"] == holder.pid


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with Lock(Host(), Layout(tmp_path)) as lock:
            assert json.loads(lock.path.read_text())["pid"] == os.getpid()
    assert current_owner(Layout(tmp_path)) is None


def test_waiting_gets_the_lock_when_it_is_given_back(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        assert holder.stdin is not None
        holder.stdin.close()
        with Lock(Host(), Layout(tmp_path), wait_s=20) as lock:
            assert json.loads(lock.path.read_text())["pid"] == os.getpid()


def test_a_broken_lock_ends_its_owner_and_is_free(tmp_path: Path) -> None:
    with hold(tmp_path) as holder:
        ended = break_lock(Host(), Layout(tmp_path), wait_s=20)
        assert ended is not None
        assert (ended["pid"], holder.wait()) == (holder.pid, -signal.SIGTERM)
    assert current_owner(Layout(tmp_path)) is None
    assert break_lock(Host(), Layout(tmp_path), wait_s=0) is None


def test_an_owner_that_does_not_end_is_killed_only_by_force(tmp_path: Path) -> None:
    with hold(tmp_path, "signal.signal(signal.SIGTERM, signal.SIG_IGN)") as holder:
        with pytest.raises(OwnerWontEnd, match=f"process {holder.pid}, since .+ has not ended within 0 s"):
            break_lock(Host(), Layout(tmp_path), wait_s=0)
        assert holder.poll() is None
        break_lock(Host(), Layout(tmp_path), wait_s=1, force=True)
        assert holder.wait() == -signal.SIGKILL
