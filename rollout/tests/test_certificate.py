"""A certificate that could not be had at first is ordered again, and no certificate takes no release back."""

import pytest

from rollout.steps.certificate import RESOLVER
from rollout.tests.machine import FILES, Machine

WANTED = FILES | {"edge/traefik.yml": f"entryPoints: {{websecure: {{http: {{tls: {{{RESOLVER}: le-staging}}}}}}}}\n"}


def told(machine: Machine) -> str:
    (line,) = (line for line in machine.said if "] certificate " in line)
    return " ".join(line.split()[2:-2])


def test_a_certificate_that_is_there_is_left_alone(machine: Machine) -> None:
    machine.apply("one", files=WANTED)
    assert told(machine) == "there"


@pytest.mark.parametrize(("failing", "order"), [(2, 2), (3, 3)])
def test_an_order_that_failed_is_repeated(machine: Machine, failing: int, order: int) -> None:
    machine.world.orders_failing = failing
    machine.apply("one", files=WANTED)
    assert told(machine) == f"issued, order {order}"
    assert [path.name for path in machine.layout.dynamic.parent.iterdir()] == ["dynamic.yml"]


def test_without_a_certificate_the_release_stays_and_the_operator_is_told(machine: Machine) -> None:
    machine.world.orders_failing = 9
    release = machine.apply("one", files=WANTED)["release"]
    assert machine.serving == release
    assert told(machine).startswith("MISSING")
    assert sum("no certificate yet, order" in line for line in machine.said) == 3


def test_what_serves_without_a_certificate_is_mended_by_asking_for_it_again(machine: Machine) -> None:
    machine.world.orders_failing = 9
    release = machine.apply("one", files=WANTED)["release"]
    told_again = machine.process().rollback(release, 0)
    assert (told_again["mended"], told_again["still"]) == ([], ["certificate"])
    machine.world.orders_failing = 2
    mended = machine.process().rollback(release, 0)
    assert (mended["mended"], mended["still"]) == (["certificate"], [])
    assert machine.process().rollback(release, 0)["changed"] is False


def test_a_site_that_wants_no_certificate_is_not_asked_for_one(machine: Machine) -> None:
    machine.world.orders_failing = 9
    machine.apply("one")
    assert told(machine) == "there"
