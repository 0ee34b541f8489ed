"""A rollout that is killed, at whichever step, harms nobody, and the next one puts everything right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout.host import RUN_MARK
from rollout.plan import PLANS
from rollout.tests.chaos.conftest import Record
from rollout.tests.chaos.holding import AMID, ENDED, holding
from rollout.tests.chaos.state import assert_whole
from rollout.tests.droplet import Droplet
from rollout.tests.load import Load

pytestmark = [pytest.mark.docker, pytest.mark.chaos]

STEPS = [step.name for step in PLANS["apply"].steps]


@pytest.fixture(scope="module")
def served(shared: Droplet, kills: list[str], record: Record) -> Iterator[Load]:
    """People at work during all of these tests."""
    outcome = shared.apply()
    assert outcome.code == 0, outcome.text
    with Load(shared) as load:
        yield load
    record("kills", {"kills": len(kills), "steps": len(set(kills))} | load.facts())


@pytest.fixture(scope="module")
def kills() -> list[str]:
    """The step of each kill."""
    return []


@pytest.mark.parametrize("step", STEPS)
def test_killed_twice_at_a_step_the_next_apply_ends_right(
    shared: Droplet, served: Load, kills: list[str], step: str
) -> None:
    for moment in (AMID, ENDED):
        with holding(shared, moment, step) as held:
            held.kill()
        kills.append(step)
        assert shared.answering() in shared.folders(), f"killed when step {step} had {moment}"
    outcome = shared.apply()
    assert outcome.code == 0, outcome.text
    assert "was cut short" in outcome.out
    assert_whole(shared, outcome.facts["release"])
    assert strays(shared) == []
    assert served.failures == []
    assert served.not_once() == {}


def strays(droplet: Droplet) -> list[str]:
    """Return the commands of killed rollouts that still run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_text().replace("\0", " ")
            if droplet.namespace in words and f"{RUN_MARK}=" in (process / "environ").read_text():
                found.append(words)
        except OSError:  # it ended while it was looked at
            continue
    return found
