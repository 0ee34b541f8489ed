"""What else goes wrong on a droplet: its engine, its disk, its database, its memory."""

import pytest

from rollout.tests.chaos.conftest import Record
from rollout.tests.chaos.holding import AMID, BEGUN, holding
from rollout.tests.chaos.machines.remote import Remote, await_true
from rollout.tests.chaos.state import assert_whole
from rollout.tests.load import Load

pytestmark = [pytest.mark.docker, pytest.mark.chaos]

# systemd takes many restarts in a row for a failure.
RESTART = "systemctl reset-failed docker && systemctl restart docker"
READS = ("/", "/api/health")
# What is kept back for root has to be filled as well: the rollout is root.
FREE = "$(stat -f -c '%f %S' /srv | awk '{print ($1 - 4096) * $2}')"
FILL = f"fallocate -l {FREE} /srv/fill; ! dd if=/dev/zero of=/srv/more bs=4k"
EMPTY = "rm -f /srv/fill /srv/more"


def assert_next_apply_succeeds(remote: Remote) -> None:
    outcome = remote.apply()
    assert outcome.code == 0, outcome.text
    assert_whole(remote, outcome.facts["release"])


def assert_only_interrupted(load: Load) -> None:
    """Nobody was told anything wrong: for a moment there was no way in, or none to the release, or to its database.

    Containers live on while the engine restarts, but the ports that it publishes and the names that it resolves
    are its own.
    """
    statuses = {failure.partition(": ")[2].partition(" ")[0] for failure in load.failures}
    assert statuses <= {"0", "502", "503"}, load.failures
    assert load.not_once() == {}


def test_the_engine_is_restarted_and_everything_comes_back(remote: Remote, record: Record) -> None:
    release, lived = remote.answering(), _starts(remote)
    with Load(remote) as load:
        remote.ssh(RESTART)
        assert_whole(remote, release)
    assert _starts(remote) == lived
    assert_only_interrupted(load)
    record("engine restart", load.facts())


def _starts(remote: Remote) -> list[str]:
    ids = remote.docker("ps", "--quiet").split()
    return sorted(remote.docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", *ids).splitlines())


@pytest.mark.parametrize("step", ["start", "handover"])
def test_the_engine_is_restarted_during_a_step(remote: Remote, step: str) -> None:
    with Load(remote) as load, holding(remote, AMID, step) as held:
        remote.ssh(RESTART)
        held.finish()
    assert_whole(remote, remote.answering())
    assert_only_interrupted(load)
    assert_next_apply_succeeds(remote)


@pytest.mark.parametrize("step", ["stage", "start"])
def test_the_disk_is_full_in_the_middle_of_a_rollout(remote: Remote, step: str) -> None:
    release = remote.answering()
    with Load(remote) as load, holding(remote, BEGUN, step) as held:
        remote.ssh(FILL)
        try:
            outcome = held.finish()
            served = remote.answering()
        finally:
            remote.ssh(EMPTY)
    assert (outcome.code, served) == (1, release), outcome.text
    assert f"disk full during step {step}" in outcome.err
    assert load.failures == []
    assert load.not_once() == {}
    assert_next_apply_succeeds(remote)


def test_a_full_disk_is_told_before_anything_is_touched(remote: Remote) -> None:
    release = remote.answering()
    remote.ssh("fallocate -l $(df --output=avail -B1 /srv | tail -1 | awk '{print $1 - 100000000}') /srv/fill")
    try:
        outcome = remote.apply()
    finally:
        remote.ssh(EMPTY)
    assert outcome.code == 1, outcome.text
    assert "disk full: 200 MB needed, 9" in outcome.err
    assert_whole(remote, release)


def test_the_database_is_restarted_and_no_write_is_lost(remote: Remote) -> None:
    release = remote.answering()
    with Load(remote, reads=READS, writes=False) as readers, Load(remote, reads=()) as writers:
        remote.docker("restart", "data-postgres-1")
        known = len(writers.kept)
        await_true(lambda: len(writers.kept) > known, "a write after the restart")
    assert_whole(remote, release)
    assert readers.failures == []
    assert writers.not_once() == {}


@pytest.mark.parametrize("step", ["rehearse"])
def test_the_database_is_restarted_during_a_step(remote: Remote, step: str) -> None:
    with Load(remote, reads=READS, writes=False) as readers, holding(remote, AMID, step) as held:
        remote.docker("restart", "data-postgres-1")
        held.finish()
    assert readers.failures == []
    assert_whole(remote, remote.answering())
    assert_next_apply_succeeds(remote)


def test_a_release_over_its_memory_limit_is_refused(remote: Remote) -> None:
    release = remote.answering()
    with Load(remote) as load:
        outcome = remote.apply("hungry")
    assert outcome.code == 1, outcome.text
    assert "out of memory" in outcome.err
    assert_whole(remote, release)
    assert load.failures == []
    assert load.not_once() == {}
