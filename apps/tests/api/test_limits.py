"""Counting requests by client, with a clock of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.limits.clients import client_key
from api.limits.everything import WINDOW_S, WindowCounter


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def passed(counter: WindowCounter, client: str, count: int) -> int:
    return [counter.hit(client) for _ in range(count)].count(0)


def test_a_client_has_its_share_of_a_minute_and_no_more() -> None:
    counter = WindowCounter(5, Clock())
    assert passed(counter, "a", 9) == 5
    assert passed(counter, "b", 3) == 3


def test_a_burst_over_the_turn_of_the_minute_is_no_double_share() -> None:
    clock = Clock()
    counter = WindowCounter(60, clock)
    clock.now = WINDOW_S - 1
    assert passed(counter, "a", 60) == 60
    clock.now = WINDOW_S + 1
    assert passed(counter, "a", 60) <= 2
    clock.now = 3 * WINDOW_S
    assert passed(counter, "a", 61) == 60


@given(
    limit=st.integers(1, 50),
    steps=st.lists(st.tuples(st.floats(0, 40), st.integers(0, 40)), max_size=12),
)
def test_who_waits_as_long_as_told_gets_through(limit: int, steps: list[tuple[float, int]]) -> None:
    clock = Clock()
    counter = WindowCounter(limit, clock)
    for pause, count in steps:
        clock.now += pause
        passed(counter, "a", count)
    wait_s = counter.hit("a")
    clock.now += wait_s + 0.001
    assert not wait_s or counter.hit("a") == 0


def test_clients_without_end_take_no_memory_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.limits.everything.CLIENTS_MAX", 3)
    counter = WindowCounter(1, Clock())
    assert [counter.hit(str(n)) for n in range(10)] == [0] * 10
    assert [counter.hit(str(n)) > 0 for n in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("ip", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unix", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_one_household_is_one_client(ip: str | None, key: str) -> None:
    assert client_key(ip) == key
