"""The phases of a deployment as they begin and end, and what is said in each."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

State = Literal["running", "done", "failed"]
# One line of pulumi's output: sign, type, name, and what is being done to the resource.
_RESOURCE = re.compile(
    r"^\s*[-+~]{1,2}\s+(?P<type>\S+)\s+(?P<name>\S+)\s+(?P<deed>(?:creat|updat|replac|delet)(?P<end>ing|ed))\b"
)
_ROOMS = {"Tag": "network", "Vpc": "network", "Firewall": "network", "Domain": "dns", "DnsRecord": "dns"}
# Written as soon as the host is ready, long before the images that the rollout waits for: it would blur both.
_OF_NO_ROOM = ("facts", "rollout-engine")


@dataclass
class Part:
    """What pulumi does in one room of the program."""

    name: str
    begun: float
    ended: float
    busy: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """Seconds from the first resource that was begun to the last that was finished."""
        return self.ended - self.begun


@dataclass
class Phase:
    """One phase of a deployment."""

    name: str
    begun: float
    ended: float | None = None
    state: State = "running"
    last_line: str = ""
    parts: dict[str, Part] = field(default_factory=dict)

    def seconds(self, now: float) -> float:
        """Return how long it took, or how long it has taken so far."""
        return (now if self.ended is None else self.ended) - self.begun


class Timeline:
    """Keeps the phases; a view is told of every change."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.phases: list[Phase] = []
        self.on_begin: Callable[[Phase], None] = lambda phase: None
        self.on_end: Callable[[Phase], None] = lambda phase: None
        self.on_line: Callable[[Phase | None, str], None] = lambda phase, line: None

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        """Time a phase; an exception, Ctrl-C too, marks it as failed and goes on."""
        phase = Phase(name, self.clock())
        self.phases.append(phase)
        self.on_begin(phase)
        try:
            yield phase
            phase.state = "done"
        finally:
            phase.ended = self.clock()
            if phase.state == "running":
                phase.state = "failed"
            self.on_end(phase)

    def say(self, line: str) -> None:
        """Take a line of what goes on in the phase at hand."""
        phase = self.phases[-1] if self.phases and self.phases[-1].state == "running" else None
        if phase is not None:
            phase.last_line = line.strip() or phase.last_line
            self._note_resource(phase, line)
        self.on_line(phase, line)

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each phase."""
        now = self.clock()
        return {phase.name: round(phase.seconds(now), 1) for phase in self.phases}

    def room_seconds(self) -> dict[str, float]:
        """Return the seconds of each of the program's rooms; they overlap."""
        return {part.name: round(part.seconds, 1) for phase in self.phases for part in phase.parts.values()}

    def total_s(self) -> float:
        """Return the seconds of all phases together."""
        now = self.clock()
        return sum(phase.seconds(now) for phase in self.phases)

    def _note_resource(self, phase: Phase, line: str) -> None:
        match = _RESOURCE.match(line)
        room = room_of(match["type"], match["name"]) if match else None
        if match is None or room is None:
            return
        now = self.clock()
        part = phase.parts.setdefault(room, Part(room, now, now))
        part.ended = now
        if match["end"] == "ing":
            part.busy.add(match["name"])
        else:
            part.busy.discard(match["name"])


def room_of(kind: str, name: str) -> str | None:
    """Name the room of the program that a resource belongs to; components and a few small things belong to none."""
    last = kind.rpartition(":")[2]
    if kind.startswith("digitalocean:"):
        return _ROOMS.get(last, "host")
    if not kind.startswith("command:") or name in _OF_NO_ROOM:
        return None
    if name == "rollout":
        return "release"
    return "host" if name.endswith("-ready") else "images"
