"""Which registries of images answer, asked once each in a run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from toolchain.docker import Docker


def registry_of(reference: str) -> str:
    """Return the registry's host of an image reference; Docker's own hub has the empty name."""
    first, slash, _ = reference.partition("/")
    return first if slash and ("." in first or ":" in first or first == "localhost") else ""


@dataclass
class Registries:
    """Remembers for each registry whether it answered."""

    _known: dict[str, bool] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer_for(self, docker: Docker, reference: str) -> bool:
        """Tell whether the registry of an image answers, for this image or for one asked about before."""
        host = registry_of(reference)
        with self._lock:
            if host not in self._known:
                self._known[host] = docker.can_pull(reference)
            return self._known[host]
