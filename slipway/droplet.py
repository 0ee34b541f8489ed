"""What the droplet says of itself beside its releases: disks, memory, the last dump."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slipway.facts import Facts
from slipway.remote import ask_droplet

LOOK = Path(__file__).with_name("on_droplet") / "look.py"


@dataclass(frozen=True)
class Disk:
    """One file system."""

    path: str
    total_mb: int
    free_mb: int

    @property
    def used_percent(self) -> int:
        """How full it is."""
        return 0 if self.total_mb == 0 else round(100 * (self.total_mb - self.free_mb) / self.total_mb)


@dataclass(frozen=True)
class Dump:
    """A dump of the database."""

    file: str
    size: int
    at: datetime


@dataclass(frozen=True)
class Look:
    """One look at the droplet."""

    disks: tuple[Disk, ...]
    memory_total_mb: int
    dump: Dump | None
    revisions: Mapping[str, str]
    runs: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Look:
        """Read what on_droplet/look.py prints."""
        dump = raw["dump"]
        return cls(
            disks=tuple(Disk(**disk) for disk in raw["disks"]),
            memory_total_mb=raw["memory_total_mb"],
            dump=None if dump is None else Dump(dump["file"], dump["bytes"], datetime.fromtimestamp(dump["at"], UTC)),
            revisions=raw["revisions"],
            runs=raw["runs"],
        )


def look_at(facts: Facts) -> Look:
    """Look at the droplet; raises Unreachable or DeployFailed."""
    return Look.of(ask_droplet(facts, LOOK))
