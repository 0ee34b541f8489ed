"""What else goes wrong on a droplet: its engine, its disk, its database, its memory."""

import pytest

from rollout.tests.chaos.holding import AMID, BEGUN, holding
from rollout.tests.chaos.machines.remote import Remote, await_true
from rollout.tests.chaos.state import assert_whole
from rollout.tests.load import Load

pytestmark = [pytest.mark.docker, pytest.mark.chaos]

READS = ("/", "/api/health")
# What is kept back for root has to be filled as well: the rollout is root.
FREE = "$(stat -f -c '%f %S' /srv | awk '{print ($1 - 4096) * $2}')"
FILL = f"fallocate -l {FREE} /srv/fill; ! dd if=/dev/zero of=/srv/more bs=4k"
EMPTY = "rm -f /srv/fill /srv/more"


def assert_next_apply_succeeds(remote: Remote) -> None:
    outcome = remote.apply()
    assert outcome.code == 0, outcome.text
    assert_whole(remote, outcome.facts["release"])


def test_the_engine_is_restarted_and_nobody_notices(remote: Remote) -> None:
    release = remote.answering()
    with Load(remote) as load:
        remote.ssh("systemctl restart docker")
        assert_whole(remote, release)
    assert load.failures == []
    assert load.not_once() == {}


@pytest.mark.parametrize("step", ["migrate", "start", "handover"])
def test_the_engine_is_restarted_during_a_step(remote: Remote, step: str) -> None:
    with Load(remote) as load, holding(remote, AMID, step) as held:
        remote.ssh("systemctl restart docker")
        held.finish()
    assert_whole(remote, remote.answering())
    assert load.failures == []
    assert load.not_once() == {}
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


@pytest.mark.parametrize("step", ["backup", "migrate", "gate"])
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
