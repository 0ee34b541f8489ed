"""A droplet that loses its power, or its operator, in the middle of a rollout: nobody has to put anything right."""

import time
from collections.abc import Iterator

import pytest

from rollout.plan import PLANS
from rollout.tests.chaos.conftest import Record
from rollout.tests.chaos.holding import AMID, BEGUN, holding
from rollout.tests.chaos.machines.remote import Remote, await_true
from rollout.tests.chaos.state import assert_whole
from rollout.tests.load import Load

pytestmark = [pytest.mark.docker, pytest.mark.chaos]

STEPS = [step.name for step in PLANS["apply"].steps]
COMMITTED = [step.name for step in PLANS["apply"].after_commit()]


@pytest.fixture(scope="module")
def away_s(record: Record) -> Iterator[dict[str, float]]:
    """How long nobody answered after the power came back, by step."""
    seconds: dict[str, float] = {}
    yield seconds
    record("power cuts", {"cuts": len(seconds), "slowest_return_s": max(seconds.values(), default=0)})


@pytest.fixture(scope="module")
def unled(record: Record) -> Iterator[list[dict[str, int]]]:
    """What became of the requests made while a rollout went on without its operator."""
    each: list[dict[str, int]] = []
    yield each
    counted = ("requests", "failed", "writes", "lost", "doubled")
    record("connection cuts", {"cuts": len(each)} | {name: sum(facts[name] for facts in each) for name in counted})


@pytest.mark.parametrize("step", STEPS)
def test_power_cut_during_a_step_it_comes_back_by_itself(remote: Remote, step: str, away_s: dict[str, float]) -> None:
    before = remote.answering()
    with Load(remote) as load, holding(remote, AMID, step):
        load.stop()  # what was acknowledged until now must be there afterwards
        remote.cut_power()
    begun = time.monotonic()
    remote.power_on()
    await_true(lambda: "-" in remote.answering("/api/health"), "an answer after the power cut")
    away_s[step] = round(time.monotonic() - begun, 1)
    await_true(lambda: _is_whole(remote), "a whole state after the power cut")
    assert (remote.answering() == before) == (step not in COMMITTED)
    await_true(lambda: load.not_once() == {}, "every write that was acknowledged, found in the database")


@pytest.mark.parametrize("step", STEPS)
def test_connection_cut_during_a_step_the_rollout_ends_without_it(
    remote: Remote, step: str, unled: list[dict[str, int]]
) -> None:
    before = remote.answering()
    with Load(remote) as load:
        with holding(remote, BEGUN, step) as held:
            held.kill()
            held.let_go()
        remote.ssh(f"flock {remote.root}/lock true")
    unled.append(load.facts())
    release = remote.answering()
    assert release != before
    assert_whole(remote, release)
    assert load.failures == []
    assert load.not_once() == {}
    assert load.seen <= {before, release}


def _is_whole(remote: Remote) -> bool:
    assert_whole(remote, remote.answering())
    return True
