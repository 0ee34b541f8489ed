"""Run a plan: journal every step, take the finished ones back on a failure, settle what a killed run left."""

import errno
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rollout.context import Context
from rollout.errors import DiskFull, Interrupted, RolloutError
from rollout.host import describe_operator
from rollout.journal import Journal, Run
from rollout.plan import PLANS, Plan
from rollout.steps.base import Step

_NO_SPACE = ("no space left on device", "disk quota exceeded")


class Engine:
    """One run of a plan."""

    def __init__(self, ctx: Context, journal: Journal, plan: Plan) -> None:
        self.ctx, self.journal, self.plan = ctx, journal, plan
        self.run_id = ctx.host.run_id
        self.seconds: dict[str, float] = {}

    def run(self) -> dict[str, float]:
        """Carry out the plan; returns each step's seconds. Raises what ended it, after taking it back."""
        ctx = self.ctx
        ctx.say(f"{self.plan.verb} {ctx.release}: {self.plan}")
        facts = {"verb": self.plan.verb, "release": ctx.release, "serving": ctx.serving, "before": ctx.before}
        facts["who"] = str(describe_operator()["who"])
        self.journal.append("begin", self.run_id, **facts)
        with _interruptible(lambda: ctx.host.kill_children_of(self.run_id)):
            for number, step in enumerate(self.plan.steps, 1):
                self._step(number, step)
        self.journal.append("end", self.run_id, outcome="done")
        return self.seconds

    def _step(self, number: int, step: Step) -> None:
        begun = self.ctx.host.monotonic()
        try:
            self.journal.append("start", self.run_id, step=step.name)
            detail = step.do(self.ctx)
            took = self.seconds[step.name] = round(self.ctx.host.monotonic() - begun, 3)
            self.journal.append("done", self.run_id, step=step.name, seconds=took)
            self.ctx.say(f"[{number:2}/{len(self.plan.steps)}] {step.name:<11} {detail}  {took:.1f} s")
        except Exception as fault:
            failure = self._translate(step, fault)
            note(self.ctx, self.journal, "failed", self.run_id, step=step.name, why=str(failure))
            self._fail(number, step, failure)
            raise failure from fault

    def _translate(self, step: Step, fault: Exception) -> RolloutError:
        """Make any failure one that is told: what, where, what to do."""
        text = str(fault).lower() + "\n".join(getattr(fault, "tail", ())).lower()
        if (isinstance(fault, OSError) and fault.errno == errno.ENOSPC) or any(words in text for words in _NO_SPACE):
            _, free = self.ctx.host.free_disk(self.ctx.layout.root)
            what = f"disk full during step {step.name}: {free} MB available under {self.ctx.layout.root}"
            return DiskFull(what, where=str(fault), todo="remove what isn't needed, or resize the droplet's disk")
        if isinstance(fault, RolloutError):
            return fault
        trace = traceback.format_exception(fault)
        return RolloutError(
            f"step {step.name} failed: {type(fault).__name__}: {fault}", tail="".join(trace).splitlines()[-30:]
        )

    def _fail(self, number: int, step: Step, failure: RolloutError) -> None:
        total = len(self.plan.steps)
        self.ctx.say(f"[{number:2}/{total}] {step.name:<11} FAILED")
        if not self.plan.is_reversible or step in self.plan.after_commit():
            failure.todo = (failure.todo + "; " if failure.todo else "") + "the release serves: apply again to finish"
            if not self.plan.is_reversible:
                note(self.ctx, self.journal, "end", self.run_id, outcome="failed")
            return  # a committed run stays open: the next one tidies up
        begun = list(reversed(self.plan.steps[:number]))
        troubles = take_back(self.ctx, self.journal, self.run_id, begun)
        serving = (
            f"release {self.ctx.serving} serves as before" if self.ctx.serving else "nothing serves yet, as before"
        )
        taken = ", ".join(s.name for s in begun if type(s).undo is not Step.undo) or "nothing"
        self.ctx.say(f"took back {taken}: {serving}")
        if troubles:
            failure.tail = (*failure.tail, *(f"also: {trouble}" for trouble in troubles))
        else:
            note(self.ctx, self.journal, "end", self.run_id, outcome="failed")


def note(ctx: Context, journal: Journal, event: str, run_id: str, **facts: str) -> None:
    """Journal something on the way back; a full disk must not stop that, and the next run repeats what isn't noted."""
    try:
        journal.append(event, run_id, **facts)
    except OSError as fault:
        ctx.say(f"could not be journaled: {event} {facts.get('step', '')} ({fault})")


def take_back(ctx: Context, journal: Journal, run_id: str, steps: list[Step]) -> list[str]:
    """Undo steps in the order given; one that fails does not keep the others from being undone. Returns what failed."""
    troubles = []
    for step in steps:
        try:
            step.undo(ctx)
        except Exception as fault:  # noqa: BLE001 - the step runner: told beside what called for the undo
            troubles.append(f"taking back {step.name} failed: {fault}")
            note(ctx, journal, "undo-failed", run_id, step=step.name, why=str(fault))
        else:
            note(ctx, journal, "undone", run_id, step=step.name)
    return troubles


def settle(ctx: Context, journal: Journal, run: Run) -> str:
    """Bring a run that was killed to its end: back before its commit, forward after. Returns which it was."""
    plan = PLANS[run.verb]
    killed = ctx.host.kill_children_of(run.id)
    stray = f", ended {killed} stray processes" if killed else ""
    is_committed = run.steps.get(plan.commit) == "done"
    if is_committed and plan.is_reversible:
        ctx.say(f"an earlier {run.verb} of {run.release} was cut short while tidying up: finishing it{stray}")
        for step in plan.after_commit():
            step.do(ctx)
        outcome = "settled forward"
    elif plan.is_reversible:
        ctx.say(f"an earlier {run.verb} of {run.release} was cut short: taking it back{stray}")
        troubles = take_back(ctx, journal, run.id, [plan.step(name) for name in run.to_undo()])
        for trouble in troubles:
            ctx.say(f"  {trouble}")  # the release that comes next replaces all of it, so this must not stop it
        outcome = "settled back"
    else:
        outcome = "settled"
    journal.append("end", run.id, outcome=outcome)
    return outcome


@contextmanager
def _interruptible(end_children: Callable[[], int]) -> Iterator[None]:
    """SIGTERM and SIGINT end the step in hand and take the run back; a lost terminal does not."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)  # the way back is not to be cut short as well
        end_children()
        raise Interrupted(f"stopped by {signal.Signals(number).name}", todo="deploy again when you are ready")

    before = {each: signal.signal(each, interrupt) for each in (signal.SIGTERM, signal.SIGINT)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
