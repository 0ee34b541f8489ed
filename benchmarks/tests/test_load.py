import json

import pytest

from benchmarks.api.load import LoadFailed, busy_between, read_wrk

WRK = {
    "requests": 6000,
    "duration_us": 3_000_000,
    "refused": 0,
    "broken": 0,
    "p50_us": 15_500,
    "p99_us": 20_250,
    "max_us": 31_000,
}


def wrk_says(**changed: int) -> str:
    return f"Running 3s test @ http://x\n  2 threads\n{json.dumps({**WRK, **changed})}\n"


def test_rate_and_times_are_read() -> None:
    found = read_wrk(wrk_says())
    assert (found.requests_per_s, found.p50_ms, found.p99_ms, found.max_ms) == (2000, 15.5, 20.25, 31)


@pytest.mark.parametrize("changed", [{"refused": 1}, {"broken": 1}, {"requests": 0}])
def test_a_rate_of_anything_but_successes_is_none(changed: dict[str, int]) -> None:
    with pytest.raises(LoadFailed):
        read_wrk(wrk_says(**changed))


def test_how_busy_cores_were_is_the_part_of_the_ticks_between() -> None:
    assert busy_between([(10, 100), (50, 100)], [(20, 200), (150, 200)]) == (0.1, 1.0)
