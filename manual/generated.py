"""Which files are made from what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from manual import command_line, figures, terminal, verbs
from manual.place import ROOT

GENERATED: Mapping[str, Callable[[], str]] = {
    "docs/command-line.md": command_line.reference,
    "docs/make.md": verbs.reference,
    "docs/pictures/rollout.svg": figures.rollout,
    "docs/pictures/droplet.svg": figures.droplet,
    "docs/pictures/resources.svg": figures.resources,
    "docs/pictures/make-up.svg": terminal.make_up,
}


def stale(generated: Mapping[str, Callable[[], str]] = GENERATED, root: Path = ROOT) -> list[str]:
    """Return the files that are missing or say something else than the code does."""
    return [name for name, make in generated.items() if _read(root / name) != make()]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
