"""A release that does harm once it serves is taken back by itself."""

import json

import pytest

from rollout.errors import ServesErrors, Unhealthy
from rollout.tests.machine import Machine
from rollout.tests.world import World

SERVICES = "traefik_service_requests_total"


def metrics(release: str, good: int, bad: int) -> str:
    """Return what Traefik tells, another release's errors beside."""
    rows = [(release, "200", good), (release, "500", bad), ("20250101-000000-other", "502", 900)]
    return "# TYPE x counter\n" + "".join(
        f'{SERVICES}{{code="{code}",method="GET",protocol="http",service="api-{name}@file"}} {count}\n'
        for name, code, count in rows
    )


class Answering:
    """Traefik's numbers: those of the switch first, then what came since."""

    def __init__(self, world: World, *numbers: tuple[int, int]) -> None:
        self.world, self.numbers = world, list(numbers)

    def __call__(self, words: list[str]) -> tuple[int, str, str]:
        if not words[-1].endswith("/metrics"):
            return 0, json.dumps({"http": {"routers": {"errors": 0}}}), ""
        release = max(p.removeprefix("app-") for p in self.world.projects() if p.startswith("app-"))
        good, bad = self.numbers.pop(0) if len(self.numbers) > 1 else self.numbers[0]
        return 0, metrics(release, good, bad), ""


class Deadly(Answering):
    """By the time its numbers are asked for, a container has stopped."""

    def __call__(self, words: list[str]) -> tuple[int, str, str]:
        if words[-1].endswith("/metrics"):
            newest = max(p for p in self.world.projects() if p.startswith("app-"))
            self.world.run_containers(newest)["frontend"]["state"] = "exited"
        return super().__call__(words)


def test_a_release_that_answers_with_errors_is_taken_back(machine: Machine) -> None:
    first = machine.apply("one")["release"]
    machine.world.traefik = Answering(machine.world, (10, 0), (40, 6))
    with pytest.raises(ServesErrors, match="answered 6 of 36 requests with a server error"):
        machine.apply("two")
    assert machine.serving == first
    assert machine.world.projects() == {"data", "edge", f"app-{first}"}
    assert set(machine.running(first)) == {"api", "frontend", "beat"}


def test_a_few_errors_among_many_answers_are_no_reason(machine: Machine) -> None:
    machine.apply("one")
    machine.world.traefik = Answering(machine.world, (0, 0), (1000, 6))
    second = machine.apply("two")["release"]
    assert machine.serving == second
    assert "1006 requests, 6 server errors" in "\n".join(machine.said)


def test_a_service_that_stops_after_the_switch_brings_the_old_release_back(machine: Machine) -> None:
    first = machine.apply("one")["release"]
    machine.world.traefik = Deadly(machine.world, (0, 0))
    with pytest.raises(Unhealthy, match="service frontend stopped"):
        machine.apply("two")
    assert machine.serving == first
    assert set(machine.running(first)) == {"api", "frontend", "beat"}
