"""The accessibility checks that the journeys run in the browser: one script of the npm registry."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from pathlib import Path

from toolchain.files import write_whole
from toolchain.session import Session
from toolchain.settings import Settings
from toolchain.standins import NpmPackage
from toolchain.steps.images import fetch_npm

AXE = NpmPackage(
    "axe-core",
    "4.14.1",
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
_SCRIPT = "package/axe.min.js"


def axe_script(settings: Settings) -> Path:
    """Return where the script is, or will be."""
    return settings.cache / "npm" / f"axe-core-{AXE.version}.min.js"


@dataclass(frozen=True)
class Axe:
    """axe-core, for tests only."""

    name: str = "axe"
    purpose: str = "the journeys' accessibility checks"
    needs: tuple[str, ...] = ()
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """It is in the cache."""
        return f"{AXE.version} is in the cache" if axe_script(session.settings).is_file() else None

    def work(self, session: Session) -> str:
        """Fetch the package and take the script out."""
        with tarfile.open(fetch_npm(session, AXE)) as package:
            script = package.extractfile(_SCRIPT)
            if script is None:
                raise tarfile.ReadError(f"{AXE.spec} holds no {_SCRIPT}")
            write_whole(axe_script(session.settings), script.read().decode())
        return f"fetched {AXE.version}"
