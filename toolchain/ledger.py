"""The record of what was added to the machine outside the checkout, so that it can be taken away again."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from toolchain.files import sha256_of, write_whole


class Added(TypedDict):
    """The ledger's content: package names, files with their SHA-256, images with their ids."""

    packages: list[str]
    files: dict[str, str]
    images: dict[str, str]


@dataclass(frozen=True)
class Ledger:
    """A small JSON file that is rewritten whole at each entry."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def read(self) -> Added:
        """Return what was added so far; nothing when there is no record."""
        if not self.path.exists():
            return Added(packages=[], files={}, images={})
        known = json.loads(self.path.read_text())
        return Added(
            packages=list(known.get("packages", [])),
            files=dict(known.get("files", {})),
            images=dict(known.get("images", {})),
        )

    def add_packages(self, names: list[str]) -> None:
        """Record Debian packages that were not there before."""
        with self._lock:
            added = self.read()
            added["packages"] = sorted({*added["packages"], *names})
            self._write(added)

    def add_file(self, path: Path) -> None:
        """Record a file that was put outside the checkout."""
        with self._lock:
            added = self.read()
            added["files"][str(path)] = sha256_of(path)
            self._write(added)

    def add_image(self, reference: str, image_id: str) -> None:
        """Record an image that was built or pulled."""
        with self._lock:
            added = self.read()
            added["images"][reference] = image_id
            self._write(added)

    def _write(self, added: Added) -> None:
        write_whole(self.path, json.dumps(added, indent=2, sort_keys=True) + "\n")
