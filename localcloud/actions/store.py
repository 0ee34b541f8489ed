"""Actions: started by a request, done by a background job, taken up again after a restart."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from localcloud.actions.models import ActionRecord, ActionStatus, Parameter
from localcloud.clock import timestamp
from localcloud.errors import RuntimeFailure
from localcloud.jobs import Jobs
from localcloud.state import State
from localcloud.wire.errors import Unprocessable

log = logging.getLogger(__name__)

FIRST_ACTION = 2_100_000_001
Work = Callable[[ActionRecord], None]


@dataclass(frozen=True)
class Performer:
    """How one type of action is done."""

    seconds: float
    """How long the real service takes."""
    work: Work
    """The machine's part; raises RuntimeFailure."""
    finish: Work
    """The change of state that shows together with `completed`."""
    fail: Work
    """The change of state that shows together with `errored`."""


def nothing(action: ActionRecord) -> None:
    """Leave everything as it is."""


class Actions:
    """All actions of the account."""

    def __init__(self, state: State, jobs: Jobs) -> None:
        self._state = state
        self._jobs = jobs
        self._performers: dict[tuple[str, str], Performer] = {}

    def register(self, resource_type: str, action_type: str, performer: Performer) -> None:
        """Say how actions of this type are done."""
        self._performers[resource_type, action_type] = performer

    def start(
        self,
        action_type: str,
        resource_type: str,
        subject: str,
        region_slug: str,
        *,
        resource_id: int | None = None,
        droplet_ids: tuple[int, ...] = (),
        parameters: dict[str, Parameter] | None = None,
    ) -> ActionRecord:
        """Record the action as in progress and do it in the background once the transaction is committed."""
        action = ActionRecord(
            id=self._state.db.next_number("action", FIRST_ACTION),
            type=action_type,
            resource_type=resource_type,
            resource_id=resource_id,
            subject=subject,
            region_slug=region_slug,
            started_at=timestamp(),
            droplet_ids=list(droplet_ids),
            parameters=parameters or {},
        )
        self._state.actions.save(action)
        self._state.db.after_commit(lambda: self._submit(action))
        return action

    def resume(self) -> None:
        """Take up again, in order, what was in progress when the server ended."""
        for action in self._state.actions.where(status="in-progress"):
            log.info("resuming %s of %s %s", action.type, action.resource_type, action.subject)
            self._submit(action)

    def pending_on(self, droplet_id: int) -> list[ActionRecord]:
        """Return what is going on with a droplet."""
        return [a for a in self._state.actions.where(status="in-progress") if droplet_id in a.droplet_ids]

    def require_idle(self, droplet_id: int) -> None:
        """Refuse when something is going on with the droplet, in the words that clients wait on."""
        if self.pending_on(droplet_id):
            raise Unprocessable("Droplet already has a pending event.")

    def _submit(self, action: ActionRecord) -> None:
        keys = {f"droplet:{number}" for number in action.droplet_ids} | {f"{action.resource_type}:{action.subject}"}
        self._jobs.submit(frozenset(keys), lambda: self._perform(action))

    def _perform(self, action: ActionRecord) -> None:
        performer = self._performers[action.resource_type, action.type]
        begun = monotonic()
        try:
            performer.work(action)
        except RuntimeFailure as error:
            log.error("%s of %s %s failed: %s", action.type, action.resource_type, action.subject, error)
            self._end(action, "errored", performer.fail, str(error))
            return
        self._jobs.pause(performer.seconds, begun)
        self._end(action, "completed", performer.finish, "")

    def _end(self, action: ActionRecord, status: ActionStatus, change: Work, failure: str) -> None:
        with self._state.db.transaction():
            change(action)
            ended = {"status": status, "completed_at": timestamp(), "failure": failure}
            self._state.actions.save(action.model_copy(update=ended))
        log.info("%s of %s %s %s", action.type, action.resource_type, action.subject, status)
