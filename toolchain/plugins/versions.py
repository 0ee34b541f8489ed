"""Which plugin versions the installed SDK packages ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolchain.plugins.errors import PluginError


@dataclass(frozen=True)
class RequiredPlugin:
    """One entry of a `pulumi-plugin.json`."""

    name: str
    version: str
    server: str = ""


def required_plugins(site_packages: Path) -> list[RequiredPlugin]:
    """Return the resource plugins that the packages in `site_packages` need, by name."""
    return sorted(_read_all(site_packages), key=lambda plugin: plugin.name)


def _read_all(site_packages: Path) -> Iterator[RequiredPlugin]:
    for path in site_packages.glob("*/pulumi-plugin.json"):
        try:
            data = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise PluginError(f"{path}: not a readable plugin description ({error}); reinstall that package") from error
        if data.get("resource"):
            yield RequiredPlugin(data.get("name", ""), data.get("version", ""), data.get("server", ""))
