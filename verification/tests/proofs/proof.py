"""What a proof is, and the ways to break a world that several need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import httpx

from verification.tests.world import World, container

# Replaces a name of a module with checks.
Patch = Callable[[str, object], None]
Break = Callable[[World, Patch], object]


@dataclass(frozen=True)
class Proof:
    """A way to break the world, and the one check that has to see it."""

    module: ModuleType
    check: str
    break_it: Break
    parameters: dict[str, Any] = field(default_factory=dict)


def answering(path: str, status: int = 200, text: str = "", **headers: str) -> Break:
    """Let one path answer otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda world, patch: world.answers.update({path: httpx.Response(status, text=text, headers=named)})


def writing(name: str, text: str) -> Break:
    """Let an artifact say something else."""
    return lambda world, patch: world.artifacts.write(name, text)


def add_stray(world: World, _: Patch) -> None:
    """Run a container that nobody declared."""
    world.containers.append(container(None, NetworkSettings={"Ports": {"5432/tcp": [{"HostPort": "5432"}]}}))
