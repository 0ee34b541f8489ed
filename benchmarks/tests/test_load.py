import json

import pytest

from benchmarks.api.load import LoadFailed, busy_between, read_vegeta, read_wrk

WRK = {"requests": 6000, "duration_us": 3_000_000, "refused": 0, "broken": 0, "p50_us": 15_500, "p99_us": 20_250}
VEGETA = {
    "latencies": {"50th": 1_500_000, "99th": 4_000_000, "max": 9_100_000},
    "throughput": 499.5,
    "success": 1,
    "status_codes": {"200": 2500},
    "errors": [],
}


def wrk_says(**changed: int) -> str:
    return f"Running 3s test @ http://x\n  2 threads\n{json.dumps({**WRK, **changed})}\n"


def test_rate_times_and_the_servers_cost_are_read() -> None:
    peak = read_wrk(wrk_says(), used_s=1.5, busy=(1.0, 0.4))
    assert (peak.requests_per_s, peak.p50_ms, peak.p99_ms, peak.server_us) == (2000, 15.5, 20.25, 250)


@pytest.mark.parametrize("changed", [{"refused": 1}, {"broken": 1}, {"requests": 0}])
def test_a_rate_of_anything_but_successes_is_none(changed: dict[str, int]) -> None:
    with pytest.raises(LoadFailed):
        read_wrk(wrk_says(**changed), used_s=1.5, busy=(1.0, 0.4))


def test_times_at_a_rate_are_read() -> None:
    steady = read_vegeta(json.dumps(VEGETA))
    assert (steady.requests_per_s, steady.p50_ms, steady.p99_ms, steady.max_ms) == (499.5, 1.5, 4.0, 9.1)


def test_one_request_that_failed_spoils_the_times() -> None:
    with pytest.raises(LoadFailed, match="503"):
        read_vegeta(json.dumps({**VEGETA, "success": 0.999, "status_codes": {"200": 2498, "503": 2}}))


def test_how_busy_cores_were_is_the_part_of_the_ticks_between() -> None:
    assert busy_between([(10, 100), (50, 100)], [(20, 200), (150, 200)]) == (0.1, 1.0)
