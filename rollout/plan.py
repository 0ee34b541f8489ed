"""Which steps make up which deed, and from where on there is no way back."""

from collections.abc import Sequence
from dataclasses import dataclass

from rollout.steps.base import Step
from rollout.steps.certificate import Certificate
from rollout.steps.data import Backup, Data
from rollout.steps.ground import Ground
from rollout.steps.images import Images
from rollout.steps.preflight import Preflight
from rollout.steps.rehearse import Rehearse
from rollout.steps.retire import Drain, Prune, Stop
from rollout.steps.schema import Gate, GateBack, Migrate
from rollout.steps.serve import Edge, Handover, Healthy, Start
from rollout.steps.stage import Stage
from rollout.steps.switch import Probe, Switch
from rollout.steps.watch import Watch


@dataclass(frozen=True)
class Plan:
    """A list of steps. Once the `commit` step is done the new release stays, whatever happens after it."""

    verb: str
    steps: Sequence[Step]
    commit: str = "watch"
    is_reversible: bool = True

    def step(self, name: str) -> Step:
        """Return a step by its name."""
        return next(step for step in self.steps if step.name == name)

    def after_commit(self) -> list[Step]:
        """Return the steps that only tidy up."""
        names = [step.name for step in self.steps]
        return list(self.steps[names.index(self.commit) + 1 :])

    def __str__(self) -> str:
        return " → ".join(step.name for step in self.steps)


_PREPARE = (Preflight(), Ground(), Images(), Stage(), Data(), Rehearse(), Backup(), Migrate(), Gate())
_SWITCH = (Start(), Healthy(), Edge(), Switch(), Probe(), Handover(), Watch())
_TIDY = (Drain(), Stop(), Prune(), Certificate())

PLANS = {
    "apply": Plan("apply", (*_PREPARE, *_SWITCH, *_TIDY)),
    "rollback": Plan("rollback", (Preflight(), Ground(), Images(), Data(), GateBack(), *_SWITCH, *_TIDY)),
    "mend": Plan("mend", (Ground(), Images(), Data(), *_SWITCH, *_TIDY), is_reversible=False),
}
