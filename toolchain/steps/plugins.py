"""Pulumi's plugins: official ones where they can be had, ours beside a CLI that was built here."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from toolchain.environment import PulumiTools, pulumi_environment
from toolchain.files import digest_of, digest_of_folder, write_whole
from toolchain.session import Session
from toolchain.settings import Settings

INSTALLER = "toolchain.plugins.install"
STAMP = "slipway-plugins"


class Installer(Protocol):
    """What the module of our plugins offers."""

    def install(self, pulumi: Path, pulumi_home: Path, python: Path) -> None:
        """Put the plugins where the CLI finds them."""


@dataclass(frozen=True)
class Plugins:
    """Plugins that the CLI finds."""

    name: str = "plugins"
    purpose: str = "Pulumi plugins"
    needs: tuple[str, ...] = ("pulumi",)
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """Official CLIs fetch official plugins; ours stay while neither they nor the CLI change."""
        tools = pulumi_environment(settings=session.settings)
        if tools.pulumi_home is None or tools.origin != "built":
            return "the official ones are used"
        stamp = tools.pulumi_home / STAMP
        current = stamp.exists() and stamp.read_text().strip() == self._digest(session.settings, tools)
        return "ours are current" if current else None

    def work(self, session: Session) -> str:
        """Install ours into the project's own PULUMI_HOME."""
        tools = pulumi_environment(settings=session.settings)
        if tools.pulumi_home is None:
            return "the official ones are used"
        # By name, so that a machine with official plugins never loads the code of ours.
        installer = cast(Installer, importlib.import_module(INSTALLER))
        installer.install(tools.pulumi, tools.pulumi_home, session.settings.python)
        write_whole(tools.pulumi_home / STAMP, self._digest(session.settings, tools) + "\n")
        return "installed ours"

    def _digest(self, settings: Settings, tools: PulumiTools) -> str:
        code = digest_of_folder(settings.root / "toolchain" / "plugins")
        return digest_of(code, str(tools.pulumi.resolve()), str(settings.python))
