"""Watches for droplets that end by themselves: `systemctl reboot` and `poweroff` from inside."""

import json
import logging
import subprocess
import threading
from collections.abc import Callable

from localcloud.errors import RuntimeFailure
from localcloud.machines.commands import environment
from localcloud.machines.place import DROPLET_LABEL, Place

log = logging.getLogger(__name__)
PAUSE_S = 1.0
"""Before following the engine's events again after they ended, as they do when the engine restarts."""


class Watcher:
    """Calls back, on a thread per event, with the id of each droplet whose container ended."""

    def __init__(self, place: Place, ended: Callable[[int], None]) -> None:
        self._place = place
        self._ended = ended
        self._stopping = threading.Event()
        self._events: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopping.set()
        if self._events is not None:
            self._events.terminate()
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._follow()
            self._stopping.wait(PAUSE_S)

    def _follow(self) -> None:
        command = ["docker", "events", "--filter", f"label={self._place.label}", "--filter", "event=die"]
        with subprocess.Popen(
            [*command, "--format", "{{json .Actor.Attributes}}"], stdout=subprocess.PIPE, text=True, env=environment()
        ) as self._events:
            for line in self._events.stdout or ():
                droplet_id = json.loads(line).get(DROPLET_LABEL)
                if droplet_id is not None:
                    threading.Thread(target=self._tell, args=(int(droplet_id),), daemon=True).start()

    def _tell(self, droplet_id: int) -> None:
        try:
            self._ended(droplet_id)
        except RuntimeFailure:
            log.exception("droplet %s ended and could not be dealt with", droplet_id)
