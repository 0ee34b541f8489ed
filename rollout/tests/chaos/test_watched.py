"""A release that goes bad only once it serves is taken back by itself, and says why."""

import pytest

from rollout.tests.chaos.state import assert_whole
from rollout.tests.droplet import Droplet
from rollout.tests.load import Load

pytestmark = [pytest.mark.docker, pytest.mark.chaos]

PATIENT = {"min_free_disk_mb": 200, "proven_after_s": 12, "watch_s": 3}


def test_a_release_that_crashes_ten_seconds_after_its_start_is_taken_back(serving: Droplet) -> None:
    release = serving.answering()
    with Load(serving, reads=("/api/health",)) as load:
        outcome = serving.apply("fades", limits=PATIENT)
    assert (outcome.code, outcome.facts["changed"]) == (1, False), outcome.text
    assert "error: service frontend " in outcome.err
    assert_whole(serving, release)
    assert load.failures == []
    assert load.not_once() == {}


def test_a_release_that_answers_one_route_with_errors_is_taken_back(serving: Droplet) -> None:
    release = serving.answering()
    with Load(serving, reads=("/", "/api/health", "/api/broken")) as load:
        outcome = serving.apply("holed", limits=PATIENT)
    assert (outcome.code, outcome.facts["changed"]) == (1, False), outcome.text
    assert "requests with a server error" in outcome.err
    assert_whole(serving, release)
    assert load.not_once() == {}
    # Only the broken route failed, only on the release that broke it.
    assert [fault for fault in load.failures if "/api/broken: 500 this route was never tried" not in fault] == []
    assert load.failures != []
