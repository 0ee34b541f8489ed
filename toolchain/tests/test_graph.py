from __future__ import annotations

import threading
from pathlib import Path

import pytest

from toolchain.errors import CommandFailed, PlanError, StepBroken, Stopped
from toolchain.graph import Outcome, Run, in_order
from toolchain.plan import all_steps
from toolchain.session import Session
from toolchain.tests.fakes import FakeStep, Quiet, session_in

PATIENCE_S = 30


def run(tmp_path: Path, *steps: FakeStep, reporter: Quiet | None = None) -> list[Outcome]:
    shared = session_in(tmp_path, PATH="/usr/bin:/bin")
    return Run(in_order(steps), lambda step: shared, reporter or Quiet()).to_end()


def test_a_step_comes_after_all_that_it_needs() -> None:
    steps = [FakeStep("c", ("b", "a")), FakeStep("b", ("a",)), FakeStep("a")]
    assert [step.name for step in in_order(steps)] == ["a", "b", "c"]


def test_only_names_a_step_and_brings_what_it_needs() -> None:
    steps = [FakeStep("a"), FakeStep("b", ("a",)), FakeStep("other")]
    assert [step.name for step in in_order(steps, ["b"])] == ["a", "b"]


def test_a_circle_is_told_as_a_path() -> None:
    with pytest.raises(PlanError, match="a → b → a"):
        in_order([FakeStep("a", ("b",)), FakeStep("b", ("a",))])


def test_an_unknown_step_is_answered_with_the_known_ones() -> None:
    with pytest.raises(PlanError) as caught:
        in_order([FakeStep("engine")], ["motor"])
    assert "'motor'" in str(caught.value)
    assert "use one of: engine" in str(caught.value)


def test_the_real_plan_is_whole() -> None:
    names = [step.name for step in in_order(all_steps())]
    assert len(names) == len(set(names))
    assert names.index("engine") < names.index("base-image") < names.index("image-postgres")
    assert names.index("traefik") < names.index("image-traefik")


def test_independent_steps_run_side_by_side(tmp_path: Path) -> None:
    meeting = threading.Barrier(2)

    def meet(session: Session) -> None:
        meeting.wait(PATIENCE_S)

    assert len(run(tmp_path, FakeStep("a", act=meet), FakeStep("b", act=meet))) == 2


def test_steps_of_one_lane_run_one_after_the_other(tmp_path: Path) -> None:
    reporter = Quiet()
    run(tmp_path, FakeStep("a", lane="go"), FakeStep("b", lane="go"), FakeStep("c", lane="go"), reporter=reporter)
    assert reporter.lines == [f"{verb} {name}" for name in "abc" for verb in ("started", "finished")]


def test_a_step_that_is_right_already_does_not_work(tmp_path: Path) -> None:
    def must_not(session: Session) -> None:
        raise AssertionError

    (outcome,) = run(tmp_path, FakeStep("a", already="is here", act=must_not))
    assert (outcome.changed, outcome.detail) == (False, "is here")


def test_what_needs_a_failed_step_never_starts_and_what_runs_is_ended(tmp_path: Path) -> None:
    long_one_runs = threading.Event()

    def long_one(session: Session) -> None:
        session.shell.on_line = lambda line: long_one_runs.set()
        session.shell.run(["sh", "-c", "echo here; sleep 600"], timeout_s=600, mend="-")

    def fail(session: Session) -> None:
        assert long_one_runs.wait(PATIENCE_S)
        session.shell.run(["sh", "-c", "echo the reason >&2; exit 3"], timeout_s=9, mend="buy a disk")

    reporter = Quiet()
    with pytest.raises(CommandFailed) as caught:
        run(
            tmp_path,
            FakeStep("long", act=long_one),
            FakeStep("bad", act=fail),
            FakeStep("next", ("bad",)),
            reporter=reporter,
        )
    assert "ended with 3" in str(caught.value)
    assert "| the reason" in str(caught.value)
    assert "buy a disk" in str(caught.value)
    assert "failed long Stopped" in reporter.lines
    assert "started next" not in reporter.lines


def test_an_unforeseen_error_names_its_step_and_leaves_its_traceback_in_the_log(tmp_path: Path) -> None:
    def break_down(session: Session) -> None:
        raise ValueError("no such luck")

    with pytest.raises(StepBroken) as caught:
        run(tmp_path, FakeStep("odd", act=break_down))
    assert "step odd: no such luck" in str(caught.value)
    assert "Traceback" in Path(caught.value.where).read_text()


def test_nothing_starts_after_a_stop(tmp_path: Path) -> None:
    session = session_in(tmp_path)
    session.shell.live.stop_all()
    with pytest.raises(Stopped):
        session.shell.run(["true"], timeout_s=9, mend="-")
