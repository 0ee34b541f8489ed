"""Background work: order for those who share a key, side by side for the rest."""

import threading

import pytest

from localcloud.errors import Interrupted
from localcloud.jobs import Jobs


def test_jobs_that_share_a_key_run_one_after_the_other_in_order() -> None:
    jobs = Jobs(0)
    done: list[int] = []
    gate = threading.Event()
    jobs.submit(frozenset({"a"}), lambda: done.append(int(gate.wait(10)) - 1))
    for number in range(1, 5):
        jobs.submit(frozenset({"a"}), lambda number=number: done.append(number))  # type: ignore[misc]
    assert done == []
    gate.set()
    assert jobs.wait_idle(10)
    assert done == [0, 1, 2, 3, 4]


def test_a_job_with_two_keys_waits_for_both_and_holds_back_later_ones() -> None:
    jobs = Jobs(0)
    gate = threading.Event()
    done: list[str] = []
    jobs.submit(frozenset({"a"}), lambda: done.append(f"a{gate.wait(10)}"))
    both = jobs.submit(frozenset({"a", "b"}), lambda: done.append("both"))
    jobs.submit(frozenset({"b"}), lambda: done.append("b"))
    jobs.submit(frozenset({"c"}), lambda: done.append("c")).outcome.result(10)
    assert done == ["c"]
    assert not both.outcome.done()
    gate.set()
    assert jobs.wait_idle(10)
    assert done == ["c", "aTrue", "both", "b"]


def test_a_failure_reaches_who_waits_and_does_not_stop_the_next() -> None:
    jobs = Jobs(0)
    with pytest.raises(ZeroDivisionError):
        jobs.run(frozenset({"a"}), lambda: print(1 // 0))
    jobs.run(frozenset({"a"}), lambda: None)


def test_stopping_ends_pauses_and_starts_nothing_more() -> None:
    jobs = Jobs(1)
    first = jobs.submit(frozenset({"a"}), lambda: jobs.pause(1000))
    second = jobs.submit(frozenset({"a"}), lambda: None)
    jobs.stop(10)
    for job in (first, second):
        with pytest.raises(Interrupted):
            job.outcome.result(10)
