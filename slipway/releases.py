"""The releases on a droplet: which revision, when, by whom, in which state, and what each is."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from slipway.droplet import look_at
from slipway.facts import Facts
from slipway.project import Project
from slipway.remote import ask_engine

DIRTY = "dirty-"
GIT_TIMEOUT_S = 10


@dataclass(frozen=True)
class Release:
    """One release that is kept."""

    id: str
    state: str  # serving, previous or kept
    revision: str
    created: str
    digest: str
    who: str | None
    what: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)

    @property
    def at(self) -> datetime | None:
        """When it was made."""
        try:
            return datetime.fromisoformat(self.created)
        except ValueError:
            return None


def read_releases(project: Project, facts: Facts) -> list[Release]:
    """Ask the droplet; newest first. Raises Unreachable or DeployFailed."""
    with ThreadPoolExecutor(2) as pool:
        listed, looked = pool.submit(ask_engine, facts, "releases"), pool.submit(look_at, facts)
        runs = looked.result().runs
        return [_release(project.root, row, runs.get(row["id"], {})) for row in listed.result()["releases"]]


def _release(root: Path, row: Mapping[str, Any], run: Mapping[str, Any]) -> Release:
    return Release(
        id=row["id"],
        state=row["state"],
        revision=row["revision"],
        created=row["created"],
        digest=row["digest"],
        who=run.get("who"),
        what=describe(root, row["revision"]),
    )


@cache
def describe(root: Path, revision: str) -> str | None:
    """Say what a revision is: its commit's first line, as far as this checkout knows the commit."""
    if revision.startswith(DIRTY):
        return "changes that were not committed"
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "log", "-1", "--format=%s", revision, "--"],
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT_S,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
