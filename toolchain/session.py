"""What a step is given to work with."""

from __future__ import annotations

from dataclasses import dataclass

from toolchain.docker import Docker
from toolchain.ledger import Ledger
from toolchain.registries import Registries
from toolchain.settings import Settings
from toolchain.shell import Shell


@dataclass(frozen=True)
class Session:
    """The checkout, its tools and its record, as one step sees them."""

    settings: Settings
    shell: Shell
    ledger: Ledger
    registries: Registries

    @property
    def docker(self) -> Docker:
        """The Docker engine, asked through this step's shell."""
        return Docker(self.shell)
