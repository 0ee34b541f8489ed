"""What was on the droplet when somebody looked last: names for the shell to complete, never a truth to act on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from slipway.project import Project


@dataclass(frozen=True)
class Seen:
    """Releases with their state, newest first, and services."""

    releases: Mapping[str, str] = field(default_factory=dict)
    services: Sequence[str] = ()


def read_seen(project: Project, stack: str) -> Seen:
    """Return what was seen last; nothing when nobody looked, or when the file is damaged."""
    try:
        raw = json.loads(_file(project, stack).read_text())
        return Seen(dict(raw["releases"]), list(raw["services"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Seen()


def keep_seen(
    project: Project, stack: str, *, releases: Mapping[str, str] | None = None, services: Sequence[str] | None = None
) -> None:
    """Remember what a command was just told; what isn't given, or wasn't had, stays as it was."""
    known = read_seen(project, stack)
    now = Seen(releases or known.releases, services or known.services)
    file = _file(project, stack)
    if now == known or not file.parent.is_dir():
        return
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(now)) + "\n")
    partial.replace(file)


def _file(project: Project, stack: str) -> Path:
    return project.facts_file(stack).with_name(f"{stack}.seen.json")
