"""Notice droplets that were powered off from inside, as the real service does."""

import logging
import threading
from functools import partial

from localcloud.actions.store import Actions
from localcloud.droplets.models import DropletStatus
from localcloud.errors import RuntimeFailure
from localcloud.jobs import Jobs
from localcloud.runtime import Runtime
from localcloud.state import State

log = logging.getLogger(__name__)

INTERVAL_S = 5.0


class Pulse:
    """Look at the droplets every few seconds and keep their status true."""

    def __init__(self, state: State, jobs: Jobs, runtime: Runtime, actions: Actions) -> None:
        self._state = state
        self._jobs = jobs
        self._runtime = runtime
        self._actions = actions
        self._stopping = threading.Event()
        self._seen: dict[int, bool] = {}

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._beat, name="pulse", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def look(self) -> None:
        """Submit one look at each droplet, in turn with whatever else is done to it."""
        for droplet in self._state.droplets.all():
            if droplet.is_made and droplet.status != "new" and not self._actions.pending_on(droplet.id):
                self._jobs.submit(frozenset({f"droplet:{droplet.id}"}), partial(self._look_at, droplet.id))

    def _beat(self) -> None:
        while not self._stopping.wait(INTERVAL_S):
            self.look()

    def _look_at(self, droplet_id: int) -> None:
        if self._state.droplets.find(droplet_id) is None:
            return
        try:
            is_running = self._runtime.is_running(droplet_id)
        except RuntimeFailure as error:
            log.warning("droplet %d could not be looked at: %s", droplet_id, error)
            return
        # A droplet that restarts itself is down for a moment: only what two looks agree on counts.
        is_settled = self._seen.get(droplet_id) == is_running
        self._seen[droplet_id] = is_running
        status: DropletStatus = "active" if is_running else "off"
        with self._state.db.transaction():
            droplet = self._state.droplets.find(droplet_id)
            if droplet and is_settled and droplet.status != status and not self._actions.pending_on(droplet_id):
                log.info("droplet %d is %s without being told", droplet_id, status)
                self._state.droplets.save(droplet.model_copy(update={"status": status}))
