import os

from benchmarks.api.answers import plain
from benchmarks.api.containers import cpu_s_of
from benchmarks.api.data import production


def test_processor_seconds_are_read_though_a_name_has_spaces_and_brackets() -> None:
    ticks = os.sysconf("SC_CLK_TCK")
    fields = ["S", *["0"] * 10, str(3 * ticks), str(ticks), *["0"] * 30]
    assert cpu_s_of(f"17 (a (b) c) {' '.join(fields)}\n") == 4


def test_the_data_services_are_started_as_a_deployment_starts_them() -> None:
    assert "shared_buffers=80MB" in production("postgres")
    assert any("$(cat /run/secrets/redis_password)" in word for word in production("redis"))


def test_answers_are_compared_by_their_times_and_without_what_differs() -> None:
    first = {"items": [{"id": 1, "at": "2026-01-01T00:00:00Z"}], "next_cursor": "a"}
    second = {"items": [{"id": 1, "at": "2026-01-01T00:00:00.000000+00:00"}], "next_cursor": "b"}
    assert plain(first, {"next_cursor"}) == plain(second, {"next_cursor"})
    assert plain(first, set()) != plain(second, set())
