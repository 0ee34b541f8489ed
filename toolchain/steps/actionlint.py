"""actionlint, which reads the workflows: one small binary from Go modules."""

from __future__ import annotations

from dataclasses import dataclass

from toolchain.files import link_to
from toolchain.go_tools import ACTIONLINT, build
from toolchain.session import Session


@dataclass(frozen=True)
class Actionlint:
    """An actionlint in the checkout."""

    name: str = "actionlint"
    purpose: str = "reads the workflows"
    needs: tuple[str, ...] = ()
    lane: str | None = "go"

    def probe(self, session: Session) -> str | None:
        """It is linked, and built from the present recipe."""
        link = session.settings.bin / ACTIONLINT.name
        is_current = link.exists() and link.resolve() == ACTIONLINT.built(session.settings).resolve()
        return f"{ACTIONLINT.version} is here" if is_current else None

    def work(self, session: Session) -> str:
        """Build it and link it."""
        link_to(build(session, ACTIONLINT), session.settings.bin / ACTIONLINT.name)
        return f"built {ACTIONLINT.version}"
