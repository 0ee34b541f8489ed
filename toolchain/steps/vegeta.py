"""vegeta, which asks at a given rate: for the benchmarks only, built from Go modules."""

from __future__ import annotations

from dataclasses import dataclass

from toolchain.go_tools import VEGETA, build
from toolchain.session import Session


@dataclass(frozen=True)
class Vegeta:
    """A vegeta of the checkout's own; Debian has none before its release 13."""

    name: str = "vegeta"
    purpose: str = "load at a given rate, for the benchmarks"
    needs: tuple[str, ...] = ()
    lane: str | None = "go"

    def probe(self, session: Session) -> str | None:
        """It is in the cache."""
        return f"{VEGETA.version} is in the cache" if VEGETA.built(session.settings).exists() else None

    def work(self, session: Session) -> str:
        """Build it."""
        build(session, VEGETA)
        return f"built {VEGETA.version}"
